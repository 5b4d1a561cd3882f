import { createPublicKey, verify } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  askCode,
  askToken,
  byCode,
  byRefresh,
  CHALLENGE,
  callApi,
  connect,
  connectGmail,
  GMAIL,
  REDIRECT,
  urlsOf,
  VERIFIER,
} from './client.fixture.ts'
import { seededRandom } from './random.ts'
import { SECRET_MARK } from './secret-mark.ts'
import { type Sandbox, startSandbox } from './start.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const isLive = (token: string) => sandbox.control.token(token)!.live

describe('a code', () => {
  it('is good once, and its replay ends what it gave', async () => {
    const code = await askCode(sandbox, 'gmail', { scope: GMAIL.read, access_type: 'offline' })
    const first = await byCode(sandbox, 'gmail', code)
    expect(first.status).toBe(200)
    expect(isLive(first.body.access_token)).toBe(true)
    const second = await byCode(sandbox, 'gmail', code)
    expect(second).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(isLive(first.body.access_token)).toBe(false)
    expect(isLive(first.body.refresh_token)).toBe(false)
  })

  it('lives as long as the table says, on the clock that can be moved', async () => {
    const code = await askCode(sandbox, 'pipedrive')
    sandbox.control.clock.advance(301)
    expect((await byCode(sandbox, 'pipedrive', code)).body).toEqual({
      success: false,
      message: 'Invalid grant: authorization_code has expired',
      error: 'invalid_grant',
    })
    const inTime = await askCode(sandbox, 'pipedrive')
    sandbox.control.clock.advance(299)
    expect((await byCode(sandbox, 'pipedrive', inTime)).status).toBe(200)
  })

  it('belongs to its redirect URI and to its client', async () => {
    const code = await askCode(sandbox, 'gmail', { scope: GMAIL.read })
    const other = await byCode(sandbox, 'gmail', code, { redirect_uri: `${REDIRECT}2` })
    expect(other).toMatchObject({ status: 400, body: { error: 'redirect_uri_mismatch' } })
    const stranger = { client_id: 'stranger', client_secret: 's' }
    sandbox.control.registerClient({ provider: 'gmail', ...stranger, redirect_uris: [REDIRECT] })
    const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT }
    expect((await askToken(sandbox, 'gmail', form, stranger)).body.error).toBe('invalid_grant')
    expect((await byCode(sandbox, 'gmail', code)).status).toBe(200)
  })

  it.each([
    ['the right verifier', VERIFIER, 200],
    ['a wrong verifier', `${VERIFIER}x`, 400],
    ['no verifier', null, 400],
  ])('with a challenge wants %s', async (_name, verifier, status) => {
    const params = { scope: GMAIL.read, code_challenge: CHALLENGE, code_challenge_method: 'S256' }
    const code = await askCode(sandbox, 'gmail', params)
    const answer = await byCode(sandbox, 'gmail', code, verifier ? { code_verifier: verifier } : {})
    expect(answer.status).toBe(status)
    if (status !== 200) expect(answer.body.error).toBe('invalid_grant')
  })

  it('without a challenge refuses a verifier: somebody took the challenge away', async () => {
    const code = await askCode(sandbox, 'plain')
    expect((await byCode(sandbox, 'plain', code, { code_verifier: VERIFIER })).body.error).toBe(
      'invalid_grant',
    )
  })
})

describe('the client', () => {
  it.each([
    ['gmail', 401],
    ['pipedrive', 400],
    ['plain', 401],
  ])(
    'of %s with a wrong secret is invalid_client, before the code is looked at',
    async (provider, status) => {
      const form = { grant_type: 'authorization_code', code: 'no-such-code', redirect_uri: REDIRECT }
      const wrong = { ...sandbox.clients[provider]!, client_secret: 'wrong' }
      expect(await askToken(sandbox, provider, form, wrong)).toMatchObject({
        status,
        body: { error: 'invalid_client' },
      })
      expect(await askToken(sandbox, provider, form)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      })
    },
  )

  it('may put its secret into the body at Google and may not at Pipedrive', async () => {
    const post = async (provider: string, code: string) => {
      const form = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT,
        ...sandbox.clients[provider]!,
      }
      const response = await fetch(urlsOf(sandbox, provider).token_url, {
        method: 'POST',
        body: new URLSearchParams(form),
      })
      return response.status
    }
    expect(await post('gmail', await askCode(sandbox, 'gmail', { scope: GMAIL.read }))).toBe(200)
    expect(await post('pipedrive', await askCode(sandbox, 'pipedrive'))).toBe(400)
  })

  it('may be a public one', async () => {
    sandbox.control.registerClient({ provider: 'plain', client_id: 'native', redirect_uris: ['loopback'] })
    const code = await askCode(sandbox, 'plain', {
      client_id: 'native',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
    })
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT,
      client_id: 'native',
      code_verifier: VERIFIER,
    }
    const response = await fetch(urlsOf(sandbox, 'plain').token_url, {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    expect(response.status).toBe(200)
  })
})

describe('a malformed request', () => {
  it.each([
    ['no grant type', {}, 'invalid_request'],
    ['an unknown grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    [
      'client credentials where the provider has none',
      { grant_type: 'client_credentials' },
      'unsupported_grant_type',
    ],
    ['no code', { grant_type: 'authorization_code' }, 'invalid_request'],
    ['no refresh token', { grant_type: 'refresh_token' }, 'invalid_request'],
  ])('%s', async (_name, form, error) => {
    expect(await askToken(sandbox, 'gmail', form)).toMatchObject({ status: 400, body: { error } })
  })

  it('repeats a parameter, or is JSON', async () => {
    const { token_url } = urlsOf(sandbox, 'plain')
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const twice = await fetch(token_url, { method: 'POST', headers, body: 'grant_type=a&grant_type=b' })
    expect(await twice.json()).toMatchObject({ error: 'invalid_request' })
    const json = await fetch(token_url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"grant_type":"refresh_token"}',
    })
    expect(await json.json()).toMatchObject({ error: 'invalid_request' })
  })
})

describe('Google', () => {
  it('answers 3599 seconds, userinfo scopes and no rotation', async () => {
    const given = await connectGmail(sandbox)
    expect(given).toMatchObject({
      expires_in: 3599,
      token_type: 'Bearer',
      scope:
        'openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/gmail.modify',
    })
    expect(given.access_token).toMatch(new RegExp(`^ya29\\..*${SECRET_MARK}`))
    const refreshed = await byRefresh(sandbox, 'gmail', given.refresh_token)
    expect(refreshed.body).not.toHaveProperty('refresh_token')
    expect(refreshed.body.access_token).not.toBe(given.access_token)
    expect((await byRefresh(sandbox, 'gmail', given.refresh_token)).status).toBe(200)
  })

  it('gives a refresh token only for offline access, on the first consent or when consent is asked for', async () => {
    const ask = async (params: Record<string, string>) =>
      'refresh_token' in (await connect(sandbox, 'gmail', { scope: GMAIL.read, ...params }))
    expect(await ask({})).toBe(false)
    expect(await ask({ access_type: 'offline' })).toBe(true)
    expect(await ask({ access_type: 'offline' })).toBe(false)
    expect(await ask({ access_type: 'offline', prompt: 'select_account consent' })).toBe(true)
    sandbox.control.revokeGrant({ provider: 'gmail', account: 'ada@example.com' })
    expect(await ask({ access_type: 'offline' })).toBe(true)
  })

  it('signs an id_token with the key that it publishes', async () => {
    const given = await connect(sandbox, 'gmail', { scope: 'openid email', nonce: 'n-1' })
    const [head, claims, signature] = given.id_token.split('.')
    const issuer = urlsOf(sandbox, 'gmail').issuer!
    const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<
      string,
      string
    >
    expect(metadata.issuer).toBe(issuer)
    const { keys } = (await (await fetch(metadata.jwks_uri!)).json()) as { keys: object[] }
    const key = createPublicKey({ key: keys[0] as never, format: 'jwk' })
    expect(
      verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url')),
    ).toBe(true)
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      iss: issuer,
      aud: sandbox.clients.gmail!.client_id,
      email: 'ada@example.com',
      nonce: 'n-1',
    })
    expect((await connect(sandbox, 'gmail', { scope: GMAIL.read })).id_token).toBeUndefined()
  })
})

describe('Pipedrive', () => {
  it('answers comma scopes, its API domain, and a new refresh token each time', async () => {
    const given = await connect(sandbox, 'pipedrive', { scope: 'deals:read contacts:read' })
    expect(given).toMatchObject({
      expires_in: 3599,
      scope: 'deals:read,contacts:read,base',
      api_domain: urlsOf(sandbox, 'pipedrive').api!.base_url,
    })
    const next = (await byRefresh(sandbox, 'pipedrive', given.refresh_token)).body
    expect(next.refresh_token).not.toBe(given.refresh_token)
    expect((await byRefresh(sandbox, 'pipedrive', given.refresh_token)).body).toEqual({
      success: false,
      message: 'Invalid grant: refresh_token is invalid',
      error: 'invalid_grant',
    })
    expect(isLive(next.refresh_token)).toBe(true)
    expect(sandbox.control.stats()).toMatchObject({ reuses: 1, families_killed: 0 })
  })

  it('forgets a refresh token after 60 idle days, and counts anew at each use', async () => {
    const day = 86_400
    const first = await connect(sandbox, 'pipedrive')
    sandbox.control.clock.advance(59 * day)
    const second = (await byRefresh(sandbox, 'pipedrive', first.refresh_token)).body
    sandbox.control.clock.advance(59 * day)
    const third = (await byRefresh(sandbox, 'pipedrive', second.refresh_token)).body
    sandbox.control.clock.advance(61 * day)
    expect((await byRefresh(sandbox, 'pipedrive', third.refresh_token)).body.error).toBe('invalid_grant')
  })
})

describe('a rotated refresh token that comes again', () => {
  it('kills the family where reuse is detected', async () => {
    const first = await connect(sandbox, 'plain')
    const second = (await byRefresh(sandbox, 'plain', first.refresh_token)).body
    expect((await byRefresh(sandbox, 'plain', first.refresh_token)).body.error).toBe('invalid_grant')
    expect(isLive(second.refresh_token)).toBe(false)
    expect((await byRefresh(sandbox, 'plain', second.refresh_token)).body.error).toBe('invalid_grant')
    expect((await callApi(sandbox, 'plain', '/echo', second.access_token)).status).toBe(401)
    expect(sandbox.control.stats()).toMatchObject({ families_killed: 1, reuses: 1, families_live: 0 })
  })

  it('is taken inside the leeway, and not after it', async () => {
    sandbox.control.settings('plain', { leeway: 30 })
    const first = await connect(sandbox, 'plain')
    await byRefresh(sandbox, 'plain', first.refresh_token)
    sandbox.control.clock.advance(29)
    expect(isLive(first.refresh_token)).toBe(true)
    expect((await byRefresh(sandbox, 'plain', first.refresh_token)).status).toBe(200)
    sandbox.control.clock.advance(2)
    expect((await byRefresh(sandbox, 'plain', first.refresh_token)).body.error).toBe('invalid_grant')
    expect(sandbox.control.stats()).toMatchObject({ families_killed: 1, reuses: 2 })
  })
})

describe('settings', () => {
  it('change how long access tokens live', async () => {
    sandbox.control.settings('plain', { expires_in: 100 })
    const given = await connect(sandbox, 'plain')
    expect(given.expires_in).toBe(100)
    sandbox.control.clock.advance(99)
    expect((await callApi(sandbox, 'plain', '/echo', given.access_token)).status).toBe(200)
    sandbox.control.clock.advance(1)
    expect((await callApi(sandbox, 'plain', '/echo', given.access_token)).status).toBe(401)
  })

  it('let a refresh end the access tokens before it', async () => {
    const kept = await connect(sandbox, 'plain')
    await byRefresh(sandbox, 'plain', kept.refresh_token)
    expect(isLive(kept.access_token)).toBe(true)
    sandbox.control.settings('plain', { kills_access_token: true, rotates: false })
    const killed = await connect(sandbox, 'plain')
    const next = (await byRefresh(sandbox, 'plain', killed.refresh_token)).body
    expect(isLive(killed.access_token)).toBe(false)
    expect(isLive(next.access_token)).toBe(true)
    expect(next.refresh_token).toBeUndefined()
  })
})

it('gives client credentials a token without a refresh token, for known scopes only', async () => {
  const given = await askToken(sandbox, 'plain', { grant_type: 'client_credentials', scope: 'read' })
  expect(given.body).toMatchObject({ expires_in: 3600, scope: 'read' })
  expect(given.body).not.toHaveProperty('refresh_token')
  expect((await callApi(sandbox, 'plain', '/echo', given.body.access_token)).status).toBe(200)
  const unknown = await askToken(sandbox, 'plain', { grant_type: 'client_credentials', scope: 'fly' })
  expect(unknown.body.error).toBe('invalid_scope')
})

it('narrows the scopes of a refresh on request and never widens them', async () => {
  const given = await connect(sandbox, 'plain', { scope: 'read write' })
  const narrow = await byRefresh(sandbox, 'plain', given.refresh_token, { scope: 'read' })
  expect(narrow.body.scope).toBe('read')
  const write = (token: string) =>
    callApi(sandbox, 'plain', '/echo', token, { method: 'POST', json: { a: 1 } })
  expect((await write(given.access_token)).status).toBe(200)
  expect((await write(narrow.body.access_token)).status).toBe(403)
  const wide = await byRefresh(sandbox, 'plain', narrow.body.refresh_token, { scope: 'read openid' })
  expect(wide.body.error).toBe('invalid_scope')
})

it('hands out the same strings for the same seed', async () => {
  const codes = []
  for (const seed of ['one', 'one', 'two']) {
    const seeded = await startSandbox({ random: seededRandom(seed), clock: () => 1_700_000_000_000 })
    codes.push((await connect(seeded, 'plain')).access_token)
    await seeded.close()
  }
  expect(codes[0]).toBe(codes[1])
  expect(codes[0]).not.toBe(codes[2])
})
