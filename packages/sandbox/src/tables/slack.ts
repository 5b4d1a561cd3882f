import { type Answer, json } from '../answer.ts'
import type { ApiCall, Issued, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { botOf, failed, seedSlack, slackRoutes, team, userOf } from './slack-api.ts'

// Slack says no with status 200.
const refused = (error: string): RefusalFacts => ({ status: 200, error, description: '' })

const USER = 'user:'

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
      ...(['GET', 'POST'] as const).map((method) => ({
        method,
        path: '/api/auth.test',
        endpoint: 'account' as const,
        scopes: [],
        handle: authTest,
      })),
      ...slackRoutes,
    ],
    unauthorized: (why) =>
      failed(
        { no_token: 'not_authed', expired: 'token_expired', unknown_token: 'invalid_auth' }[why] ??
          'token_revoked',
      ),
    forbidden: (needed, granted) =>
      failed('missing_scope', { needed: needed[0], provided: granted.join(',') }),
    not_found: failed('unknown_method'),
    seed: (_account, now) => seedSlack(now),
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
