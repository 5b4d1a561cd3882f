import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** A customer's product whose pages use the browser library. */
export type LibrarySite = {
  /** `http://127.0.0.1:port`: another site than Grantry on localhost. */
  origin: string
  returnTo: string
  /** What the page passes to `connect`, besides the session. */
  options: Record<string, unknown>
  /** Answers the page's request for a session. */
  session: () => Promise<unknown>
  /** Answers `{session_id, code}`, where the server ends a session. */
  finish: (body: { session_id: string; code: string }) => Promise<unknown>
  /** Sends Cross-Origin-Opener-Policy with the page that opens the window. */
  isolated: boolean
  /** Sends that page with a policy by which the browser opens no window for it. */
  windowless: boolean
  close(): Promise<void>
}

/** @param library the built package */
export async function startLibrarySite(library: string): Promise<LibrarySite> {
  const server = createServer((request, response) => {
    answer(site, library, request, response).catch((error: Error) => response.writeHead(500).end(error.stack))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const site: LibrarySite = {
    origin,
    returnTo: `${origin}/return?tab=mail`,
    options: {},
    session: async () => null,
    finish: async () => null,
    isolated: false,
    windowless: false,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return site
}

async function answer(
  site: LibrarySite,
  library: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', site.origin)
  const file = /^\/library\/([\w-]+\.js)$/.exec(pathname)?.[1]
  if (file)
    return void response
      .writeHead(200, { 'content-type': 'text/javascript' })
      .end(await readFile(join(library, file)))
  const json = (value: unknown) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  if (pathname === '/session') return json(await site.session())
  if (pathname === '/finish') return json(await site.finish(JSON.parse(await textOf(request))))
  const body = {
    '/page': page(site.options),
    '/hook': hook,
    '/return': returned,
    '/hostile': hostile,
  }[pathname]
  if (body === undefined) return void response.writeHead(404).end()
  const policies = {
    ...(site.isolated ? { 'cross-origin-opener-policy': 'same-origin' } : {}),
    ...(site.windowless
      ? { 'content-security-policy': 'sandbox allow-scripts allow-same-origin allow-forms' }
      : {}),
  }
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      ...(pathname === '/page' ? policies : {}),
    })
    .end(
      `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Acme</title><output></output>${body}</html>`,
    )
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request) text += part
  return text
}

/** What came of it is shown as JSON. */
const show = `
const show = (value) => { document.querySelector('output').textContent = JSON.stringify(value) }
const failed = ({ name, code, description, message }) => show({ name, code, description, message })
`

const page = (
  options: Record<string, unknown>,
) => `<button>Connect</button><script src="/library/grantry-connect.js"></script><script>
${show}
document.querySelector('button').onclick = () => {
  Grantry.connect({ session: '/session', ...${JSON.stringify(options)} }).then(show, failed)
}
document.querySelector('output').textContent = 'ready'
</script>`

const hook = `<div id="root"></div><script type="module" src="/library/hook-page.js"></script>`

const returned = `<h1>Back at Acme</h1><script type="module">
import { resume } from '/library/index.js'
${show}
resume().then(show, failed)
</script>`

/** A page that knows everything about a session but is not Grantry, and tells its opener that all is done. */
const hostile = `<script>
const sessionId = location.hash.slice(1)
for (const type of ['oauth_success', 'oauth_finish', 'oauth_error'])
  opener.postMessage({ type, sessionId, connectionId: 'con_evil', code: 'gfc_evil', error: 'evil', providerName: 'Evil' }, '*')
document.title = 'said'
</script>`
