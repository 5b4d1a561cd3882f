import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Answered,
  askCode,
  authorizationUrl,
  basic,
  byCode,
  byRefresh,
  CHALLENGE,
  connect,
  REDIRECT,
  urlsOf,
  VERIFIER,
} from './client.fixture.ts'
import { type Sandbox, startSandbox } from './start.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const open = (url: string) => fetch(url, { redirect: 'manual' })
const consent = async (url: string, wish = {}) => new URL(await sandbox.control.consent(url, wish))
const post = (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) })
const get = async (path: string, token: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${sandbox.url}${path}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
  return { status: response.status, body: (await response.json()) as Answered }
}
/** The client in the body. */
const withClient = (provider: string, more: Record<string, string>) => ({
  ...sandbox.clients[provider]!,
  redirect_uri: REDIRECT,
  grant_type: 'authorization_code',
  ...more,
})
const inBody = async (provider: string, params: Record<string, string>): Promise<Answered> => {
  const code = await askCode(sandbox, provider, params)
  const accept = { accept: 'application/json' }
  const answer = await post(urlsOf(sandbox, provider).token_url, withClient(provider, { code }), accept)
  return (await answer.json()) as Answered
}

describe('Slack', () => {
  it('answers the token of the person inside the one of the bot', async () => {
    const both = await connect(sandbox, 'slack', {
      scope: 'chat:write',
      user_scope: 'search:read,users:read',
    })
    expect(both).toMatchObject({
      ok: true,
      token_type: 'bot',
      scope: 'chat:write',
      team: { id: 'T0SANDBOX' },
    })
    expect(both.authed_user).toMatchObject({ token_type: 'user', scope: 'search:read,users:read' })
    expect(both.access_token).toMatch(/^xoxb-/)
    expect(both.authed_user.access_token).toMatch(/^xoxp-/)
    expect(both).not.toHaveProperty('expires_in')
    const named = await get('/slack/api/auth.test', both.authed_user.access_token)
    expect(named.body).toMatchObject({ ok: true, user: 'ada' })
  })

  it('answers only the person’s token where only that was asked for', async () => {
    const one = await connect(sandbox, 'slack', { user_scope: 'users:read' })
    expect(one).not.toHaveProperty('access_token')
    expect(one.authed_user.scope).toBe('users:read')
  })

  it('says no in 200, with what lacks', async () => {
    const { access_token } = await connect(sandbox, 'slack', { scope: 'chat:write' })
    const refused = await get('/slack/api/conversations.list', access_token)
    expect(refused).toMatchObject({
      status: 200,
      body: { ok: false, error: 'missing_scope', needed: 'channels:read', provided: 'chat:write' },
    })
    expect((await byCode(sandbox, 'slack', 'none')).body).toEqual({ ok: false, error: 'invalid_code' })
  })

  it('rotates where the app chose it', async () => {
    sandbox.control.settings('slack', { expires_in: 43_200 })
    const first = await connect(sandbox, 'slack', { scope: 'chat:write', user_scope: 'users:read' })
    expect(first.expires_in).toBe(43_200)
    expect(first.authed_user.expires_in).toBe(43_200)
    const person = (await byRefresh(sandbox, 'slack', first.authed_user.refresh_token)).body
    expect(person).toMatchObject({ ok: true, token_type: 'user', scope: 'users:read', expires_in: 43_200 })
    const bot = (await byRefresh(sandbox, 'slack', first.refresh_token)).body
    expect(bot).toMatchObject({ token_type: 'bot', scope: 'chat:write' })
    expect((await byRefresh(sandbox, 'slack', first.refresh_token)).body).toEqual({
      ok: false,
      error: 'invalid_refresh_token',
    })
  })
})

describe('GitHub', () => {
  it('answers a form, unless JSON is accepted', async () => {
    const url = urlsOf(sandbox, 'github').token_url
    const ask = async (headers = {}) => {
      const code = await askCode(sandbox, 'github', { scope: 'repo gist' })
      return post(url, { ...sandbox.clients.github!, code }, { accept: '*/*', ...headers })
    }
    const form = await ask()
    expect(form.headers.get('content-type')).toContain('application/x-www-form-urlencoded')
    const read = new URLSearchParams(await form.text())
    expect([...read.keys()]).toEqual(['access_token', 'scope', 'token_type'])
    expect(read.get('scope')).toBe('repo,gist')
    expect(await (await ask({ accept: 'application/json' })).json()).toMatchObject({ token_type: 'bearer' })
  })

  it('says no in 200, in the same format', async () => {
    const url = urlsOf(sandbox, 'github').token_url
    const response = await post(url, { ...sandbox.clients.github!, code: 'none' }, { accept: '*/*' })
    expect(response.status).toBe(200)
    expect(Object.fromEntries(new URLSearchParams(await response.text()))).toEqual({
      error: 'bad_verification_code',
      error_description: 'The code passed is incorrect or expired.',
      error_uri: expect.stringContaining('#bad-verification-code'),
    })
  })

  it('passes over scopes that it does not know', async () => {
    expect((await inBody('github', { scope: 'gist fly' })).scope).toBe('gist')
  })

  it('ends one token, or with the grant all of them, for its own client only', async () => {
    const tokens = []
    for (let n = 0; n < 2; n += 1) {
      const { searchParams } = await consent(authorizationUrl(sandbox, 'github'))
      const form = { ...sandbox.clients.github!, code: searchParams.get('code')! }
      const answer = await post(urlsOf(sandbox, 'github').token_url, form, { accept: 'application/json' })
      tokens.push(((await answer.json()) as Answered).access_token)
    }
    const { client_id } = sandbox.clients.github!
    const end = (what: string, token: string, id = client_id) =>
      fetch(`${sandbox.url}/github/applications/${id}/${what}`, {
        method: 'DELETE',
        headers: { authorization: basic(sandbox.clients.github!), 'content-type': 'application/json' },
        body: JSON.stringify({ access_token: token }),
      })
    expect((await end('token', tokens[0], 'another')).status).toBe(404)
    expect((await end('token', tokens[0])).status).toBe(204)
    expect((await get('/github/user', tokens[1])).status).toBe(200)
    expect((await end('grant', tokens[1])).status).toBe(204)
    expect((await get('/github/user', tokens[1])).status).toBe(401)
    expect((await end('grant', tokens[1])).status).toBe(404)
  })
})

describe('Notion', () => {
  const url = () => urlsOf(sandbox, 'notion').token_url
  const ask = async (body: URLSearchParams | string, headers: Record<string, string>) => {
    const response = await fetch(url(), { method: 'POST', headers, body })
    return { status: response.status, body: (await response.json()) as Answered }
  }

  it('takes JSON with Basic, and neither a form nor credentials in the body', async () => {
    const code = await askCode(sandbox, 'notion', { owner: 'user' })
    const request = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT }
    const client = sandbox.clients.notion!
    const type = { 'content-type': 'application/json' }
    expect(await ask(new URLSearchParams(request), { authorization: basic(client) })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
    expect(await ask(JSON.stringify({ ...request, ...client }), type)).toMatchObject({ status: 401 })
    const taken = await ask(JSON.stringify(request), { ...type, authorization: basic(client) })
    expect(taken.body).toMatchObject({
      token_type: 'bearer',
      bot_id: expect.any(String),
      workspace_id: expect.any(String),
      owner: { type: 'user', user: { person: { email: 'ada@example.com' } } },
      duplicated_template_id: null,
    })
    const unversioned = await get('/notion/v1/users/me', taken.body.access_token)
    expect(unversioned).toMatchObject({ status: 400, body: { code: 'missing_version' } })
  })

  it('wants owner=user', async () => {
    const response = await open(authorizationUrl(sandbox, 'notion'))
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('owner=user')
  })
})

it('Jira wants an audience, and offline_access for a refresh token; two sites are behind a token', async () => {
  const audience = { audience: 'api.atlassian.com', prompt: 'consent' }
  expect((await open(authorizationUrl(sandbox, 'jira', { scope: 'read:jira-work' }))).status).toBe(400)
  const answer = await inBody('jira', { ...audience, scope: 'read:jira-work' })
  expect(answer).not.toHaveProperty('refresh_token')
  const sites = await get('/jira/oauth/token/accessible-resources', answer.access_token)
  expect(sites.body).toHaveLength(2)
  expect(sites.body[0]).toMatchObject({ id: expect.any(String), name: 'engines', scopes: ['read:jira-work'] })
})

it('Jira ends the pair before after ten minutes, and kills the family when its refresh token comes later', async () => {
  const params = { audience: 'api.atlassian.com', prompt: 'consent', scope: 'read:me offline_access' }
  const { access_token, refresh_token } = await inBody('jira', params)
  const refresh = async (token: string) =>
    post(
      urlsOf(sandbox, 'jira').token_url,
      withClient('jira', { grant_type: 'refresh_token', refresh_token: token }),
    )
  const next = (await (await refresh(refresh_token)).json()) as Answered
  const live = (token: string) => sandbox.control.token(token)!.live
  sandbox.control.clock.advance(599)
  const again = (await (await refresh(refresh_token)).json()) as Answered
  expect([access_token, next.access_token, again.access_token].map(live)).toEqual([true, true, true])
  sandbox.control.clock.advance(2)
  expect([access_token, next.access_token, again.access_token].map(live)).toEqual([false, true, true])
  sandbox.control.clock.advance(700)
  expect([next.access_token, again.access_token].map(live)).toEqual([true, true])
  const late = await refresh(refresh_token)
  expect(late.status).toBe(403)
  expect(await late.json()).toEqual({
    error: 'invalid_grant',
    error_description: 'Unknown or invalid refresh token.',
  })
  expect((await refresh(next.refresh_token)).status).toBe(403)
})

it('Xero lists connections, and its API wants one of them named', async () => {
  const scope = 'openid offline_access accounting.contacts.read'
  const { access_token } = await connect(sandbox, 'xero', { scope })
  const { body } = await get('/xero/connections', access_token)
  expect(body[0]).toMatchObject({ tenantType: 'ORGANISATION', tenantName: 'Analytical Engines Ltd' })
  expect(await get('/xero/api.xro/2.0/Contacts', access_token)).toMatchObject({
    status: 403,
    body: { Detail: 'AuthenticationUnsuccessful' },
  })
  const named = await get('/xero/api.xro/2.0/Contacts', access_token, {
    'xero-tenant-id': body[0].tenantId,
  })
  expect(named.status).toBe(200)
})

it('QuickBooks names the company in the callback, and the life of the refresh token in the answer', async () => {
  const scope = 'com.intuit.quickbooks.accounting'
  const location = await consent(authorizationUrl(sandbox, 'quickbooks', { scope }), {
    account: 'grace@example.com',
  })
  const realmId = location.searchParams.get('realmId')!
  const { body } = await byCode(sandbox, 'quickbooks', location.searchParams.get('code')!)
  expect(body).toMatchObject({
    x_refresh_token_expires_in: 8_726_400,
    expires_in: 3600,
    token_type: 'bearer',
  })
  const path = (realm: string) => `/quickbooks/v3/company/${realm}/companyinfo/${realm}`
  expect((await get(path(realmId), body.access_token)).body.CompanyInfo.CompanyName).toBe('Hopper Engines')
  expect((await get(path('9341452955272001'), body.access_token)).status).toBe(403)
})

describe('Shopify', () => {
  const at = (shop: string, path: string) => `${sandbox.url}/shopify/shops/${shop}/admin/${path}`
  const authorize = async (shop: string) => {
    const url = new URL(authorizationUrl(sandbox, 'shopify', { scope: 'read_products,read_orders' }))
    return consent(at(shop, `oauth/authorize${url.search}`))
  }

  it('signs the callback, and names the shop', async () => {
    const { searchParams } = await authorize('engines')
    const told = Object.fromEntries(searchParams)
    const { hmac, ...rest } = told
    const message = Object.keys(rest)
      .sort()
      .map((name) => `${name}=${rest[name]}`)
      .join('&')
    const secret = sandbox.clients.shopify!.client_secret
    expect(hmac).toBe(createHmac('sha256', secret).update(message).digest('hex'))
    expect(told).toMatchObject({ shop: 'engines.myshopify.com', state: 'state-1' })
  })

  it('answers by comma without a type, and takes codes and tokens only at their own shop', async () => {
    const code = (await authorize('engines')).searchParams.get('code')!
    const form = { ...sandbox.clients.shopify!, code }
    expect((await post(at('rival', 'oauth/access_token'), form)).status).toBe(400)
    const answer = (await (await post(at('engines', 'oauth/access_token'), form)).json()) as Answered
    expect(answer).toEqual({ access_token: expect.any(String), scope: 'read_products,read_orders' })
    const call = (shop: string, headers: Record<string, string>) =>
      fetch(at(shop, 'api/2025-10/shop.json'), { headers })
    const own = { 'x-shopify-access-token': answer.access_token }
    expect((await call('engines', own)).status).toBe(200)
    expect((await call('rival', own)).status).toBe(401)
    expect((await call('engines', { authorization: `Bearer ${answer.access_token}` })).status).toBe(401)
  })
})

it('Shopify answers GraphQL, and errors in 200', async () => {
  const at = `${sandbox.url}/shopify/shops/engines/admin`
  const url = new URL(authorizationUrl(sandbox, 'shopify'))
  const code = (await consent(`${at}/oauth/authorize${url.search}`)).searchParams.get('code')!
  const form = { ...sandbox.clients.shopify!, code }
  const { access_token } = (await (await post(`${at}/oauth/access_token`, form)).json()) as Answered
  const ask = async (query: string) => {
    const response = await fetch(`${at}/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: { 'x-shopify-access-token': access_token, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    return response.json()
  }
  expect(await ask('{ shop { name myshopifyDomain } }')).toMatchObject({
    data: { shop: { name: 'Lovelace Engines', myshopifyDomain: 'engines.myshopify.com' } },
  })
  expect(await ask('{ planets { id } }')).toEqual({
    errors: [{ message: "Field 'planets' doesn't exist on type 'QueryRoot'" }],
  })
})

it('Salesforce signs its answer, tells an origin and no lifetime, and answers there', async () => {
  const answer = await connect(sandbox, 'salesforce', { scope: 'api refresh_token' })
  expect(answer).not.toHaveProperty('expires_in')
  expect(answer.instance_url).toBe(sandbox.url)
  const { client_secret } = sandbox.clients.salesforce!
  const signature = createHmac('sha256', client_secret)
    .update(`${answer.id}${answer.issued_at}`)
    .digest('base64')
  expect(answer.signature).toBe(signature)
  const response = await fetch(
    `${answer.instance_url}/services/data/v62.0/query?q=SELECT+Name+FROM+Account`,
    {
      headers: { authorization: `Bearer ${answer.access_token}` },
    },
  )
  expect(await response.json()).toMatchObject({ totalSize: 1, done: true })
  expect((await byRefresh(sandbox, 'salesforce', answer.refresh_token)).body).not.toHaveProperty(
    'refresh_token',
  )
  expect(await connect(sandbox, 'salesforce', { scope: 'api' })).not.toHaveProperty('refresh_token')
})

it('HubSpot refuses Basic, repeats the refresh token, and tells of a token at its own path', async () => {
  const scope = 'crm.objects.contacts.read'
  const code = await askCode(sandbox, 'hubspot', { scope })
  expect(await byCode(sandbox, 'hubspot', code)).toMatchObject({
    status: 400,
    body: { status: 'BAD_CLIENT_ID' },
  })
  const answer = await inBody('hubspot', { scope })
  const again = withClient('hubspot', { grant_type: 'refresh_token', refresh_token: answer.refresh_token })
  const refreshed = (await (await post(urlsOf(sandbox, 'hubspot').token_url, again)).json()) as Answered
  expect(refreshed.refresh_token).toBe(answer.refresh_token)
  const told = await fetch(`${sandbox.url}/hubspot/oauth/v1/access-tokens/${answer.access_token}`)
  expect(await told.json()).toMatchObject({
    user: 'ada@example.com',
    scopes: [scope, 'oauth'],
    expires_in: 1800,
  })
  const path = `${sandbox.url}/hubspot/oauth/v1/refresh-tokens/${answer.refresh_token}`
  expect((await fetch(path, { method: 'DELETE' })).status).toBe(204)
  expect((await fetch(path, { method: 'DELETE' })).status).toBe(404)
  expect((await get('/hubspot/account-info/v3/details', answer.access_token)).status).toBe(200)
})

it('Dropbox gives a refresh token only for offline access, and takes null as arguments', async () => {
  expect(await connect(sandbox, 'dropbox')).not.toHaveProperty('refresh_token')
  const answer = await connect(sandbox, 'dropbox', { token_access_type: 'offline' })
  expect(answer).toMatchObject({ account_id: expect.stringMatching(/^dbid:/), uid: expect.any(String) })
  const ask = (body: string) =>
    fetch(`${sandbox.url}/dropbox/2/users/get_current_account`, {
      method: 'POST',
      headers: { authorization: `Bearer ${answer.access_token}`, 'content-type': 'application/json' },
      body,
    })
  expect(await (await ask('null')).json()).toMatchObject({ email: 'ada@example.com' })
  expect((await ask('{}')).status).toBe(400)
  expect((await byRefresh(sandbox, 'dropbox', answer.refresh_token)).body).toEqual({
    access_token: expect.any(String),
    token_type: 'bearer',
    expires_in: 14_400,
  })
})

it('Stripe knows the platform by its secret key, and tells of the account', async () => {
  const { client_secret } = sandbox.clients.stripe!
  const code = await askCode(sandbox, 'stripe', { scope: 'read_only' })
  const ask = (headers = {}) =>
    post(urlsOf(sandbox, 'stripe').token_url, { grant_type: 'authorization_code', code }, headers)
  expect((await ask()).status).toBe(401)
  const answer = (await (await ask({ authorization: `Bearer ${client_secret}` })).json()) as Answered
  expect(answer).toMatchObject({
    scope: 'read_only',
    livemode: false,
    stripe_user_id: 'acct_1Sandbox1047291',
    stripe_publishable_key: expect.stringMatching(/^pk_test_/),
  })
  const create = await post(
    `${sandbox.url}/stripe/v1/customers`,
    {},
    {
      authorization: `Bearer ${answer.access_token}`,
    },
  )
  expect(create.status).toBe(403)
})

describe('Outlook', () => {
  it('answers errors with numbers and trace ids, and keeps offline_access to itself', async () => {
    const { status, body } = await byCode(sandbox, 'outlook', 'none')
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [9_002_313] })
    expect(body.error_description).toMatch(
      /^AADSTS9002313: .* Trace ID: [\da-f-]{36} Correlation ID: [\da-f-]{36} Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
    )
    expect(body.error_description).toContain(body.trace_id)
    const url = authorizationUrl(sandbox, 'outlook', {
      scope: 'offline_access https://graph.microsoft.com/Mail.Read',
    })
    const at = decodeURIComponent(url.split('?')[0]!).replace('{tenant}', 'organizations')
    const code = (await consent(`${at}?${url.split('?')[1]}`)).searchParams.get('code')!
    const answer = await post(
      urlsOf(sandbox, 'outlook').token_url.replace('{tenant}', 'organizations'),
      withClient('outlook', { code }),
    )
    expect(await answer.json()).toMatchObject({
      scope: 'Mail.Read',
      ext_expires_in: 3599,
      refresh_token: expect.any(String),
    })
  })

  it('tells the client of an unknown scope', async () => {
    const url = authorizationUrl(sandbox, 'outlook', { scope: 'Mail.Fly' }).replace('%7Btenant%7D', 'common')
    const { searchParams } = await consent(url)
    expect(searchParams.get('error_description')).toContain('AADSTS650053')
    const said = await consent(url.replace('Mail.Fly', 'Mail.Read'), { deny: true })
    expect(said.searchParams.get('error_subcode')).toBe('cancel')
  })
})

it('Linear answers the fields that were asked for, and names those that it lacks', async () => {
  const { access_token } = await connect(sandbox, 'linear', { scope: 'read' })
  const ask = async (query: string) => {
    const response = await fetch(`${sandbox.url}/linear/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    return { status: response.status, body: await response.json() }
  }
  expect((await ask('query Me { viewer { email organization { urlKey } } }')).body).toEqual({
    data: { viewer: { email: 'ada@example.com', organization: { urlKey: 'engines' } } },
  })
  expect((await ask('{ planets { id } }')).status).toBe(400)
  expect((await ask('mutation { issueCreate(input: { title: "x" }) { success } }')).status).toBe(403)
})

it('exchanges a short token for a long one, by GET, and again before it ends', async () => {
  const url = urlsOf(sandbox, 'plain-exchange').token_url
  const short = await inBody('plain-exchange', { scope: 'email' })
  expect(short.expires_in).toBe(3600)
  const exchange = async (token: string) => {
    const query = new URLSearchParams({
      ...sandbox.clients['plain-exchange']!,
      grant_type: 'exchange_token',
      exchange_token: token,
    })
    const response = await fetch(`${url}?${query}`)
    return { status: response.status, body: (await response.json()) as Answered }
  }
  const long = await exchange(short.access_token)
  expect(long.body.expires_in).toBe(60 * 86_400)
  sandbox.control.clock.advance(3601)
  expect((await get('/plain-exchange/me', short.access_token)).status).toBe(400)
  expect((await get('/plain-exchange/me', long.body.access_token)).body.email).toBe('ada@example.com')
  expect((await exchange(short.access_token)).status).toBe(400)
  expect((await exchange(long.body.access_token)).body.access_token).not.toBe(long.body.access_token)
})

it('verifies PKCE where the real one does and passes over it where that does', async () => {
  const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }
  const wrong = VERIFIER.replace('a', 'b')
  const xero = await askCode(sandbox, 'xero', { scope: 'openid', ...pkce })
  expect((await byCode(sandbox, 'xero', xero, { code_verifier: wrong })).body.error).toBe('invalid_grant')
  const zoom = await askCode(sandbox, 'zoom', pkce)
  expect((await byCode(sandbox, 'zoom', zoom, { code_verifier: VERIFIER })).status).toBe(200)
  const scope = 'com.intuit.quickbooks.accounting'
  const quickbooks = await askCode(sandbox, 'quickbooks', { scope, ...pkce })
  expect((await byCode(sandbox, 'quickbooks', quickbooks, { code_verifier: wrong })).status).toBe(200)
  const plain = await consent(
    authorizationUrl(sandbox, 'github', { code_challenge: VERIFIER, code_challenge_method: 'plain' }),
  )
  expect(plain.searchParams.get('error')).toBe('invalid_request')
})
