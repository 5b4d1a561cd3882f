import { introspectLifetime, Secret } from '@grantry/oauth'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Answered, basic, connect, urlsOf } from './client.fixture.ts'
import { type Sandbox, startSandbox } from './start.ts'

let sandbox: Sandbox
beforeAll(async () => {
  // Standing still, so that what is left of a token is exact.
  sandbox = await startSandbox({ clock: () => Date.parse('2026-11-21T12:00:00Z') })
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const asIn = (provider: string) => ({ authorization: basic(sandbox.clients[provider]!) })
const introspect = async (
  provider: string,
  token: string,
  headers: Record<string, string> = asIn(provider),
) => {
  const response = await fetch(urlsOf(sandbox, provider).introspection!.url, {
    method: 'POST',
    headers,
    body: new URLSearchParams(token === '' ? {} : { token }),
  })
  return { status: response.status, body: (await response.json()) as Answered }
}
const outcomes = () => sandbox.control.calls({ endpoint: 'introspect' }).map(({ outcome }) => outcome)

it('at Salesforce tells when a token ends, which its token answer does not', async () => {
  const given = await connect(sandbox, 'salesforce')
  expect(given).not.toHaveProperty('expires_in')
  const { status, body } = await introspect('salesforce', given.access_token)
  expect(status).toBe(200)
  const now = sandbox.control.clock.now() / 1000
  expect(body).toMatchObject({ active: true, token_type: 'access_token', username: 'ada@example.com' })
  expect(body.exp - now).toBe(7200)
  expect(body.nbf).toBe(body.iat)
  sandbox.control.clock.advance(7200)
  expect((await introspect('salesforce', given.access_token)).body).toEqual({ active: false })
})

it('is found in the metadata of an issuer, and says what RFC 7662 has', async () => {
  const issuer = urlsOf(sandbox, 'plain').issuer!
  const response = await fetch(`${issuer}/.well-known/openid-configuration`)
  const metadata = (await response.json()) as Answered
  expect(metadata.introspection_endpoint).toBe(`${issuer}/introspect`)
  const given = await connect(sandbox, 'plain')
  expect((await introspect('plain', given.access_token)).body).toEqual({
    active: true,
    iss: issuer,
    client_id: sandbox.clients.plain!.client_id,
    sub: expect.any(String),
    username: 'ada@example.com',
    scope: 'read',
    token_type: 'Bearer',
    iat: expect.any(Number),
    exp: expect.any(Number),
  })
})

it('tells nothing of tokens that are dead, unknown, refreshed with, or of another client', async () => {
  const given = await connect(sandbox, 'plain')
  const other = { client_id: 'other', client_secret: 's' }
  sandbox.control.registerClient({ provider: 'plain', ...other, redirect_uris: ['loopback'] })
  const nothing = { status: 200, body: { active: false } }
  expect(await introspect('plain', given.access_token, { authorization: basic(other) })).toEqual(nothing)
  expect(await introspect('plain', 'never')).toEqual(nothing)
  expect(await introspect('plain', given.refresh_token)).toEqual(nothing)
  sandbox.control.revokeGrant({ provider: 'plain', account: 'ada@example.com' })
  expect(await introspect('plain', given.access_token)).toEqual(nothing)
  expect(outcomes()).toEqual(Array(4).fill('inactive'))
})

it('is for clients that prove themselves', async () => {
  const given = await connect(sandbox, 'plain')
  expect(await introspect('plain', given.access_token, {})).toMatchObject({ status: 401 })
  expect(await introspect('plain', '')).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  const wrong = { client_id: 'sandbox-plain', client_secret: 'wrong' }
  expect(await introspect('plain', given.access_token, { authorization: basic(wrong) })).toMatchObject({
    status: 401,
    body: { error: 'invalid_client' },
  })
  expect(outcomes()).toEqual([
    'refused:client_missing',
    'refused:parameter_missing',
    'refused:client_wrong_secret',
  ])
})

it('can be spoilt like the others; whoever asks for the lifetime then learns nothing', async () => {
  const given = await connect(sandbox, 'salesforce')
  const { client_id, client_secret } = sandbox.clients.salesforce!
  const { authorization_url, token_url, introspection } = urlsOf(sandbox, 'salesforce')
  const ask = () =>
    introspectLifetime(
      fetch,
      {
        profile: { authorization_url, token_url, introspection: introspection! },
        client: { client_id, client_secret: new Secret(client_secret), auth_method: 'client_secret_post' },
        access_token: new Secret(given.access_token),
      },
      { now: () => sandbox.control.clock.now() },
    )
  expect(await ask()).toBe(7200)
  sandbox.control.fault({ endpoint: 'introspect', fault: 'html' })
  expect(await ask()).toBeNull()
  sandbox.control.fault({ endpoint: 'introspect', fault: 'drop_before' })
  expect(await ask()).toBeNull()
  sandbox.control.clock.advance(200)
  expect(await ask()).toBe(7000)
})
