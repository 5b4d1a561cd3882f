import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answered, askCode, authorizationUrl, basic, REDIRECT, urlsOf } from './client.fixture.ts'
import { type Sandbox, startSandbox } from './start.ts'

type Send = { method?: string; path: string; headers?: Record<string, string>; json?: unknown }
type Revoke = {
  method?: 'POST' | 'DELETE'
  path: string
  by: 'client' | 'body' | 'bearer' | 'none' | 'secret'
  form?: Record<string, string>
  json?: Record<string, string>
  headers?: Record<string, string>
}

/** What a client has to know of a provider, said here once more and not read from its table. */
type Facts = {
  authorize?: Record<string, string>
  auth: 'basic' | 'post'
  /** The other of the two is refused. */
  only?: true
  body?: 'json'
  /** Where the answer holds the access token. Default: `access_token`. */
  token?: (answer: Answered) => string
  api: Send
  account: { path: string; method?: string; json?: unknown; id: (answer: Answered) => unknown; is: unknown }
  tokenHeader?: string
  /** Seconds, null where the tokens do not end. */
  lives: number | null
  tellsLifetime?: false
  refreshes: boolean
  rotates?: true
  /** A second use of a rotated refresh token within that many seconds is taken. */
  leeway?: number
  killsAccessToken?: true
  /** What an API call with an ended token is answered. */
  refused: { status: number; body: unknown }
  wrongSecret: { status: number; body: unknown }
  revoke: ((tokens: { access: string; refresh: string; answer: Answered }) => Revoke) | null
  /** The access token lives on after the revocation. */
  survives?: true
}

const google = (api: string, scope: string): Facts => ({
  authorize: { scope: `openid email ${scope}`, access_type: 'offline', prompt: 'consent' },
  auth: 'post',
  api: { path: api },
  account: { path: '/v1/userinfo', id: ({ email }) => email, is: 'ada@example.com' },
  lives: 3599,
  refreshes: true,
  refused: { status: 401, body: { error: { status: 'UNAUTHENTICATED' } } },
  wrongSecret: { status: 401, body: { error: 'invalid_client' } },
  revoke: ({ refresh }) => ({ path: '/revoke', by: 'none', form: { token: refresh } }),
})

const facts: Record<string, Facts> = {
  gmail: google('/gmail/v1/users/me/profile', 'https://www.googleapis.com/auth/gmail.readonly'),
  'google-calendar': google(
    '/calendar/v3/calendars/primary/events',
    'https://www.googleapis.com/auth/calendar.readonly',
  ),
  'google-drive': google('/drive/v3/files', 'https://www.googleapis.com/auth/drive.readonly'),
  outlook: {
    authorize: { scope: 'offline_access User.Read Mail.Read' },
    auth: 'post',
    api: { path: '/v1.0/me/messages' },
    account: { path: '/v1.0/me', id: ({ userPrincipalName }) => userPrincipalName, is: 'ada@example.com' },
    lives: 3599,
    refreshes: true,
    rotates: true,
    leeway: 90 * 86_400,
    refused: { status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } },
    wrongSecret: { status: 401, body: { error: 'invalid_client', error_codes: [7000215] } },
    revoke: null,
  },
  slack: {
    authorize: { scope: 'chat:write,channels:read' },
    auth: 'basic',
    api: { path: '/api/conversations.list' },
    account: { path: '/api/auth.test', id: ({ team_id }) => team_id, is: 'T0SANDBOX' },
    lives: null,
    refreshes: false,
    refused: { status: 200, body: { ok: false, error: 'token_revoked' } },
    wrongSecret: { status: 200, body: { ok: false, error: 'bad_client_secret' } },
    revoke: () => ({ path: '/api/auth.revoke', by: 'bearer' }),
  },
  github: {
    authorize: { scope: 'repo read:user' },
    auth: 'post',
    api: { path: '/user/repos' },
    account: { path: '/user', id: ({ login }) => login, is: 'ada' },
    lives: null,
    refreshes: false,
    refused: { status: 401, body: { message: 'Bad credentials' } },
    wrongSecret: { status: 200, body: { error: 'incorrect_client_credentials' } },
    revoke: ({ access }) => ({
      method: 'DELETE',
      path: '/applications/Ov23liSandbox/token',
      by: 'client',
      json: { access_token: access },
    }),
  },
  gitlab: {
    authorize: { scope: 'read_user read_api' },
    auth: 'post',
    api: { path: '/api/v4/projects' },
    account: { path: '/api/v4/user', id: ({ username }) => username, is: 'ada' },
    lives: 7200,
    refreshes: true,
    rotates: true,
    killsAccessToken: true,
    refused: { status: 401, body: { error: 'invalid_token' } },
    wrongSecret: { status: 401, body: { error: 'invalid_client' } },
    revoke: ({ access }) => ({ path: '/oauth/revoke', by: 'client', form: { token: access } }),
  },
  pipedrive: {
    auth: 'basic',
    only: true,
    api: { path: '/api/v2/deals' },
    account: { path: '/api/v1/users/me', id: ({ data }) => data.email, is: 'ada@example.com' },
    lives: 3599,
    refreshes: true,
    rotates: true,
    refused: { status: 401, body: { success: false } },
    wrongSecret: { status: 400, body: { error: 'invalid_client' } },
    revoke: ({ refresh }) => ({ path: '/oauth/revoke', by: 'client', form: { token: refresh } }),
  },
  hubspot: {
    authorize: { scope: 'crm.objects.contacts.read' },
    auth: 'post',
    only: true,
    api: { path: '/crm/v3/objects/contacts' },
    account: { path: '/account-info/v3/details', id: ({ portalId }) => portalId, is: 14_472_901 },
    lives: 1800,
    refreshes: true,
    refused: { status: 401, body: { status: 'error', category: 'EXPIRED_AUTHENTICATION' } },
    wrongSecret: { status: 400, body: { status: 'BAD_CLIENT_SECRET' } },
    revoke: ({ refresh }) => ({
      path: '/oauth/2026-03/token/revoke',
      by: 'body',
      form: { token: refresh },
    }),
    survives: true,
  },
  salesforce: {
    authorize: { scope: 'api refresh_token id' },
    auth: 'post',
    api: { path: '/services/data/v62.0/query?q=SELECT+Name+FROM+Account' },
    account: {
      path: '/services/oauth2/userinfo',
      id: ({ preferred_username }) => preferred_username,
      is: 'ada@example.com',
    },
    lives: 7200,
    tellsLifetime: false,
    refreshes: true,
    refused: { status: 401, body: [{ errorCode: 'INVALID_SESSION_ID' }] },
    wrongSecret: { status: 400, body: { error: 'invalid_client' } },
    revoke: ({ refresh }) => ({ path: '/services/oauth2/revoke', by: 'none', form: { token: refresh } }),
  },
  notion: {
    authorize: { owner: 'user' },
    auth: 'basic',
    only: true,
    body: 'json',
    api: { method: 'POST', path: '/v1/search', json: {}, headers: { 'notion-version': '2022-06-28' } },
    account: { path: '/v1/users/me', id: ({ bot }) => bot.owner.user.person.email, is: 'ada@example.com' },
    lives: null,
    refreshes: true,
    rotates: true,
    killsAccessToken: true,
    refused: { status: 401, body: { object: 'error', code: 'unauthorized' } },
    wrongSecret: { status: 401, body: { error: 'invalid_client' } },
    revoke: ({ access }) => ({ path: '/v1/oauth/revoke', by: 'client', json: { token: access } }),
  },
  linear: {
    authorize: { scope: 'read,write' },
    auth: 'post',
    api: { method: 'POST', path: '/graphql', json: { query: '{ issues { nodes { id } } }' } },
    account: {
      method: 'POST',
      path: '/graphql',
      json: { query: 'query { viewer { id email } }' },
      id: ({ data }) => data.viewer.email,
      is: 'ada@example.com',
    },
    lives: 86_399,
    refreshes: true,
    rotates: true,
    leeway: 1800,
    refused: { status: 401, body: { errors: [{ extensions: { code: 'AUTHENTICATION_ERROR' } }] } },
    wrongSecret: { status: 401, body: { error: 'invalid_client' } },
    revoke: () => ({ path: '/oauth/revoke', by: 'bearer' }),
  },
  jira: {
    authorize: {
      scope: 'read:jira-work read:me offline_access',
      audience: 'api.atlassian.com',
      prompt: 'consent',
    },
    auth: 'post',
    only: true,
    body: 'json',
    api: { path: '/oauth/token/accessible-resources' },
    account: { path: '/me', id: ({ email }) => email, is: 'ada@example.com' },
    lives: 3600,
    refreshes: true,
    rotates: true,
    leeway: 600,
    refused: { status: 401, body: { code: 401, message: 'Unauthorized' } },
    wrongSecret: { status: 401, body: { error: 'access_denied', error_description: 'Unauthorized' } },
    revoke: null,
  },
  zoom: {
    authorize: { scope: 'user:read:user meeting:read:list_meetings' },
    auth: 'basic',
    only: true,
    api: { path: '/v2/users/me/meetings' },
    account: { path: '/v2/users/me', id: ({ email }) => email, is: 'ada@example.com' },
    lives: 3599,
    refreshes: true,
    rotates: true,
    refused: { status: 401, body: { code: 124 } },
    wrongSecret: { status: 401, body: { reason: 'Invalid client_id or client_secret' } },
    revoke: ({ access }) => ({
      path: `/oauth/revoke?token=${access}`,
      by: 'client',
    }),
  },
  xero: {
    authorize: { scope: 'openid email offline_access accounting.contacts.read' },
    auth: 'basic',
    api: {
      path: '/api.xro/2.0/Contacts',
      headers: { 'xero-tenant-id': '10472900-0000-4000-8000-0000000003e1' },
    },
    account: { path: '/connect/userinfo', id: ({ email }) => email, is: 'ada@example.com' },
    lives: 1800,
    refreshes: true,
    rotates: true,
    leeway: 1800,
    refused: { status: 401, body: { Title: 'Unauthorized', Status: 401 } },
    wrongSecret: { status: 400, body: { error: 'invalid_client' } },
    revoke: ({ refresh }) => ({ path: '/connect/revocation', by: 'client', form: { token: refresh } }),
  },
  quickbooks: {
    authorize: { scope: 'com.intuit.quickbooks.accounting openid email' },
    auth: 'basic',
    only: true,
    api: { path: '/v3/company/9341452955272001/companyinfo/9341452955272001' },
    account: { path: '/v1/openid_connect/userinfo', id: ({ email }) => email, is: 'ada@example.com' },
    lives: 3600,
    refreshes: true,
    rotates: true,
    leeway: 86_400,
    refused: { status: 401, body: { fault: { type: 'AUTHENTICATION' } } },
    wrongSecret: { status: 401, body: { error: 'invalid_client' } },
    revoke: ({ refresh }) => ({ path: '/v2/oauth2/tokens/revoke', by: 'client', json: { token: refresh } }),
  },
  shopify: {
    authorize: { scope: 'read_products,write_orders' },
    auth: 'post',
    only: true,
    tokenHeader: 'x-shopify-access-token',
    api: { path: '/shops/engines/admin/api/2025-10/products.json' },
    account: {
      path: '/shops/engines/admin/api/2025-10/shop.json',
      id: ({ shop }) => shop.myshopify_domain,
      is: 'engines.myshopify.com',
    },
    lives: null,
    refreshes: false,
    refused: { status: 401, body: { errors: expect.stringContaining('[API] Invalid API key') } },
    wrongSecret: { status: 400, body: { error: 'invalid_client' } },
    revoke: ({ access }) => ({
      method: 'DELETE',
      path: '/shops/engines/admin/api_permissions/current.json',
      by: 'none',
      headers: { 'x-shopify-access-token': access },
    }),
  },
  dropbox: {
    authorize: { scope: 'account_info.read files.metadata.read', token_access_type: 'offline' },
    auth: 'basic',
    api: { method: 'POST', path: '/2/files/list_folder', json: { path: '' } },
    account: {
      method: 'POST',
      path: '/2/users/get_current_account',
      json: null,
      id: ({ email }) => email,
      is: 'ada@example.com',
    },
    lives: 14_400,
    refreshes: true,
    refused: { status: 401, body: { error: { '.tag': 'expired_access_token' } } },
    wrongSecret: { status: 401, body: { error: 'invalid_client' } },
    revoke: () => ({ path: '/2/auth/token/revoke', by: 'bearer' }),
  },
  discord: {
    authorize: { scope: 'identify email guilds' },
    auth: 'basic',
    api: { path: '/api/v10/users/@me/guilds' },
    account: { path: '/api/v10/users/@me', id: ({ email }) => email, is: 'ada@example.com' },
    lives: 604_800,
    refreshes: true,
    rotates: true,
    killsAccessToken: true,
    refused: { status: 401, body: { message: '401: Unauthorized', code: 0 } },
    wrongSecret: { status: 401, body: { error: 'invalid_client' } },
    revoke: ({ access }) => ({ path: '/api/oauth2/token/revoke', by: 'client', form: { token: access } }),
  },
  stripe: {
    authorize: { scope: 'read_write' },
    auth: 'post',
    api: { path: '/v1/customers' },
    account: { path: '/v1/account', id: ({ id }) => id, is: 'acct_1Sandbox1047291' },
    lives: null,
    refreshes: true,
    refused: { status: 401, body: { error: { type: 'invalid_request_error' } } },
    wrongSecret: { status: 401, body: { error: 'invalid_client' } },
    revoke: ({ answer }) => ({
      path: '/oauth/deauthorize',
      by: 'secret',
      form: { client_id: 'ca_sandbox104729', stripe_user_id: answer.stripe_user_id },
    }),
  },
  plain: {
    authorize: { scope: 'read' },
    auth: 'basic',
    api: { path: '/api/echo' },
    account: { path: '/userinfo', id: ({ email }) => email, is: 'ada@example.com' },
    lives: 3600,
    refreshes: true,
    rotates: true,
    refused: { status: 401, body: { error: 'invalid_token' } },
    wrongSecret: { status: 401, body: { error: 'invalid_client' } },
    revoke: ({ refresh }) => ({ path: '/revoke', by: 'client', form: { token: refresh } }),
  },
  'plain-exchange': {
    authorize: { scope: 'email,posts' },
    auth: 'post',
    only: true,
    api: { path: '/me/posts' },
    account: { path: '/me', id: ({ email }) => email, is: 'ada@example.com' },
    lives: 3600,
    refreshes: false,
    refused: { status: 400, body: { error: { code: 190 } } },
    wrongSecret: { status: 400, body: { error: { type: 'OAuthException' } } },
    revoke: () => ({ method: 'DELETE', path: '/me/permissions', by: 'bearer' }),
  },
}

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

it('has facts about everybody who is played', () => {
  expect(Object.keys(facts).sort()).toEqual(
    [...Object.keys(sandbox.providers), ...Object.keys(sandbox.generic)].sort(),
  )
})

describe.each(Object.entries(facts))('%s', (name, fact) => {
  const filled = (url: string) => url.replace('{shop}', 'engines').replace('{tenant}', 'common')
  const read = async (response: Response) => {
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as Answered }
  }
  const askToken = async (fields: Record<string, string>, how = {}) => {
    const { auth, body } = { ...fact, ...how }
    const client = { ...sandbox.clients[name]!, ...how }
    const all = {
      ...fields,
      ...(auth === 'post' ? { client_id: client.client_id, client_secret: client.client_secret } : {}),
    }
    const response = await fetch(filled(urlsOf(sandbox, name).token_url), {
      method: 'POST',
      headers: {
        accept: 'application/json',
        ...(auth === 'basic' ? { authorization: basic(client) } : {}),
        ...(body === 'json' ? { 'content-type': 'application/json' } : {}),
      },
      body: body === 'json' ? JSON.stringify(all) : new URLSearchParams(all),
    })
    return read(response)
  }
  const consent = async (params = {}) => {
    const url = new URL(filled(authorizationUrl(sandbox, name, { ...fact.authorize, ...params })))
    // The parser encodes braces that were in the path.
    url.pathname = filled(decodeURIComponent(url.pathname))
    const location = new URL(await sandbox.control.consent(url.href))
    return location.searchParams.get('code')!
  }
  const byCode = (code: string, how = {}) =>
    askToken({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT }, how)
  const byRefresh = (token: string) => askToken({ grant_type: 'refresh_token', refresh_token: token })
  const send = async (token: string, { method = 'GET', path, headers, json }: Send) =>
    read(
      await fetch(`${sandbox.url}/${name}${path}`, {
        method,
        headers: {
          [fact.tokenHeader ?? 'authorization']: fact.tokenHeader ? token : `Bearer ${token}`,
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      }),
    )
  const isRefused = async (token: string) =>
    expect(await send(token, fact.api)).toMatchObject({ status: fact.refused.status })

  it('goes from authorization to the end of the tokens', async () => {
    const first = (await byCode(await consent())).body
    const access = fact.token?.(first) ?? first.access_token
    expect(access).toContain('sandboxcanary')
    expect(first.expires_in).toBe(
      fact.lives === null || fact.tellsLifetime === false ? undefined : fact.lives,
    )
    expect(typeof first.refresh_token === 'string').toBe(fact.refreshes)
    const used = await send(access, fact.api)
    expect(used.status).toBe(200)
    expect(used.body).not.toMatchObject({ ok: false })
    const { path, method, json } = fact.account
    const me = await send(access, {
      path,
      ...(method ? { method } : {}),
      ...(json === undefined ? {} : { json }),
      headers: fact.api.headers ?? {},
    })
    expect(fact.account.id(me.body)).toBe(fact.account.is)
    sandbox.control.clock.advance(fact.lives === null ? 400 * 86_400 : fact.lives + 1)
    if (fact.lives === null) expect((await send(access, fact.api)).status).toBe(200)
    else expect(await send(access, fact.api)).toMatchObject(fact.refused)
    if (!fact.refreshes) expect((await byRefresh('any')).body.access_token).toBeUndefined()
  })

  it.runIf(fact.refreshes)('refreshes, by its own rules', async () => {
    const first = (await byCode(await consent())).body
    const next = (await byRefresh(first.refresh_token)).body
    expect(next.access_token).not.toBe(first.access_token)
    expect((await send(next.access_token, fact.api)).status).toBe(200)
    expect((await send(first.access_token, fact.api)).status === 200).toBe(!fact.killsAccessToken)
    const isNew = typeof next.refresh_token === 'string' && next.refresh_token !== first.refresh_token
    expect(isNew).toBe(fact.rotates ?? false)
    if (fact.rotates && !fact.leeway)
      expect((await byRefresh(first.refresh_token)).body.access_token).toBeUndefined()
    else expect((await byRefresh(first.refresh_token)).body.access_token).toBeDefined()
    if (fact.leeway) {
      sandbox.control.clock.advance(fact.leeway + 1)
      expect((await byRefresh(first.refresh_token)).body.access_token).toBeUndefined()
    }
  })

  it.runIf(fact.revoke)('revokes', async () => {
    const answer = (await byCode(await consent())).body
    const access = fact.token?.(answer) ?? answer.access_token
    const order = fact.revoke!({ access, refresh: answer.refresh_token, answer })
    const client = sandbox.clients[name]!
    const authorization = {
      client: { authorization: basic(client) },
      secret: { authorization: `Bearer ${client.client_secret}` },
      bearer: { authorization: `Bearer ${access}` },
      none: {},
      body: {},
    }[order.by]
    const response = await fetch(`${sandbox.url}/${name}${order.path}`, {
      method: order.method ?? 'POST',
      headers: {
        ...authorization,
        ...order.headers,
        ...(order.json ? { 'content-type': 'application/json' } : {}),
      },
      ...(order.json ? { body: JSON.stringify(order.json) } : {}),
      ...(order.form
        ? { body: new URLSearchParams({ ...order.form, ...(order.by === 'body' ? client : {}) }) }
        : {}),
    })
    expect(response.ok, await response.text()).toBe(true)
    if (fact.survives) expect((await send(access, fact.api)).status).toBe(200)
    else if (fact.lives === null) expect(await send(access, fact.api)).toMatchObject(fact.refused)
    else await isRefused(access)
    if (fact.refreshes) expect((await byRefresh(answer.refresh_token)).body.access_token).toBeUndefined()
  })

  it.runIf(fact.only)('takes the client’s credentials in one place only', async () => {
    const code = await consent()
    const { status, body } = await byCode(code, { auth: fact.auth === 'basic' ? 'post' : 'basic' })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body.access_token).toBeUndefined()
    expect((await byCode(code)).status).toBe(200)
  })

  it('refuses a wrong secret and a spent code', async () => {
    const code = await consent()
    expect(await byCode(code, { client_secret: 'wrong' })).toMatchObject(fact.wrongSecret)
    expect((await byCode(code)).body.access_token).toBeDefined()
    expect((await byCode(code)).body.access_token).toBeUndefined()
  })
})

it('keeps codes of one provider from another', async () => {
  const code = await askCode(sandbox, 'gitlab', { scope: 'read_user' })
  const client = sandbox.clients.discord!
  const response = await fetch(urlsOf(sandbox, 'discord').token_url, {
    method: 'POST',
    headers: { authorization: basic(client) },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT }),
  })
  expect(response.status).toBe(400)
})
