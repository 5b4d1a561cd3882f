import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute, ApiTable, Issued, ProviderTable, ScopeFacts } from '../provider-table.ts'
import { randomBase64url } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { subjectOf } from '../subject.ts'

/** The full name of one of Google's scopes. */
export const googleScope = (name: string) => `https://www.googleapis.com/auth/${name}`

const scope = googleScope

const apiError = (code: number, status: string, message: string, reason: string) =>
  ({ error: { code, message, errors: [{ message, domain: 'global', reason }], status } }) as const

/** An error as Google's APIs tell it. */
export const googleError = (code: number, status: string, message: string, reason: string): Answer =>
  json(code, apiError(code, status, message, reason))

const userinfo = ({ account, scopes, base }: ApiCall): Answer => {
  const may = (name: string) => scopes.includes(scope(`userinfo.${name}`))
  return json(200, {
    sub: subjectOf(account),
    ...(may('profile')
      ? {
          name: account.name,
          given_name: account.given_name,
          family_name: account.family_name,
          picture: `${base}/picture`,
        }
      : {}),
    ...(may('email') ? { email: account.email, email_verified: true } : {}),
  })
}

const identityRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/v1/userinfo',
    endpoint: 'account',
    scopes: ['openid', scope('userinfo.email'), scope('userinfo.profile')],
    handle: userinfo,
  },
  {
    method: 'GET',
    path: '/oauth2/v3/userinfo',
    endpoint: 'account',
    scopes: ['openid', scope('userinfo.email'), scope('userinfo.profile')],
    handle: userinfo,
  },
]

/** What is one product's own behind Google's OAuth endpoints. */
export type GoogleProduct = {
  name: string
  display_name: string
  client: ProviderTable['client']
  scopes: Record<string, ScopeFacts>
  routes: ApiRoute[]
  seed: ApiTable['seed']
  /** Path of the API's base URL below its host. */
  api_path: string
}

/**
 * A product behind Google's OAuth endpoints. Facts from developers.google.com/identity/protocols/oauth2/web-server and
 * /identity/openid-connect, and from answers quoted in public issue trackers.
 */
export const googleTable = (own: GoogleProduct): ProviderTable => ({
  name: own.name,
  display_name: own.display_name,
  real: true,
  client: own.client,
  openid: true,
  paths: {
    authorize: ['/o/oauth2/v2/auth', '/o/oauth2/auth'],
    token: ['/token', '/oauth2/v4/token'],
    revoke: ['/revoke', '/o/oauth2/revoke'],
    jwks: '/oauth2/v3/certs',
  },
  scopes: {
    openid: { sentence: 'Know who you are' },
    email: { sentence: 'See your email address', granted_as: scope('userinfo.email') },
    profile: { sentence: 'See your name and picture', granted_as: scope('userinfo.profile') },
    [scope('userinfo.email')]: { sentence: 'See your email address' },
    [scope('userinfo.profile')]: { sentence: 'See your name and picture' },
    ...own.scopes,
  },
  settings: {
    expires_in: 3599,
    code_lifetime: 60,
    rotates: false,
    reuse_detection: false,
    leeway: 0,
    kills_access_token: false,
    // Six months without use.
    refresh_idle_lifetime: 180 * 86_400,
  },
  authorize: {
    scope_separators: / +/,
    invalid_scope: 'page',
    response_type_required: true,
    pkce: 'optional',
    granular: true,
    incremental: true,
    iss: true,
    callback: ({ scopes, params }) => ({
      scope: scopes.join(' '),
      authuser: '0',
      prompt: params.get('prompt') ?? 'consent',
    }),
  },
  token: {
    client_auth: ['client_secret_post', 'client_secret_basic'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['form'],
    // Only for offline access, and only the first time unless consent is asked for again.
    refresh_token_when: ({ params, before }) =>
      params.get('access_type') === 'offline' &&
      (!before || (params.get('prompt') ?? '').split(' ').includes('consent')),
    replay_revokes: true,
    answer: googleAnswer,
    refusals: {
      client_missing: {
        status: 400,
        error: 'invalid_request',
        description: 'Could not determine client ID from request.',
      },
      client_unknown: {
        status: 401,
        error: 'invalid_client',
        description: 'The OAuth client was not found.',
      },
      client_wrong_secret: {
        status: 401,
        error: 'invalid_client',
        description: 'The provided client secret is invalid.',
      },
      client_method: { status: 400, error: 'invalid_request', description: 'client_secret is missing.' },
      grant_type_missing: {
        status: 400,
        error: 'invalid_request',
        description: 'Required parameter is missing: grant_type',
      },
      grant_type_unsupported: {
        status: 400,
        error: 'unsupported_grant_type',
        description: 'Invalid grant_type',
      },
      parameter_missing: { status: 400, error: 'invalid_request', description: 'Missing required parameter' },
      code_unknown: { status: 400, error: 'invalid_grant', description: 'Malformed auth code.' },
      code_used: { status: 400, error: 'invalid_grant', description: 'Bad Request' },
      code_expired: { status: 400, error: 'invalid_grant', description: 'Bad Request' },
      redirect_uri_mismatch: { status: 400, error: 'redirect_uri_mismatch', description: 'Bad Request' },
      verifier_missing: { status: 400, error: 'invalid_grant', description: 'Missing code verifier.' },
      verifier_wrong: { status: 400, error: 'invalid_grant', description: 'Invalid code verifier.' },
      refresh_unknown: { status: 400, error: 'invalid_grant', description: 'Bad Request' },
      refresh_expired: {
        status: 400,
        error: 'invalid_grant',
        description: 'Token has been expired or revoked.',
      },
      refresh_revoked: {
        status: 400,
        error: 'invalid_grant',
        description: 'Token has been expired or revoked.',
      },
      refresh_superseded: {
        status: 400,
        error: 'invalid_grant',
        description: 'Token has been expired or revoked.',
      },
    },
    refusal: ({ status, error, description }) => json(status, { error, error_description: description }),
  },
  revoke: {
    auth: 'none',
    token_in: ['body', 'query'],
    parameter: 'token',
    // Either token takes the whole access of this application to this account with it.
    ends: { access_token: 'account', refresh_token: 'account' },
    done: json(200, {}),
    unknown: json(400, { error: 'invalid_token', error_description: 'Token expired or revoked' }),
  },
  api: {
    routes: [...identityRoutes, ...own.routes],
    seed: own.seed,
    unauthorized: json(
      401,
      apiError(
        401,
        'UNAUTHENTICATED',
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
        'authError',
      ),
      { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
    ),
    forbidden: (needed) =>
      json(
        403,
        apiError(
          403,
          'PERMISSION_DENIED',
          'Request had insufficient authentication scopes.',
          'insufficientPermissions',
        ),
        {
          'www-authenticate': `Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="${needed.join(' ')}"`,
        },
      ),
    not_found: json(404, apiError(404, 'NOT_FOUND', 'Requested entity was not found.', 'notFound')),
  },
  strings: {
    code: (random) => `4/0A${SECRET_MARK}${randomBase64url(random, 30)}`,
    access_token: (random) => `ya29.a0${SECRET_MARK}${randomBase64url(random, 60)}`,
    refresh_token: (random) => `1//0g${SECRET_MARK}${randomBase64url(random, 48)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/o/oauth2/v2/auth`,
    token_url: `${base}/token`,
    issuer: base,
    revocation: { url: `${base}/revoke` },
    api: { base_url: `${base}${own.api_path}` },
    account: { url: `${base}/v1/userinfo` },
  }),
})

function googleAnswer(issued: Issued) {
  return json(
    200,
    {
      access_token: issued.access_token,
      expires_in: issued.expires_in,
      ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
      scope: issued.scopes.join(' '),
      token_type: issued.token_type,
      ...(issued.id_token === null ? {} : { id_token: issued.id_token }),
    },
    { 'cache-control': 'no-cache, no-store, max-age=0, must-revalidate', pragma: 'no-cache' },
  )
}
