import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { noStore, standardRefusal } from '../refusals.ts'
import { SECRET_MARK } from '../secret-mark.ts'

const refused = (status: number, error: string, description: string): RefusalFacts => ({
  status,
  error,
  description,
})
const badClient = refused(
  401,
  'invalid_client',
  'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.',
)
const badGrant = refused(
  400,
  'invalid_grant',
  'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.',
)

const user = ({ account, base }: ApiCall): Answer => {
  const username = account.given_name.toLowerCase()
  return json(200, {
    id: account.number,
    username,
    name: account.name,
    state: 'active',
    locked: false,
    avatar_url: null,
    web_url: `${base}/${username}`,
    created_at: '2020-12-10T00:00:00.000Z',
    email: account.email,
    commit_email: account.email,
    two_factor_enabled: true,
    external: false,
  })
}

const userinfo = ({ account, base, scopes }: ApiCall): Answer =>
  json(200, {
    sub: String(account.number),
    name: account.name,
    nickname: account.given_name.toLowerCase(),
    preferred_username: account.given_name.toLowerCase(),
    ...(scopes.includes('email') ? { email: account.email, email_verified: true } : {}),
    profile: `${base}/${account.given_name.toLowerCase()}`,
  })

/**
 * GitLab.com. Facts from docs.gitlab.com: api/oauth2, integration/oauth_provider, integration/openid_connect_provider, api/users; errors in the
 * words of the library behind it.
 */
export const gitlab: ProviderTable = {
  name: 'gitlab',
  display_name: 'GitLab',
  real: true,
  client: { client_id: 'sandbox-gitlab', client_secret: `gloas-${SECRET_MARK}-gitlab-client` },
  openid: true,
  paths: {
    authorize: ['/oauth/authorize'],
    token: ['/oauth/token'],
    revoke: ['/oauth/revoke'],
    jwks: '/oauth/discovery/keys',
  },
  scopes: {
    api: { sentence: 'Read and change everything' },
    read_api: { sentence: 'Read everything' },
    read_user: { sentence: 'Read your profile' },
    read_repository: { sentence: 'Read repositories' },
    write_repository: { sentence: 'Read and change repositories' },
    read_registry: { sentence: 'Read container images' },
    openid: { sentence: 'Know who you are' },
    profile: { sentence: 'Read your public profile' },
    email: { sentence: 'Read your email address' },
  },
  settings: {
    expires_in: 7200,
    code_lifetime: 600,
    rotates: true,
    reuse_detection: false,
    leeway: 0,
    // A refresh invalidates both of the tokens that came before.
    kills_access_token: true,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: /[ +]+/,
    default_scopes: ['api'],
    invalid_scope: 'redirect',
    denied: {
      error: 'access_denied',
      error_description: 'The resource owner or authorization server denied the request.',
    },
    response_type_required: true,
    pkce: 'optional',
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_post', 'client_secret_basic'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['form', 'json'],
    refresh_token_when: () => true,
    replay_revokes: true,
    answer: (issued, _base, { now }) =>
      json(
        200,
        {
          access_token: issued.access_token,
          token_type: issued.token_type,
          expires_in: issued.expires_in,
          ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
          scope: issued.scopes.join(' '),
          created_at: Math.floor(now / 1000),
          ...(issued.id_token === null ? {} : { id_token: issued.id_token }),
        },
        noStore,
      ),
    refusals: {
      client_missing: badClient,
      client_unknown: badClient,
      client_wrong_secret: badClient,
      client_method: badClient,
      grant_type_missing: refused(400, 'invalid_request', 'Missing required parameter: grant_type.'),
      grant_type_unsupported: refused(
        400,
        'unsupported_grant_type',
        'The authorization grant type is not supported by the authorization server.',
      ),
      code_unknown: badGrant,
      code_used: badGrant,
      code_expired: badGrant,
      redirect_uri_mismatch: badGrant,
      verifier_missing: refused(400, 'invalid_request', 'Missing required parameter: code_verifier.'),
      verifier_wrong: badGrant,
      refresh_unknown: badGrant,
      refresh_expired: badGrant,
      refresh_revoked: badGrant,
      refresh_superseded: badGrant,
    },
    refusal: standardRefusal,
  },
  revoke: {
    auth: 'client',
    token_in: ['body'],
    parameter: 'token',
    ends: { access_token: 'family', refresh_token: 'family' },
    done: json(200, {}),
    unknown: json(200, {}),
  },
  api: {
    routes: [
      {
        method: 'GET',
        path: '/api/v4/user',
        endpoint: 'account',
        scopes: ['api', 'read_api', 'read_user'],
        handle: user,
      },
      { method: 'GET', path: '/oauth/userinfo', endpoint: 'account', scopes: ['openid'], handle: userinfo },
      {
        method: 'GET',
        path: '/api/v4/projects',
        endpoint: 'api',
        scopes: ['api', 'read_api'],
        handle: ({ account, base }) => {
          const path = `${account.given_name.toLowerCase()}/engine`
          return json(200, [
            {
              id: 700 + account.number,
              name: 'engine',
              path_with_namespace: path,
              default_branch: 'main',
              visibility: 'private',
              web_url: `${base}/${path}`,
            },
          ])
        },
      },
    ],
    unauthorized: (why) =>
      why === 'no_token'
        ? json(401, { message: '401 Unauthorized' })
        : json(401, {
            error: 'invalid_token',
            error_description:
              why === 'expired'
                ? 'Token is expired. You can either do re-authorization or token refresh.'
                : 'Token was revoked. You have to re-authorize from the user.',
          }),
    forbidden: (needed) =>
      json(403, {
        error: 'insufficient_scope',
        error_description: 'The request requires higher privileges than provided by the access token.',
        scope: needed.join(' '),
      }),
    not_found: json(404, { error: '404 Not Found' }),
    seed: () => ({}),
  },
  strings: {
    code: (random) => `${SECRET_MARK}${randomHex(random, 32)}`,
    access_token: (random) => `${SECRET_MARK}${randomHex(random, 32)}`,
    refresh_token: (random) => `${SECRET_MARK}${randomHex(random, 32)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/oauth/authorize`,
    token_url: `${base}/oauth/token`,
    issuer: base,
    revocation: { url: `${base}/oauth/revoke` },
    api: { base_url: base },
    account: { url: `${base}/api/v4/user` },
  }),
}
