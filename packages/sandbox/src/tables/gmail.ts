import { json } from '../answer.ts'
import type { Issued, ProviderTable } from '../provider-table.ts'
import { randomBase64url } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { gmailRoutes } from './gmail-api.ts'
import { seedMailbox } from './gmail-mailbox.ts'

const scope = (name: string) => `https://www.googleapis.com/auth/${name}`

const apiError = (code: number, status: string, message: string, reason: string) =>
  ({ error: { code, message, errors: [{ message, domain: 'global', reason }], status } }) as const

/**
 * Gmail, behind Google's OAuth endpoints. Facts from developers.google.com/identity/protocols/oauth2/web-server,
 * /identity/openid-connect and /gmail/api/reference/rest, and from answers quoted in public issue trackers.
 */
export const gmail: ProviderTable = {
  name: 'gmail',
  display_name: 'Gmail',
  real: true,
  client: {
    client_id: '104729000000-sandbox.apps.googleusercontent.com',
    client_secret: `GOCSPX-${SECRET_MARK}-gmail-client`,
  },
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
    'https://mail.google.com/': { sentence: 'Read, write, send and permanently delete all your email' },
    [scope('gmail.readonly')]: { sentence: 'Read your email messages and settings' },
    [scope('gmail.modify')]: { sentence: 'Read, write and send email' },
    [scope('gmail.compose')]: { sentence: 'Manage drafts and send email' },
    [scope('gmail.send')]: { sentence: 'Send email as you' },
    [scope('gmail.insert')]: { sentence: 'Put messages into your mailbox' },
    [scope('gmail.labels')]: { sentence: 'See and edit your labels' },
    [scope('gmail.metadata')]: { sentence: 'See headers and labels of your messages, but not their text' },
    [scope('gmail.settings.basic')]: { sentence: 'See and edit your mail settings and filters' },
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
    routes: gmailRoutes,
    seed: seedMailbox,
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
    api: { base_url: base },
    account: { url: `${base}/v1/userinfo` },
  }),
}

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
