import {
  authorizationUrl,
  type CallbackQuirks,
  type Client,
  classify,
  type ProviderError,
  processTokenResponse,
  refreshRequest,
  revocationRequest,
  Secret,
} from '@grantry/oauth'
import { describe, expect, test } from 'vitest'
import { catalogue, type Provider } from './index.ts'

const entry = (name: string): Provider => catalogue.get(name)!
const client: Client = { client_id: 'id', client_secret: new Secret('shh'), auth_method: 'auto' }
const now = Date.UTC(2026, 10, 1)

const read = (name: string, body: string | object, status = 200) =>
  processTokenResponse(
    entry(name),
    new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }),
    { now, requested_scopes: ['asked'] },
  )

const refusal = async (name: string, body: string | object, status = 200) => {
  const error = (await read(name, body, status).catch((thrown: unknown) => thrown)) as ProviderError
  return { error: error.facts.error, verdict: classify(error.facts, entry(name)) }
}

const asksFor = (name: string, params: Record<string, string> = {}) => {
  const { scopes, authorize } = entry(name)
  const url = new URL(
    authorizationUrl({
      profile: entry(name),
      params,
      client_id: 'id',
      redirect_uri: 'https://grantry.example/callback',
      scopes: scopes.write.map(({ scope }) => scope),
      state: 'state',
      code_challenge: authorize?.pkce === 'none' ? null : 'challenge',
    }),
  )
  return { at: url.origin + url.pathname, ...Object.fromEntries(url.searchParams) }
}

const revokes = async (name: string, more: { params?: object; metadata?: object } = {}) => {
  const request = await revocationRequest({
    profile: entry(name),
    client,
    refresh_token: new Secret('old-refresh'),
    access_token: new Secret('old-access'),
    ...(more as { params?: Record<string, string>; metadata?: Record<string, string> }),
  })
  if (request === 'unsupported') return request
  const { method, headers, body } = request.init
  return { method, url: request.url, authorization: headers.authorization, headers, body }
}

const basic = `Basic ${btoa('id:shh')}`
const google = {
  access_token: 'A',
  expires_in: 3599,
  refresh_token: 'R',
  scope: 'openid email',
  token_type: 'Bearer',
}
const plain = { access_token: 'A', token_type: 'bearer', expires_in: 3600, refresh_token: 'R', scope: 'a b' }

/** An answer in the shape of each provider's documentation, and what it comes down to. */
const answers: Record<string, [body: string | object, expected: object]> = {
  gmail: [google, { expires_in: 3599, scopes: ['openid', 'email'] }],
  'google-calendar': [google, { expires_in: 3599, scopes: ['openid', 'email'] }],
  'google-drive': [google, { expires_in: 3599, scopes: ['openid', 'email'] }],
  outlook: [
    { ...plain, ext_expires_in: 3600, scope: 'Mail.Read User.Read' },
    { scopes: ['Mail.Read', 'User.Read'] },
  ],
  slack: [
    {
      ok: true,
      app_id: 'A1',
      authed_user: { id: 'U1', scope: 'chat:write,users:read', access_token: 'A', token_type: 'user' },
      team: { id: 'T1', name: 'Acme' },
      enterprise: null,
      is_enterprise_install: false,
    },
    {
      refresh: null,
      expires_in: null,
      scopes: ['chat:write', 'users:read'],
      metadata: { team_id: 'T1', team_name: 'Acme' },
    },
  ],
  github: [
    { access_token: 'A', scope: 'repo,read:user', token_type: 'bearer' },
    { refresh: null, expires_in: null, scopes: ['repo', 'read:user'] },
  ],
  gitlab: [{ ...plain, expires_in: 7200, created_at: 1607635748 }, { expires_in: 7200 }],
  pipedrive: [
    { ...plain, scope: 'base,deals:read', api_domain: 'https://acme.pipedrive.com' },
    { scopes: ['base', 'deals:read'], metadata: { api_domain: 'https://acme.pipedrive.com' } },
  ],
  hubspot: [
    {
      token_type: 'bearer',
      refresh_token: 'R',
      hub_id: 62515,
      scopes: ['oauth', 'tickets'],
      access_token: 'A',
      expires_in: 1800,
    },
    { expires_in: 1800, scopes: ['oauth', 'tickets'], metadata: { hub_id: '62515' } },
  ],
  salesforce: [
    {
      access_token: '00D!A',
      refresh_token: 'R',
      signature: 's',
      scope: 'refresh_token openid api',
      instance_url: 'https://acme.my.salesforce.com',
      id: 'https://login.salesforce.com/id/00D/005',
      token_type: 'Bearer',
      issued_at: '1558553873237',
    },
    {
      access: '00D!A',
      expires_in: 7200,
      metadata: {
        instance_url: 'https://acme.my.salesforce.com',
        identity_url: 'https://login.salesforce.com/id/00D/005',
      },
    },
  ],
  notion: [
    {
      access_token: 'A',
      token_type: 'bearer',
      refresh_token: 'R',
      bot_id: 'b',
      workspace_icon: null,
      workspace_name: 'Acme',
      workspace_id: 'w',
      owner: { type: 'user', user: { object: 'user', id: 'u' } },
      duplicated_template_id: null,
    },
    {
      expires_in: null,
      scopes: ['asked'],
      metadata: { bot_id: 'b', workspace_id: 'w', workspace_name: 'Acme' },
    },
  ],
  linear: [
    { access_token: 'A', token_type: 'Bearer', expires_in: 86399, scope: 'read write', refresh_token: 'R' },
    { expires_in: 86399, scopes: ['read', 'write'] },
  ],
  jira: [plain, { expires_in: 3600, scopes: ['a', 'b'] }],
  zoom: [
    { ...plain, api_url: 'https://api.zoom.us' },
    { expires_in: 3600, metadata: { api_url: 'https://api.zoom.us' } },
  ],
  xero: [{ ...plain, expires_in: 1800, id_token: 'i' }, { expires_in: 1800 }],
  quickbooks: [
    {
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: 'R',
      x_refresh_token_expires_in: 8726400,
      access_token: 'A',
    },
    { expires_in: 3600, refresh_expires_in: 8726400, scopes: ['asked'] },
  ],
  shopify: [
    {
      access_token: 'A',
      scope: 'write_orders,read_customers',
      expires_in: 3600,
      refresh_token: 'R',
      refresh_token_expires_in: 7776000,
    },
    { expires_in: 3600, refresh_expires_in: 7776000, scopes: ['write_orders', 'read_customers'] },
  ],
  dropbox: [
    { ...plain, expires_in: 14400, uid: '12345', account_id: 'dbid:AAH' },
    { expires_in: 14400, metadata: { account_id: 'dbid:AAH' } },
  ],
  discord: [{ ...plain, expires_in: 604800, scope: 'identify email' }, { expires_in: 604800 }],
  stripe: [
    {
      token_type: 'bearer',
      stripe_publishable_key: 'pk',
      scope: 'read_write',
      livemode: false,
      stripe_user_id: 'acct_1',
      refresh_token: 'R',
      access_token: 'A',
    },
    { expires_in: null, scopes: ['read_write'], metadata: { stripe_user_id: 'acct_1', livemode: 'false' } },
  ],
}

test('there is an answer of every provider', () => {
  expect(Object.keys(answers).sort()).toEqual([...catalogue.keys()].sort())
})

test.each(Object.entries(answers))(
  '%s: its documented answer is understood',
  async (name, [body, expected]) => {
    const set = await read(name, body)
    const { access = 'A', refresh = 'R', ...rest } = expected as { access?: string; refresh?: string | null }
    expect(set).toMatchObject(rest)
    expect(set.access_token.expose()).toBe(access)
    expect(set.refresh_token?.expose() ?? null).toBe(refresh)
  },
)

test('slack: a refreshed user token and a bot’s lie on top', async () => {
  for (const token_type of ['user', 'bot']) {
    const set = await read('slack', {
      ok: true,
      access_token: 'A2',
      refresh_token: 'R2',
      expires_in: 43200,
      token_type,
    })
    expect(set.access_token.expose()).toBe('A2')
    expect(set.refresh_token?.expose()).toBe('R2')
    expect(set.expires_in).toBe(43200)
  }
})

test('slack: with both tokens, all of it is the person’s', async () => {
  const set = await read('slack', {
    ok: true,
    access_token: 'bot',
    token_type: 'bot',
    scope: 'commands',
    refresh_token: 'bot-refresh',
    expires_in: 1,
    authed_user: {
      access_token: 'A',
      refresh_token: 'R',
      expires_in: 43200,
      scope: 'chat:write',
      token_type: 'user',
    },
  })
  expect(set).toMatchObject({ expires_in: 43200, scopes: ['chat:write'] })
  expect([set.access_token.expose(), set.refresh_token?.expose()]).toEqual(['A', 'R'])
})

test('github: form-encoded answers are understood too', async () => {
  const set = await processTokenResponse(
    entry('github'),
    new Response('access_token=A&scope=repo%2Cgist&token_type=bearer', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
    { now },
  )
  expect(set.scopes).toEqual(['repo', 'gist'])
})

describe('a refusal in the provider’s own words', () => {
  test.each([
    ['slack', { ok: false, error: 'bad_client_secret' }, 200, 'invalid_client', 'misconfigured'],
    ['slack', { ok: false, error: 'invalid_refresh_token' }, 200, 'invalid_grant', 'ended'],
    ['slack', { ok: false, error: 'token_revoked' }, 200, 'token_revoked', 'ended'],
    ['slack', { ok: false, error: 'ratelimited' }, 200, 'ratelimited', 'throttled'],
    ['slack', { ok: false, error: 'fatal_error' }, 200, 'server_error', 'transient'],
    ['slack', { ok: false, error: 'service_unavailable' }, 200, 'temporarily_unavailable', 'transient'],
    ['slack', { ok: false, error: 'not_today' }, 200, 'not_today', 'transient'],
    ['github', { error: 'incorrect_client_credentials' }, 200, 'invalid_client', 'misconfigured'],
    ['github', 'error=bad_verification_code&error_description=expired', 200, 'invalid_grant', 'ended'],
    ['hubspot', { status: 'BAD_REFRESH_TOKEN', message: 'missing' }, 400, 'invalid_grant', 'ended'],
    ['hubspot', { error: 'invalid_grant', message: 'missing' }, 400, 'invalid_grant', 'ended'],
    [
      'outlook',
      { error: 'interaction_required', error_codes: [50076] },
      400,
      'interaction_required',
      'ended',
    ],
    ['jira', { error: 'invalid_grant', error_description: 'Unknown token' }, 403, 'invalid_grant', 'ended'],
    ['salesforce', { error: 'invalid_client_id' }, 400, 'invalid_client', 'misconfigured'],
    ['zoom', { reason: 'Invalid Token!', error: 'invalid_grant' }, 401, 'invalid_grant', 'ended'],
  ])('%s %j', async (name, body, status, error, verdict) => {
    expect(await refusal(name, body, status)).toEqual({ error, verdict })
  })
})

describe('the consent that is asked for', () => {
  test('slack asks for the person’s scopes apart from a bot’s, with commas', () => {
    const query = asksFor('slack') as Record<string, string>
    expect(query).toMatchObject({
      user_scope: 'channels:read,channels:history,users:read,search:read,chat:write',
    })
    expect(query).not.toHaveProperty('scope')
    expect(query).not.toHaveProperty('code_challenge')
  })
  test('notion sends no scopes', () => {
    expect(asksFor('notion')).toMatchObject({ owner: 'user' })
    expect(asksFor('notion')).not.toHaveProperty('scope')
  })
  test('linear separates scopes by commas', () => {
    expect(asksFor('linear')).toMatchObject({ scope: 'read,write', code_challenge_method: 'S256' })
  })
  test('jira names its audience', () => {
    expect(asksFor('jira')).toMatchObject({ audience: 'api.atlassian.com', prompt: 'consent' })
  })
  test('dropbox asks for a token that can be renewed', () => {
    expect(asksFor('dropbox')).toMatchObject({ token_access_type: 'offline' })
  })
  test('shopify asks at the shop', () => {
    const url = 'https://acme.myshopify.com/admin/oauth/authorize'
    expect(asksFor('shopify', { shop: 'acme' })).toMatchObject({ at: url })
    for (const shop of ['evil.com/', 'a.b', '', 'a@b']) expect(() => asksFor('shopify', { shop })).toThrow()
  })
  test('outlook asks in the common directory unless told another', () => {
    const at = (tenant: string) => `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize`
    expect(asksFor('outlook')).toMatchObject({ at: at('common') })
    expect(asksFor('outlook', { tenant: 'acme' })).toMatchObject({ at: at('acme') })
  })
  test('salesforce asks at its own hosts only', () => {
    const asked = asksFor('salesforce', { login_url: 'https://acme.my.salesforce.com' })
    expect(asked.at).toBe('https://acme.my.salesforce.com/services/oauth2/authorize')
    expect(asksFor('salesforce').at).toMatch(/^https:\/\/login\.salesforce\.com\//)
    expect(() => asksFor('salesforce', { login_url: 'https://evil.example' })).toThrow()
  })
  test('quickbooks keeps the company that the redirect tells', () => {
    const expected: CallbackQuirks = { metadata: ['realmId'] }
    expect(entry('quickbooks').callback).toEqual(expected)
  })
})

describe('revocation', () => {
  test('github: the token in JSON, the app by Basic although the token endpoint takes the body', async () => {
    expect(await revokes('github')).toMatchObject({
      method: 'DELETE',
      url: 'https://api.github.com/applications/id/token',
      authorization: basic,
      body: '{"access_token":"old-access"}',
    })
  })
  test('stripe: the account, with the platform’s key and no token', async () => {
    const request = await revokes('stripe', { metadata: { stripe_user_id: 'acct_1' } })
    expect(request).toMatchObject({
      authorization: 'Bearer shh',
      body: 'client_id=id&stripe_user_id=acct_1',
    })
  })
  test('shopify: the token where the API takes it', async () => {
    const request = await revokes('shopify', { params: { shop: 'acme' } })
    expect(request).toMatchObject({
      method: 'DELETE',
      url: 'https://acme.myshopify.com/admin/api_permissions/current.json',
      headers: { 'x-shopify-access-token': 'old-access' },
    })
    expect(request).toMatchObject({ authorization: undefined })
  })
  test('notion: JSON with its version', async () => {
    expect(await revokes('notion')).toMatchObject({
      authorization: basic,
      headers: { 'notion-version': '2025-09-03' },
      body: '{"token":"old-access"}',
    })
  })
  test.each(['slack', 'dropbox', 'linear'])('%s: the token itself says which', async (name) => {
    expect(await revokes(name)).toMatchObject({ method: 'POST', authorization: 'Bearer old-access' })
  })
  test.each(['hubspot', 'gitlab', 'xero'])('%s: its refresh token', async (name) => {
    expect(await revokes(name)).toMatchObject({ body: expect.stringContaining('token=old-refresh') })
  })
  test.each(['jira', 'outlook'])('%s: there is none', async (name) => {
    expect(await revokes(name)).toBe('unsupported')
  })
})

test.each([...catalogue])(
  '%s: is refreshed by a request to its token URL, or its tokens do not end',
  async (_, profile) => {
    const params = Object.fromEntries(
      Object.entries(profile.params ?? {}).map(([name, param]) => [
        name,
        param.default ?? param.example ?? '',
      ]),
    )
    const refreshing = refreshRequest({
      profile,
      client,
      params,
      refresh_token: new Secret('R'),
      redirect_uri: 'https://grantry.example/callback',
    })
    if (profile.refresh?.by === 'none') return expect(refreshing).rejects.toThrow('not refreshed')
    const { init } = await refreshing
    expect(init.body).toMatch(/refresh_token/)
  },
)
