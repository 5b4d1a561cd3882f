import { json } from '../answer.ts'
import type { ApiCall, ApiRoute, ProviderTable } from '../provider-table.ts'
import { randomBase64url } from '../random.ts'
import { noStore, standardRefusal } from '../refusals.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { subjectOf } from '../subject.ts'

const userinfo = ({ account }: ApiCall) =>
  json(200, { sub: subjectOf(account), name: account.name, email: account.email, email_verified: true })

const routes: ApiRoute[] = [
  { method: 'GET', path: '/userinfo', endpoint: 'account', scopes: [], handle: userinfo },
  {
    method: 'GET',
    path: '/api/echo',
    endpoint: 'api',
    scopes: ['read'],
    handle: ({ query, account }) => json(200, { account: account.email, query: Object.fromEntries(query) }),
  },
  {
    method: 'POST',
    path: '/api/echo',
    endpoint: 'api',
    scopes: ['write'],
    handle: ({ body, account }) => json(200, { account: account.email, body }),
  },
]

const bearer = (error: string, scope?: string) =>
  `Bearer realm="sandbox", error="${error}"${scope ? `, scope="${scope}"` : ''}`

/** No real service: OAuth 2.0 and OpenID Connect to the letter, for integrations that name their own endpoints. */
export const plain: ProviderTable = {
  name: 'plain',
  display_name: 'Plain OAuth',
  real: false,
  client: { client_id: 'sandbox-plain', client_secret: `${SECRET_MARK}-plain-client` },
  openid: true,
  paths: {
    authorize: ['/authorize'],
    token: ['/token'],
    revoke: ['/revoke'],
    introspect: ['/introspect'],
    jwks: '/jwks',
  },
  scopes: {
    openid: { sentence: 'Know who you are' },
    email: { sentence: 'See your email address' },
    profile: { sentence: 'See your name' },
    offline_access: { sentence: 'Keep access while you are away' },
    read: { sentence: 'Read your things' },
    write: { sentence: 'Change your things' },
  },
  settings: {
    expires_in: 3600,
    code_lifetime: 60,
    rotates: true,
    reuse_detection: true,
    leeway: 0,
    kills_access_token: false,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: / +/,
    default_scopes: ['read'],
    invalid_scope: 'redirect',
    response_type_required: true,
    pkce: 'optional',
    granular: false,
    incremental: false,
    iss: true,
  },
  token: {
    client_auth: ['client_secret_basic', 'client_secret_post', 'none'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    body: ['form'],
    refresh_token_when: () => true,
    replay_revokes: true,
    answer: (issued) =>
      json(
        200,
        {
          access_token: issued.access_token,
          token_type: issued.token_type,
          expires_in: issued.expires_in,
          ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
          scope: issued.scopes.join(' '),
          ...(issued.id_token === null ? {} : { id_token: issued.id_token }),
        },
        noStore,
      ),
    refusals: {},
    refusal: standardRefusal,
  },
  revoke: {
    auth: 'client',
    token_in: ['body'],
    parameter: 'token',
    ends: { access_token: 'token', refresh_token: 'family' },
    done: { status: 200, body: undefined },
    unknown: { status: 200, body: undefined },
  },
  introspect: ({ client_id, account, scopes, issued_at, expires_at }, base) => ({
    iss: base,
    client_id,
    ...(account ? { sub: subjectOf(account), username: account.email } : {}),
    scope: scopes.join(' '),
    token_type: 'Bearer',
    iat: Math.floor(issued_at / 1000),
    ...(expires_at === null ? {} : { exp: Math.floor(expires_at / 1000) }),
  }),
  api: {
    routes,
    seed: () => ({}),
    unauthorized: json(401, { error: 'invalid_token' }, { 'www-authenticate': bearer('invalid_token') }),
    forbidden: (needed) =>
      json(
        403,
        { error: 'insufficient_scope' },
        { 'www-authenticate': bearer('insufficient_scope', needed.join(' ')) },
      ),
    not_found: json(404, { error: 'not_found' }),
  },
  strings: {
    code: (random) => `code_${SECRET_MARK}${randomBase64url(random, 24)}`,
    access_token: (random) => `at_${SECRET_MARK}${randomBase64url(random, 32)}`,
    refresh_token: (random) => `rt_${SECRET_MARK}${randomBase64url(random, 32)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/authorize`,
    token_url: `${base}/token`,
    issuer: base,
    revocation: { url: `${base}/revoke` },
    introspection: { url: `${base}/introspect` },
    api: { base_url: `${base}/api` },
    account: { url: `${base}/userinfo` },
  }),
}
