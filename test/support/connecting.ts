import type { Answer, TestGrantry } from './grantry.ts'

/** Adds the sandbox's OAuth app of a provider to the first workspace. Returns the integration. */
export async function addSandboxIntegration(
  grantry: TestGrantry,
  provider: string,
  fields: Record<string, unknown> = {},
) {
  const client = grantry.sandbox!.clients[provider]!
  const answer = await grantry.call('POST', '/api/v1/integrations', {
    label: `${provider} (sandbox)`,
    provider,
    client_id: client.client_id,
    client_secret: client.client_secret,
    ...fields,
  })
  if (answer.status !== 201) throw new Error(`integration refused: ${answer.text}`)
  return answer.body.data
}

/** Makes a connect session. Returns what the API answers. */
export async function startSession(grantry: TestGrantry, body: Record<string, unknown>, key?: string) {
  const answer = await grantry.call(
    'POST',
    '/api/v1/connect-sessions',
    body,
    key === undefined ? {} : { key },
  )
  if (answer.status !== 201) throw new Error(`session refused: ${answer.text}`)
  return answer.body.data
}

/** Opens the connect link and consents at the sandbox as `account`; returns the callback URL, not yet visited. */
export async function consent(
  grantry: TestGrantry,
  connectUrl: string,
  wish: { account?: string; deny?: boolean } = { account: 'ada@example.com' },
): Promise<string> {
  const start = await grantry.call('GET', connectUrl, undefined, { key: null })
  if (start.status !== 302) throw new Error(`connect link refused: ${start.status}`)
  return grantry.sandbox!.control.consent(start.headers.get('location')!, wish)
}

/** Presses a button of the confirm page, as the browser that got it would. */
export async function confirmPage(
  grantry: TestGrantry,
  html: string,
  decision: 'connect' | 'cancel',
): Promise<Answer> {
  const secret = html.match(/name="secret" value="([^"]+)"/)?.[1] ?? ''
  const body = new URLSearchParams({ secret, decision }).toString()
  return grantry.call('POST', '/connect/confirm', body, {
    key: null,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
}

/** All the way: session, consent, confirm. Returns the connection as the API shows it. */
export async function connectAccount(
  grantry: TestGrantry,
  body: Record<string, unknown>,
  account = 'ada@example.com',
) {
  const session = await startSession(grantry, body)
  const callback = await consent(grantry, session.connect_url, { account })
  const page = await grantry.call('GET', callback, undefined, { key: null })
  await confirmPage(grantry, page.text, 'connect')
  const { body: status } = await grantry.call('GET', `/api/v1/connect-sessions/${session.id}`)
  if (status.data.status !== 'completed') throw new Error(`not connected: ${JSON.stringify(status.data)}`)
  const { body: shown } = await grantry.call('GET', `/api/v1/connections/${status.data.connection_id}`)
  return shown.data
}
