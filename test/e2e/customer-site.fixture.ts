import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the customer's page needs to connect an account. */
export type Connecting = { url: string; sessionId: string; connectToken: string; grantry: string }

export type Visit = { url: URL; referrer: string | undefined }

/** A customer's own product: a page that opens the popup, and the address that people are sent back to. */
export type CustomerSite = {
  /** `http://127.0.0.1:port`: another origin, and another site, than Grantry on localhost. */
  origin: string
  returnTo: string
  /** The same product under a third origin, where its server sends people on to. */
  landing: string
  connecting: Connecting | null
  /** Sends Cross-Origin-Opener-Policy with the page, so that a popup has no opener. */
  isolated: boolean
  /** What the server does when somebody comes back, before it sends them on. */
  onReturn: (visit: Visit) => Promise<void>
  /** Everyone who came back. */
  returned: Visit[]
  close(): Promise<void>
}

export async function startCustomerSite(): Promise<CustomerSite> {
  const server = createServer((request, response) => {
    answer(site, request, response).catch((error: Error) => response.writeHead(500).end(error.stack))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const site: CustomerSite = {
    origin,
    returnTo: `${origin}/return?tab=mail`,
    landing: `http://localhost:${port}/landed`,
    connecting: null,
    isolated: false,
    onReturn: async () => {},
    returned: [],
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return site
}

async function answer(site: CustomerSite, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', site.origin)
  const html = (body: string, headers = {}) =>
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers })
      .end(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Acme</title>${body}</html>`)
  if (url.pathname === '/return') {
    const visit = { url, referrer: request.headers.referer }
    site.returned.push(visit)
    await site.onReturn(visit)
    response.writeHead(303, { location: site.landing }).end()
    return
  }
  if (url.pathname === '/landed') return void html('<h1>Back at Acme</h1>')
  // By its own call, so that no markup holds it.
  if (url.pathname === '/connect-token') return void response.end(site.connecting?.connectToken)
  const script = { '/popup': documented, '/finish': finishing, '/deaf': opening }[url.pathname]
  if (script === undefined) return void response.writeHead(404).end()
  const given = JSON.stringify({ ...site.connecting, connectToken: undefined })
  html(
    `<button>Connect</button><script>const given = ${given};${script}</script>`,
    site.isolated ? { 'cross-origin-opener-policy': 'same-origin' } : {},
  )
}

/** Opens the window by the person's click, and tells the test every message that arrives. */
const opening = `
let popup
document.querySelector('button').onclick = () => {
  popup = window.open(given.url, 'oauth_popup', 'width=500,height=600,scrollbars=yes,resizable=yes')
}
window.addEventListener('message', (event) => window.tellTest({ origin: event.origin, data: event.data }))
`

/** The listeners of an integration written from the public documentation of Kambrium's popup. */
const documented = `${opening}
window.addEventListener('message', (event) => {
  if (event.data?.type === 'oauth_success') {
    console.log('OAuth completed for:', event.data.providerName)
    popup.close()
    window.location.reload()
  }
})
window.addEventListener('message', (event) => {
  if (event.data?.type === 'oauth_error') {
    switch (event.data.error) {
      case 'access_denied': alert('denied'); break
      case 'invalid_request': alert('invalid'); break
      default: alert('failed')
    }
  }
})
`

/** A page that takes the finish code and ends the session with its connect token. */
const finishing = `${opening}
window.addEventListener('message', async (event) => {
  if (event.origin !== new URL(given.grantry).origin || event.data?.type !== 'oauth_finish') return
  if (event.data.sessionId !== given.sessionId) return
  event.source.postMessage({ type: 'oauth_ack', sessionId: event.data.sessionId }, event.origin)
  const token = await (await fetch('/connect-token')).text()
  const response = await fetch(given.grantry + '/api/v1/connect-sessions/' + given.sessionId + '/finish', {
    method: 'POST',
    headers: { authorization: 'Bearer ' + token, 'content-type': 'application/json' },
    body: JSON.stringify({ code: event.data.code }),
  })
  document.title = response.status + ' ' + (await response.json()).data?.status
  popup.close()
})
`
