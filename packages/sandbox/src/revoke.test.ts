import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { basic, connect, connectGmail, GMAIL, urlsOf } from './client.fixture.ts'
import { type Sandbox, startSandbox } from './start.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const revoke = (provider: string, token: string, headers: Record<string, string> = {}) =>
  fetch(urlsOf(sandbox, provider).revocation!.url, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ token }),
  })
const withClient = (provider: string) => ({ authorization: basic(sandbox.clients[provider]!) })
const isLive = (token: string) => sandbox.control.token(token)!.live

it('at Google takes every grant of the account with it, by either token, without client authentication', async () => {
  const first = await connectGmail(sandbox)
  const second = await connectGmail(sandbox, GMAIL.read)
  const grace = await connectGmail(sandbox, GMAIL.read, { account: 'grace@example.com' })
  expect((await revoke('gmail', first.access_token)).status).toBe(200)
  expect([first, second, grace].map((given) => isLive(given.refresh_token))).toEqual([false, false, true])
  const again = await revoke('gmail', first.refresh_token)
  expect(again.status).toBe(400)
  expect(await again.json()).toEqual({
    error: 'invalid_token',
    error_description: 'Token expired or revoked',
  })
})

it('at Google also takes the token in the query', async () => {
  const given = await connectGmail(sandbox)
  const url = `${urlsOf(sandbox, 'gmail').revocation!.url}?token=${encodeURIComponent(given.refresh_token)}`
  expect((await fetch(url, { method: 'POST' })).status).toBe(200)
  expect(isLive(given.access_token)).toBe(false)
})

it('at Pipedrive ends the access token alone, or with the refresh token everything', async () => {
  const given = await connect(sandbox, 'pipedrive')
  expect((await revoke('pipedrive', given.refresh_token)).status).toBe(400)
  await revoke('pipedrive', given.access_token, withClient('pipedrive'))
  expect(isLive(given.access_token)).toBe(false)
  expect(isLive(given.refresh_token)).toBe(true)
  await revoke('pipedrive', given.refresh_token, withClient('pipedrive'))
  expect(isLive(given.refresh_token)).toBe(false)
})

it('of a token that nobody knows, or of another client, is a quiet 200 by RFC 7009', async () => {
  expect((await revoke('plain', 'never', withClient('plain'))).status).toBe(200)
  const given = await connect(sandbox, 'plain')
  const other = { client_id: 'other', client_secret: 's' }
  sandbox.control.registerClient({ provider: 'plain', ...other, redirect_uris: ['loopback'] })
  expect((await revoke('plain', given.refresh_token, { authorization: basic(other) })).status).toBe(200)
  expect(isLive(given.refresh_token)).toBe(true)
  await revoke('plain', given.refresh_token, withClient('plain'))
  expect(isLive(given.access_token)).toBe(false)
  expect(sandbox.control.calls({ endpoint: 'revoke' }).map((call) => call.outcome)).toEqual([
    'unknown_token',
    'unknown_token',
    'ok',
  ])
})
