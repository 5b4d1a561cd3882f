import type * as jose from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browser, createBrowser } from '../../../../test/support/browser.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addClient,
  addMember,
  allow,
  authorizationUrl,
  type Client,
  challenge,
  obtain,
  token,
  verifier,
} from '../../../../test/support/partner-app.ts'

// An independent client, oauth4webapi, does each of these as it stands in its RFC; beside it stands a misuse.
let grantry: TestGrantry
let browser: Browser
let server: oauth.AuthorizationServer
const insecure = { [oauth.allowInsecureRequests]: true } as const

beforeAll(async () => {
  grantry = await startTestGrantry()
  browser = (await addMember(grantry)).browser
  server = await discover('oauth2')
})
afterAll(() => grantry?.close())

async function discover(algorithm: 'oauth2' | 'oidc'): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(grantry.url)
  const answer = await oauth.discoveryRequest(issuer, { ...insecure, algorithm })
  return oauth.processDiscoveryResponse(issuer, answer)
}
const asClient = (client: Client): oauth.Client => ({ client_id: client.id })
const authOf = (client: Client) => (client.secret ? oauth.ClientSecretBasic(client.secret) : oauth.None())
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${grantry.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  })

describe('metadata', () => {
  test('RFC 8414 and OpenID Connect say the same, and only what is so', async () => {
    const oidc = await discover('oidc')
    expect(oidc).toEqual(server)
    const url = grantry.url
    expect(server).toMatchObject({
      issuer: url,
      authorization_endpoint: `${url}/oauth/authorize`,
      token_endpoint: `${url}/v1/oauth/token`,
      revocation_endpoint: `${url}/oauth/revoke`,
      introspection_endpoint: `${url}/oauth/introspect`,
      pushed_authorization_request_endpoint: `${url}/oauth/par`,
      device_authorization_endpoint: `${url}/oauth/device_authorization`,
      userinfo_endpoint: `${url}/oauth/userinfo`,
      jwks_uri: `${url}/oauth/jwks`,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
    })
    expect(server.scopes_supported).toContain('mcp:write')
  })

  test('the keys are public ones only', async () => {
    const { keys } = (await (await fetch(`${grantry.url}/oauth/jwks`)).json()) as { keys: jose.JWK[] }
    expect(keys.map(({ kty, alg }) => [kty, alg])).toEqual([
      ['RSA', 'RS256'],
      ['EC', 'ES256'],
    ])
    for (const key of keys)
      for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key).not.toHaveProperty(part)
  })
})

describe('authorization (RFC 6749, 7636, 9207, OpenID Connect)', () => {
  test('code, PKCE, iss, and an ID token that checks', async () => {
    const client = await addClient(grantry, { method: 'client_secret_basic' })
    const nonce = oauth.generateRandomNonce()
    const back = await allow(
      browser,
      authorizationUrl(grantry.url, client, { scope: 'openid email profile account:read', nonce }),
    )
    const parameters = oauth.validateAuthResponse(server, asClient(client), back, 'the-state')
    expect(back.searchParams.get('iss')).toBe(grantry.url)
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      asClient(client),
      authOf(client),
      parameters,
      client.redirectUri,
      verifier,
      insecure,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(server, asClient(client), answer, {
      expectedNonce: nonce,
      requireIdToken: true,
    })
    await oauth.validateApplicationLevelSignature(server, answer, insecure)
    const claims = oauth.getValidatedIdTokenClaims(tokens)!
    expect(claims).toMatchObject({ aud: client.id, email: 'ada@example.com', name: 'Ada Lovelace' })
    const info = await oauth.processUserInfoResponse(
      server,
      asClient(client),
      claims.sub,
      await oauth.userInfoRequest(server, asClient(client), tokens.access_token, insecure),
    )
    expect(info).toEqual({ sub: claims.sub, email: 'ada@example.com', name: 'Ada Lovelace' })
    const account = await grantry.call('GET', '/api/v1/account', undefined, { key: tokens.access_token })
    expect(account.body.data.user.email).toBe('ada@example.com')
  })

  test('without the scope openid there is no userinfo', async () => {
    const tokens = await obtain(grantry, await addClient(grantry), browser, { scope: 'account:read' })
    const answer = await grantry.call('GET', '/oauth/userinfo', undefined, { key: tokens.access_token })
    expect([answer.status, answer.body.code]).toEqual([403, 'insufficient_scope'])
    expect(answer.headers.get('www-authenticate')).toContain('scope="openid"')
  })

  test('a second time the person is not asked again, but for more they are', async () => {
    const client = await addClient(grantry)
    await obtain(grantry, client, browser)
    const again = await browser.open(authorizationUrl(grantry.url, client))
    expect(again.url).toContain('https://partner.example/callback?code=')
    const more = await browser.open(
      authorizationUrl(grantry.url, client, { scope: 'account:read connections:write' }),
    )
    expect(more.text).toContain('connect, refresh and disconnect accounts')
    const asked = await browser.open(authorizationUrl(grantry.url, client, { prompt: 'consent' }))
    expect(asked.text).toContain('Allow Partner')
  })

  test('a person who does not allow it is told to the client, and nothing is issued', async () => {
    const client = await addClient(grantry)
    const page = await browser.open(authorizationUrl(grantry.url, client))
    const end = new URL((await browser.submit(page, { decision: 'deny' })).url)
    expect(Object.fromEntries(end.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'the-state',
      iss: grantry.url,
    })
  })
})

describe('resource indicators (RFC 8707)', () => {
  test('a token is for the resource that was asked for, and the API takes its own only', async () => {
    const client = await addClient(grantry)
    const tokens = await obtain(grantry, client, browser, { resource: grantry.url })
    expect(
      (await grantry.call('GET', '/api/v1/account', undefined, { key: tokens.access_token })).status,
    ).toBe(200)
  })
  test('what is no resource of ours is refused to the client', async () => {
    const client = await addClient(grantry)
    for (const resource of ['https://evil.example', `${grantry.url}/mcp/mcp_00000000000000000000000000`]) {
      const end = new URL((await browser.open(authorizationUrl(grantry.url, client, { resource }))).url)
      expect(end.searchParams.get('error')).toBe('invalid_target')
    }
  })
})

describe('pushed authorization requests (RFC 9126)', () => {
  test('a pushed request is answered, once', async () => {
    const client = await addClient(grantry, { method: 'client_secret_basic' })
    const parameters = new URLSearchParams({
      redirect_uri: client.redirectUri,
      response_type: 'code',
      state: 'the-state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    })
    const pushed = await oauth.processPushedAuthorizationResponse(
      server,
      asClient(client),
      await oauth.pushedAuthorizationRequest(server, asClient(client), authOf(client), parameters, insecure),
    )
    const address = `${grantry.url}/oauth/authorize?${new URLSearchParams({ client_id: client.id, request_uri: pushed.request_uri })}`
    const back = await allow(browser, address)
    expect(oauth.validateAuthResponse(server, asClient(client), back, 'the-state').get('code')).toMatch(
      /^gac_/,
    )
    const again = await browser.open(address)
    expect(again.url).not.toContain('code=')
  })
  test('without the client’s secret nothing can be pushed', async () => {
    const client = await addClient(grantry, { method: 'client_secret_basic' })
    const answer = await post('/oauth/par', {
      client_id: client.id,
      client_secret: 'gcs_wrong',
      redirect_uri: client.redirectUri,
      response_type: 'code',
    })
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
      401,
      'invalid_client',
    ])
  })
})

describe('DPoP (RFC 9449)', () => {
  test('tokens are bound to a key; the API and the refresh want its proof', async () => {
    const client = await addClient(grantry)
    const keys = await oauth.generateKeyPair('ES256')
    const DPoP = oauth.DPoP(asClient(client), keys)
    const back = await allow(browser, authorizationUrl(grantry.url, client))
    const parameters = oauth.validateAuthResponse(server, asClient(client), back, 'the-state')
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      asClient(client),
      authOf(client),
      parameters,
      client.redirectUri,
      verifier,
      { ...insecure, DPoP },
    )
    const tokens = await oauth.processAuthorizationCodeResponse(server, asClient(client), answer)
    expect(tokens.token_type).toBe('dpop')
    const api = new URL('/api/v1/account', grantry.url)
    const reply = await oauth.protectedResourceRequest(
      tokens.access_token,
      'GET',
      api,
      undefined,
      undefined,
      {
        ...insecure,
        DPoP,
      },
    )
    expect(reply.status).toBe(200)
    const bearer = await grantry.call('GET', '/api/v1/account', undefined, { key: tokens.access_token })
    expect(bearer.status).toBe(401)
    const refreshed = await oauth.processRefreshTokenResponse(
      server,
      asClient(client),
      await oauth.refreshTokenGrantRequest(server, asClient(client), authOf(client), tokens.refresh_token!, {
        ...insecure,
        DPoP,
      }),
    )
    expect(refreshed.token_type).toBe('dpop')
    // A public client's refresh token is bound, too: without the key, or with another, it is worth nothing.
    const fields = { grant_type: 'refresh_token', refresh_token: refreshed.refresh_token! }
    expect((await token(grantry.url, client, fields)).body.error).toBe('invalid_grant')
    const thief = oauth.DPoP(asClient(client), await oauth.generateKeyPair('ES256'))
    const stolen = await oauth.refreshTokenGrantRequest(
      server,
      asClient(client),
      authOf(client),
      refreshed.refresh_token!,
      { ...insecure, DPoP: thief },
    )
    expect(stolen.status).toBe(400)
    expect((await token(grantry.url, client, fields)).body.error).toBe('invalid_grant')
  })

  test('the answer that is kept for a retry goes to the same key only', async () => {
    const client = await addClient(grantry, { method: 'client_secret_basic' })
    const { refresh_token } = await obtain(grantry, client, browser)
    const ask = async (DPoP: oauth.DPoPHandle) =>
      oauth.refreshTokenGrantRequest(server, asClient(client), authOf(client), refresh_token, {
        ...insecure,
        DPoP,
      })
    const ours = oauth.DPoP(asClient(client), await oauth.generateKeyPair('ES256'))
    const first = (await (await ask(ours)).json()) as { access_token: string }
    const again = (await (await ask(ours)).json()) as { access_token: string }
    expect(again.access_token).toBe(first.access_token)
    const other = await ask(oauth.DPoP(asClient(client), await oauth.generateKeyPair('ES256')))
    expect(((await other.json()) as { error: string }).error).toBe('invalid_grant')
  })
})

describe('introspection (RFC 7662) and revocation (RFC 7009)', () => {
  test('a client learns about its tokens, and nothing of others’', async () => {
    const client = await addClient(grantry, { method: 'client_secret_basic' })
    const tokens = await obtain(grantry, client, browser)
    const ask = async (by: Client, text: string) =>
      oauth.processIntrospectionResponse(
        server,
        asClient(by),
        await oauth.introspectionRequest(server, asClient(by), authOf(by), text, insecure),
      )
    expect(await ask(client, tokens.access_token)).toMatchObject({
      active: true,
      client_id: client.id,
      aud: grantry.url,
      scope: 'account:read connections:read',
      token_type: 'Bearer',
    })
    expect(await ask(client, tokens.refresh_token)).toMatchObject({ active: true })
    const other = await addClient(grantry, { method: 'client_secret_basic' })
    expect(await ask(other, tokens.access_token)).toEqual({ active: false })
    expect(await ask(client, 'gat_nothing')).toEqual({ active: false })
  })

  test('a member who may less learns less by it, and one who has left nothing', async () => {
    const client = await addClient(grantry, { method: 'client_secret_basic' })
    const { member, browser } = await addMember(grantry, { email: 'demoted@example.com' })
    const scope = 'account:read connections:read connections:write'
    const { access_token } = await obtain(grantry, client, browser, { scope })
    const ask = async () =>
      oauth.processIntrospectionResponse(
        server,
        asClient(client),
        await oauth.introspectionRequest(server, asClient(client), authOf(client), access_token, insecure),
      )
    expect((await ask()).scope).toBe(scope)
    const members = grantry.ctx.db
    await members.updateTable('members').set({ role: 'viewer' }).where('id', '=', member).execute()
    expect((await ask()).scope).toBe('account:read connections:read')
    await members.deleteFrom('members').where('id', '=', member).execute()
    expect(await ask()).toEqual({ active: false })
  })

  test('revoking a token ends what came of the same consent, at once; another client cannot', async () => {
    const client = await addClient(grantry, { method: 'client_secret_basic' })
    const tokens = await obtain(grantry, client, browser)
    const second = await obtain(grantry, client, browser)
    const end = async (by: Client, text: string) =>
      oauth.revocationRequest(server, asClient(by), authOf(by), text, insecure)
    const alive = async (key: string) =>
      (await grantry.call('GET', '/api/v1/account', undefined, { key })).status === 200
    const other = await addClient(grantry, { method: 'client_secret_basic' })
    expect((await end(other, tokens.refresh_token)).status).toBe(400)
    expect(await alive(tokens.access_token)).toBe(true)
    await oauth.processRevocationResponse(await end(client, tokens.refresh_token))
    expect(await alive(tokens.access_token)).toBe(false)
    expect(await alive(second.access_token)).toBe(false)
    // The consent is over, too: the person is asked again.
    expect((await browser.open(authorizationUrl(grantry.url, client))).text).toContain('Allow Partner')
    const third = await obtain(grantry, client, browser)
    await oauth.processRevocationResponse(await end(client, third.access_token))
    expect(await alive(third.access_token)).toBe(false)
    expect((await end(client, third.refresh_token)).status).toBe(200)
    // RFC 7009 §2.2: what is not known is as good as revoked.
    expect((await end(client, 'grt_nothing')).status).toBe(200)
  })
})

describe('device flow (RFC 8628)', () => {
  const deviceClient = () =>
    addClient(grantry, {
      client_name: 'Grantry CLI',
      redirect_uris: [],
      response_types: [],
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      application_type: 'native',
    })
  const start = async (client: Client) =>
    oauth.processDeviceAuthorizationResponse(
      server,
      asClient(client),
      await oauth.deviceAuthorizationRequest(
        server,
        asClient(client),
        authOf(client),
        new URLSearchParams({ scope: 'account:read' }),
        insecure,
      ),
    )
  const poll = (client: Client, code: string) =>
    oauth.deviceCodeGrantRequest(server, asClient(client), authOf(client), code, insecure)

  test('the person types the code, says yes twice, and the device gets its tokens', async () => {
    const client = await deviceClient()
    const begun = await start(client)
    expect(begun.verification_uri).toBe(`${grantry.url}/oauth/device`)
    expect(((await (await poll(client, begun.device_code)).json()) as { error: string }).error).toBe(
      'authorization_pending',
    )
    const enter = await browser.open('/oauth/device')
    const wrong = await browser.submit(enter, { user_code: 'XXXX-XXXX' })
    expect([wrong.status, wrong.text]).toEqual([
      400,
      expect.stringContaining('No device waits with this code'),
    ])
    const confirm = await browser.submit(wrong, { user_code: begun.user_code.toLowerCase() })
    expect(confirm.text).toContain('Grantry CLI')
    const consent = await browser.submit(confirm)
    expect(consent.text).toContain('see your account')
    const done = await browser.submit(consent, { decision: 'allow' })
    expect(done.text).toContain('Grantry CLI is connected')
    const tokens = await oauth.processDeviceCodeResponse(
      server,
      asClient(client),
      await poll(client, begun.device_code),
    )
    expect(
      (await grantry.call('GET', '/api/v1/account', undefined, { key: tokens.access_token })).status,
    ).toBe(200)
    expect((await poll(client, begun.device_code)).status).toBe(400)
    expect(
      (await grantry.call('GET', '/api/v1/account', undefined, { key: tokens.access_token })).status,
    ).toBe(401)
  })

  test('a person who says no is told to the device; a code serves its own client only', async () => {
    const client = await deviceClient()
    const begun = await start(client)
    const other = await deviceClient()
    expect(((await (await poll(other, begun.device_code)).json()) as { error: string }).error).toBe(
      'invalid_grant',
    )
    const confirm = await browser.submit(await browser.open('/oauth/device'), { user_code: begun.user_code })
    const refused = await browser.submit(confirm, { abort: 'yes' })
    expect(refused.text).toContain('You did not allow it')
    expect(((await (await poll(client, begun.device_code)).json()) as { error: string }).error).toBe(
      'access_denied',
    )
  })

  test('the form of another browser is not taken', async () => {
    const begun = await start(await deviceClient())
    const page = await browser.open('/oauth/device')
    const stranger = createBrowser(grantry.url)
    const answer = await stranger.submit(page, { user_code: begun.user_code, confirm: 'yes' })
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('Type the code')])
  })

  test('whoever guesses codes is slowed down', async () => {
    const page = await browser.open('/oauth/device')
    const statuses = []
    for (let i = 0; i < 25; i++)
      statuses.push((await browser.submit(page, { user_code: `XXXX-${1000 + i}` })).status)
    expect(statuses).toContain(429)
    grantry.clock.advance(600)
  })
})
