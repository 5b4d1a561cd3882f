import { createHmac } from 'node:crypto'
import { type Answer, json } from '../answer.ts'
import type { ApiCall, Issued, ProviderTable, RefusalFacts, RequestFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { noStore } from '../refusals.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { dataRoutes } from './salesforce-api.ts'
import { ORGANISATION, seedOrg, userOf } from './salesforce-org.ts'

const identityOf = (base: string, number: number) => `${base}/id/${ORGANISATION}/${userOf(number)}`
/** An origin, as Salesforce tells it: the API is mounted at the sandbox's root for it. */
const instanceOf = (base: string) => new URL(base).origin

const refused = (error: string, description: string, status = 400): RefusalFacts => ({
  status,
  error,
  description,
})
const badClient = refused('invalid_client_id', 'client identifier invalid')
const expired = refused('invalid_grant', 'expired access/refresh token')

const answer = (issued: Issued, base: string, { now, client }: RequestFacts): Answer => {
  const id = identityOf(base, issued.account?.number ?? 1)
  const issuedAt = String(now)
  return json(
    200,
    {
      access_token: issued.access_token,
      ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
      // Over identity and time, by the consumer secret, so that the client can tell it from a forgery.
      signature: createHmac('sha256', client?.client_secret ?? '')
        .update(`${id}${issuedAt}`)
        .digest('base64'),
      scope: issued.scopes.join(' '),
      ...(issued.id_token === null ? {} : { id_token: issued.id_token }),
      instance_url: instanceOf(base),
      id,
      token_type: issued.token_type,
      issued_at: issuedAt,
    },
    noStore,
  )
}

const userinfo = ({ account, base }: ApiCall): Answer =>
  json(200, {
    sub: identityOf(base, account.number),
    user_id: userOf(account.number),
    organization_id: ORGANISATION,
    preferred_username: account.email,
    nickname: account.given_name.toLowerCase(),
    name: account.name,
    email: account.email,
    email_verified: true,
    given_name: account.given_name,
    family_name: account.family_name,
    zoneinfo: 'Europe/London',
    urls: { rest: `${instanceOf(base)}/services/data/v{version}/` },
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_GB',
    utcOffset: 0,
  })

const identity = (call: ApiCall): Answer => {
  const { account, base } = call
  return json(200, {
    id: identityOf(base, account.number),
    asserted_user: true,
    user_id: userOf(account.number),
    organization_id: ORGANISATION,
    username: account.email,
    nick_name: account.given_name.toLowerCase(),
    display_name: account.name,
    email: account.email,
    email_verified: true,
    first_name: account.given_name,
    last_name: account.family_name,
    timezone: 'Europe/London',
    urls: { rest: `${instanceOf(base)}/services/data/v{version}/` },
    active: true,
    user_type: 'STANDARD',
  })
}

/**
 * Salesforce. Facts from help.salesforce.com (remoteaccess_oauth_web_server_flow, remoteaccess_oauth_refresh_token_flow, remoteaccess_revoke_token,
 * remoteaccess_oauth_flow_errors, remoteaccess_using_userinfo_endpoint, remoteaccess_oidc_token_introspection_endpoint) and the REST API Developer
 * Guide. A token ends with its session: after two hours by default, which the token answer does not say and introspection does.
 */
export const salesforce: ProviderTable = {
  name: 'salesforce',
  display_name: 'Salesforce',
  real: true,
  client: {
    client_id: '3MVG9sandbox.salesforce',
    client_secret: `${SECRET_MARK}-salesforce-client`,
  },
  openid: true,
  paths: {
    authorize: ['/services/oauth2/authorize'],
    token: ['/services/oauth2/token'],
    revoke: ['/services/oauth2/revoke'],
    introspect: ['/services/oauth2/introspect'],
    jwks: '/id/keys',
  },
  own_origin: true,
  scopes: {
    api: { sentence: 'Read and change your data' },
    web: { sentence: 'Open Salesforce pages as you' },
    full: { sentence: 'Everything that you may do' },
    refresh_token: { sentence: 'Keep access while you are away' },
    offline_access: { sentence: 'Keep access while you are away', granted_as: 'refresh_token' },
    id: { sentence: 'Know who you are' },
    openid: { sentence: 'Know who you are' },
    profile: { sentence: 'See your name' },
    email: { sentence: 'See your email address' },
    chatter_api: { sentence: 'Read and change Chatter' },
  },
  settings: {
    expires_in: 7200,
    code_lifetime: 900,
    rotates: false,
    reuse_detection: false,
    leeway: 0,
    kills_access_token: false,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: / +/,
    default_scopes: ['api', 'refresh_token', 'id'],
    invalid_scope: 'redirect',
    unknown_scope: () => ({
      error: 'invalid_scope',
      error_description: 'the requested scope is invalid, unknown, or malformed',
    }),
    denied: { error: 'access_denied', error_description: 'end-user denied authorization' },
    response_type_required: true,
    pkce: 'optional',
    pkce_methods: ['S256'],
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_post', 'client_secret_basic'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['form'],
    refresh_token_when: ({ scopes }) => scopes.includes('refresh_token'),
    replay_revokes: true,
    answer,
    refusals: {
      content_type: refused('invalid_request', 'content type not supported'),
      parameter_missing: refused('invalid_request', 'missing required parameter'),
      client_missing: badClient,
      client_unknown: badClient,
      client_method: badClient,
      client_wrong_secret: refused('invalid_client', 'invalid client credentials'),
      grant_type_missing: refused('unsupported_grant_type', 'grant type not supported'),
      grant_type_unsupported: refused('unsupported_grant_type', 'grant type not supported'),
      code_unknown: refused('invalid_grant', 'invalid authorization code'),
      code_used: refused('invalid_grant', 'expired authorization code'),
      code_expired: refused('invalid_grant', 'expired authorization code'),
      redirect_uri_mismatch: refused('redirect_uri_mismatch', 'redirect_uri must match configuration'),
      verifier_missing: refused('invalid_grant', 'invalid code verifier'),
      verifier_wrong: refused('invalid_grant', 'invalid code verifier'),
      refresh_unknown: expired,
      refresh_expired: expired,
      refresh_revoked: expired,
      refresh_superseded: expired,
    },
    refusal: ({ status, error, description }) =>
      json(status, { error, error_description: description }, noStore),
  },
  revoke: {
    auth: 'none',
    token_in: ['body', 'query'],
    parameter: 'token',
    // A refresh token takes its access tokens with it.
    ends: { access_token: 'token', refresh_token: 'family' },
    done: { status: 200, body: undefined },
    unknown: json(400, { error: 'invalid_token', error_description: 'the token provided is invalid' }),
  },
  introspect: ({ client_id, account, scopes, issued_at, expires_at }, base) => ({
    scope: scopes.join(' '),
    client_id,
    ...(account ? { username: account.email, sub: identityOf(base, account.number) } : {}),
    token_type: 'access_token',
    exp: Math.floor((expires_at ?? issued_at) / 1000),
    iat: Math.floor(issued_at / 1000),
    nbf: Math.floor(issued_at / 1000),
  }),
  api: {
    routes: [
      {
        method: 'GET',
        path: '/services/oauth2/userinfo',
        endpoint: 'account',
        scopes: [],
        unauthorized: { status: 403, body: 'Bad_OAuth_Token' },
        handle: userinfo,
      },
      {
        method: 'GET',
        path: `/id/${ORGANISATION}/:user`,
        endpoint: 'account',
        scopes: [],
        unauthorized: { status: 403, body: 'Bad_OAuth_Token' },
        handle: identity,
      },
      ...dataRoutes,
    ],
    unauthorized: json(401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]),
    forbidden: () =>
      json(403, [
        { message: 'This session is not valid for use with the REST API', errorCode: 'INVALID_SESSION_ID' },
      ]),
    not_found: json(404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }]),
    seed: seedOrg,
  },
  strings: {
    code: (random) => `aPrx${SECRET_MARK}${randomHex(random, 30)}`,
    access_token: (random) => `${ORGANISATION.slice(0, 15)}!${SECRET_MARK}${randomHex(random, 40)}`,
    refresh_token: (random) => `5Aep861${SECRET_MARK}${randomHex(random, 30)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/services/oauth2/authorize`,
    token_url: `${base}/services/oauth2/token`,
    issuer: base,
    revocation: { url: `${base}/services/oauth2/revoke` },
    introspection: { url: `${base}/services/oauth2/introspect` },
    account: { url: `${base}/services/oauth2/userinfo` },
    origins: { instance_url: [new URL(base).host] },
  }),
}
