import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomBase64url } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'

const refused = (status: number, error: string, description = ''): RefusalFacts => ({
  status,
  error,
  description,
})
const badClient = refused(401, 'invalid_client')
const badCode = refused(400, 'invalid_grant', 'Invalid "code" in request.')
const badRefresh = refused(400, 'invalid_grant')
const idOf = (number: number) => `8035117025456210${number}0`

const me = ({ account, scopes }: ApiCall): Answer =>
  json(200, {
    id: idOf(account.number),
    username: account.given_name.toLowerCase(),
    discriminator: '0',
    global_name: account.name,
    avatar: null,
    banner: null,
    flags: 0,
    public_flags: 0,
    mfa_enabled: true,
    locale: 'en-GB',
    premium_type: 0,
    ...(scopes.includes('email') ? { email: account.email, verified: true } : {}),
  })

const oauthMe = ({ account, scopes, token }: ApiCall): Answer =>
  json(200, {
    application: { id: token.client_id, name: 'Grantry', icon: null, description: '', bot_public: true },
    scopes,
    expires: token.expires_at === null ? null : new Date(token.expires_at).toISOString(),
    user: {
      id: idOf(account.number),
      username: account.given_name.toLowerCase(),
      discriminator: '0',
      global_name: account.name,
      avatar: null,
      public_flags: 0,
    },
  })

const versions = ['/api', '/api/v10']

/** Discord. Facts from discord.com/developers/docs: topics/oauth2, resources/user, reference (errors). */
export const discord: ProviderTable = {
  name: 'discord',
  display_name: 'Discord',
  real: true,
  client: { client_id: '104729005600000000', client_secret: `${SECRET_MARK}-discord-client` },
  openid: false,
  paths: {
    authorize: ['/oauth2/authorize', '/api/oauth2/authorize'],
    token: versions.map((version) => `${version}/oauth2/token`),
    revoke: versions.map((version) => `${version}/oauth2/token/revoke`),
  },
  scopes: {
    identify: { sentence: 'See your name and avatar' },
    email: { sentence: 'See your email address' },
    openid: { sentence: 'Know who you are' },
    guilds: { sentence: 'See which servers you are in' },
    'guilds.join': { sentence: 'Join servers for you' },
    'guilds.members.read': { sentence: 'See your membership in servers' },
    connections: { sentence: 'See your connections to other services' },
    bot: { sentence: 'Add a bot to a server' },
    'webhook.incoming': { sentence: 'Post into a channel' },
    'messages.read': { sentence: 'Read messages' },
    'role_connections.write': { sentence: 'Change your role connections' },
    'applications.commands': { sentence: 'Add commands to a server' },
  },
  settings: {
    expires_in: 604_800,
    code_lifetime: 60,
    rotates: true,
    reuse_detection: false,
    leeway: 0,
    kills_access_token: true,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: / +/,
    invalid_scope: 'redirect',
    unknown_scope: () => ({
      error: 'invalid_scope',
      error_description: 'The requested scope is invalid, unknown, or malformed.',
    }),
    denied: {
      error: 'access_denied',
      error_description: 'The resource owner or authorization server denied the request',
    },
    response_type_required: true,
    pkce: 'optional',
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_basic', 'client_secret_post'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    body: ['form'],
    refresh_token_when: () => true,
    replay_revokes: true,
    answer: (issued) =>
      json(200, {
        access_token: issued.access_token,
        token_type: issued.token_type,
        expires_in: issued.expires_in,
        ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
        scope: issued.scopes.join(' '),
      }),
    refusals: {
      content_type: refused(400, 'invalid_request'),
      client_missing: badClient,
      client_unknown: badClient,
      client_wrong_secret: badClient,
      client_method: badClient,
      grant_type_missing: refused(400, 'unsupported_grant_type', 'Grant type None is not supported'),
      grant_type_unsupported: refused(400, 'unsupported_grant_type', 'This grant type is not supported'),
      code_unknown: badCode,
      code_used: badCode,
      code_expired: badCode,
      redirect_uri_mismatch: refused(400, 'invalid_request', 'Invalid "redirect_uri" in request.'),
      refresh_unknown: badRefresh,
      refresh_expired: badRefresh,
      refresh_revoked: badRefresh,
      refresh_superseded: badRefresh,
      scope_invalid: refused(400, 'invalid_scope'),
    },
    refusal: ({ status, error, description }) =>
      json(status, description ? { error, error_description: description } : { error }),
  },
  revoke: {
    auth: 'client',
    token_in: ['body'],
    parameter: 'token',
    // Any token takes every other of the same authorization with it.
    ends: { access_token: 'account', refresh_token: 'account' },
    done: json(200, {}),
    unknown: json(200, {}),
  },
  api: {
    routes: versions.flatMap((version) => [
      {
        method: 'GET' as const,
        path: `${version}/users/@me`,
        endpoint: 'account' as const,
        scopes: ['identify'],
        handle: me,
      },
      {
        method: 'GET' as const,
        path: `${version}/oauth2/@me`,
        endpoint: 'account' as const,
        scopes: [],
        handle: oauthMe,
      },
      {
        method: 'GET' as const,
        path: `${version}/users/@me/guilds`,
        endpoint: 'api' as const,
        scopes: ['guilds'],
        handle: () =>
          json(200, [
            {
              id: '80351110224678912',
              name: 'Analytical Engines',
              icon: null,
              owner: true,
              permissions: '36953089',
              features: [],
            },
          ]),
      },
    ]),
    unauthorized: json(401, { message: '401: Unauthorized', code: 0 }),
    forbidden: () => json(401, { message: 'Missing Access', code: 50_001 }),
    not_found: json(404, { message: '404: Not Found', code: 0 }),
    seed: () => ({}),
  },
  strings: {
    code: (random) => `${SECRET_MARK}${randomBase64url(random, 15)}`,
    access_token: (random) => `${SECRET_MARK}${randomBase64url(random, 20)}`,
    refresh_token: (random) => `${SECRET_MARK}${randomBase64url(random, 20)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/oauth2/authorize`,
    token_url: `${base}/api/oauth2/token`,
    revocation: { url: `${base}/api/oauth2/token/revoke` },
    api: { base_url: `${base}/api/v10` },
    account: { url: `${base}/api/v10/users/@me` },
  }),
}
