import { type Answer, json } from '../answer.ts'
import type { ApiCall, Issued, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'

// Slack says no with status 200.
const refused = (error: string): RefusalFacts => ({ status: 200, error, description: '' })
const failed = (error: string, more: Record<string, unknown> = {}): Answer =>
  json(200, { ok: false, error, ...more })

const USER = 'user:'
const team = { id: 'T0SANDBOX', name: 'Analytical Engines' }
const userOf = (number: number) => `U0SANDBOX${number}`
const botOf = (number: number) => `B0SANDBOX${number}`
const general = { id: 'C0GENERAL', name: 'general', is_channel: true, is_private: false, is_archived: false }

const botScopes = {
  'app_mentions:read': 'See messages that mention it',
  'channels:history': 'Read messages in public channels it is in',
  'channels:join': 'Join public channels',
  'channels:read': 'See public channels',
  'chat:write': 'Send messages as itself',
  commands: 'Add slash commands',
  'files:read': 'See files that are shared where it is',
  'files:write': 'Upload and change files',
  'groups:read': 'See private channels it is in',
  'im:read': 'See its direct messages',
  'im:write': 'Start direct messages',
  'reactions:read': 'See reactions',
  'reactions:write': 'Add reactions',
  'team:read': 'See the name of the workspace',
  'users:read': 'See people in the workspace',
  'users:read.email': 'See email addresses of people',
} as const

const userScopes = {
  'channels:history': 'Read messages in your public channels',
  'channels:read': 'See your public channels',
  'chat:write': 'Send messages as you',
  'search:read': 'Search as you',
  'users:read': 'See people as you do',
  'users.profile:read': 'See profiles as you do',
} as const

const scopes = Object.fromEntries([
  ...Object.entries(botScopes).map(([name, sentence]) => [name, { sentence }]),
  ...Object.entries(userScopes).map(([name, sentence]) => [`${USER}${name}`, { sentence }]),
])

/** Bot and user tokens in one answer; only a rotating app's tokens expire. */
const answer = (issued: Issued): Answer => {
  const number = issued.account?.number ?? 1
  const life = (refresh: string | null) =>
    refresh === null ? {} : { refresh_token: refresh, expires_in: issued.expires_in }
  const shared = {
    app_id: 'A0SANDBOX',
    team,
    enterprise: null,
    is_enterprise_install: false,
  }
  if (issued.grant_type === 'refresh_token')
    return json(200, {
      ok: true,
      ...shared,
      access_token: issued.access_token,
      expires_in: issued.expires_in,
      ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
      token_type: issued.kind === 'main' ? 'bot' : 'user',
      scope: issued.scopes.join(','),
      ...(issued.kind === 'main' ? { bot_user_id: botOf(number) } : { user_id: userOf(number) }),
    })
  return json(200, {
    ok: true,
    ...shared,
    authed_user: {
      id: userOf(number),
      ...(issued.second
        ? {
            scope: issued.second.scopes.join(','),
            access_token: issued.second.access_token,
            token_type: 'user',
            ...life(issued.second.refresh_token),
          }
        : {}),
    },
    ...(issued.access_token === undefined
      ? {}
      : {
          access_token: issued.access_token,
          token_type: issued.token_type,
          scope: issued.scopes.join(','),
          bot_user_id: botOf(number),
          ...life(issued.refresh_token),
        }),
  })
}

const authTest = ({ account, token, base }: ApiCall): Answer =>
  json(200, {
    ok: true,
    url: `${base}/`,
    team: team.name,
    user: token.kind === 'main' ? 'grantry' : account.given_name.toLowerCase(),
    team_id: team.id,
    user_id: token.kind === 'main' ? botOf(account.number) : userOf(account.number),
    ...(token.kind === 'main' ? { bot_id: 'B0BOT' } : {}),
    is_enterprise_install: false,
  })

/** Slack takes arguments by form, JSON or query. */
const argument = ({ body, query }: ApiCall, name: string): string | null => {
  if (body instanceof URLSearchParams) return body.get(name) ?? query.get(name)
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : null
  return typeof value === 'string' ? value : query.get(name)
}

const postMessage = (call: ApiCall): Answer => {
  const channel = argument(call, 'channel')
  const text = argument(call, 'text')
  if (channel !== general.id && channel !== '#general' && channel !== 'general')
    return failed('channel_not_found')
  if (!text) return failed('no_text')
  const ts = `${(call.now / 1000).toFixed(6)}`
  call.send({ kind: 'message', summary: `message to #general: ${text}`, detail: { channel, text, ts } })
  const user = call.token.kind === 'main' ? botOf(call.account.number) : userOf(call.account.number)
  return json(200, { ok: true, channel: general.id, ts, message: { type: 'message', user, text, ts } })
}

const methods = (['GET', 'POST'] as const).flatMap((method) => [
  { method, path: '/api/auth.test', endpoint: 'account' as const, scopes: [], handle: authTest },
  {
    method,
    path: '/api/conversations.list',
    endpoint: 'api' as const,
    scopes: ['channels:read', 'groups:read', 'im:read'],
    handle: () => json(200, { ok: true, channels: [general], response_metadata: { next_cursor: '' } }),
  },
])

/**
 * Slack's OAuth v2. Facts from docs.slack.dev: reference/methods/oauth.v2.access, auth.revoke and auth.test; authentication/installing-with-oauth,
 * using-token-rotation, using-pkce. Token rotation is an app's choice: `settings.expires_in` (43200) turns it on.
 */
export const slack: ProviderTable = {
  name: 'slack',
  display_name: 'Slack',
  real: true,
  client: { client_id: '1047290000.sandbox', client_secret: `${SECRET_MARK}-slack-client` },
  openid: false,
  paths: {
    authorize: ['/oauth/v2/authorize'],
    token: ['/api/oauth.v2.access'],
    revoke: ['/api/auth.revoke'],
  },
  scopes,
  settings: {
    expires_in: null,
    code_lifetime: 600,
    rotates: true,
    reuse_detection: false,
    leeway: 0,
    kills_access_token: false,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: /[ ,]+/,
    scope_parameters: { user_scope: USER },
    invalid_scope: 'page',
    response_type_required: false,
    pkce: 'optional',
    pkce_methods: ['S256'],
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_basic', 'client_secret_post'],
    grant_types: ['authorization_code', 'refresh_token'],
    default_grant_type: 'authorization_code',
    body: ['form', 'json'],
    token_type: 'bot',
    refresh_token_when: ({ settings }) => settings.expires_in !== null,
    second_token: { name: 'authed_user', prefix: USER },
    replay_revokes: false,
    answer,
    refusals: {
      content_type: refused('invalid_form_data'),
      parameter_repeated: refused('invalid_arguments'),
      parameter_missing: refused('invalid_code'),
      client_missing: refused('invalid_client_id'),
      client_unknown: refused('invalid_client_id'),
      client_wrong_secret: refused('bad_client_secret'),
      client_method: refused('bad_client_secret'),
      grant_type_missing: refused('invalid_grant_type'),
      grant_type_unsupported: refused('invalid_grant_type'),
      code_unknown: refused('invalid_code'),
      code_used: refused('code_already_used'),
      code_expired: refused('code_expired'),
      redirect_uri_mismatch: refused('bad_redirect_uri'),
      verifier_missing: refused('invalid_code_verifier'),
      verifier_wrong: refused('invalid_code_verifier'),
      refresh_unknown: refused('invalid_refresh_token'),
      refresh_expired: refused('invalid_refresh_token'),
      refresh_revoked: refused('invalid_refresh_token'),
      refresh_superseded: refused('invalid_refresh_token'),
    },
    refusal: ({ status, error }) => json(status, { ok: false, error }),
  },
  revoke: {
    auth: 'none',
    token_in: ['bearer', 'body'],
    parameter: 'token',
    ends: { access_token: 'token' },
    done: json(200, { ok: true, revoked: true }),
    unknown: failed('invalid_auth'),
    refusal: () => failed('not_authed'),
  },
  api: {
    routes: [
      ...methods,
      {
        method: 'POST',
        path: '/api/chat.postMessage',
        endpoint: 'api',
        scopes: ['chat:write'],
        handle: postMessage,
      },
      {
        method: 'GET',
        path: '/api/users.info',
        endpoint: 'api',
        scopes: ['users:read'],
        handle: ({ account, query, scopes: held }) =>
          query.get('user') === userOf(account.number)
            ? json(200, {
                ok: true,
                user: {
                  id: userOf(account.number),
                  team_id: team.id,
                  name: account.given_name.toLowerCase(),
                  real_name: account.name,
                  profile: {
                    real_name: account.name,
                    ...(held.includes('users:read.email') ? { email: account.email } : {}),
                  },
                },
              })
            : failed('user_not_found'),
      },
    ],
    unauthorized: (why) =>
      failed(
        { no_token: 'not_authed', expired: 'token_expired', unknown_token: 'invalid_auth' }[why] ??
          'token_revoked',
      ),
    forbidden: (needed, granted) =>
      failed('missing_scope', { needed: needed[0], provided: granted.join(',') }),
    not_found: failed('unknown_method'),
    seed: () => ({}),
  },
  strings: {
    code: (random) => `1047290000.${SECRET_MARK}.${randomHex(random, 24)}`,
    access_token: (random, _account, kind) =>
      `${kind === 'main' ? 'xoxb' : 'xoxp'}-1047290000-${SECRET_MARK}${randomHex(random, 16)}`,
    refresh_token: (random) => `xoxe-1-${SECRET_MARK}${randomHex(random, 24)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/oauth/v2/authorize`,
    token_url: `${base}/api/oauth.v2.access`,
    revocation: { url: `${base}/api/auth.revoke` },
    api: { base_url: `${base}/api` },
    account: { url: `${base}/api/auth.test` },
  }),
}
