import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { CORRELATION, crmRoutes, failed } from './hubspot-api.ts'
import { seedPortal } from './hubspot-portal.ts'

const refused = (error: string, description: string): RefusalFacts => ({ status: 400, error, description })

const hubOf = (number: number) => 14_472_900 + number
const userOf = (number: number) => 4_472_900 + number
const badRefresh = refused('BAD_REFRESH_TOKEN', 'missing or invalid refresh token')

/** Who opened the token in the path, and for which portal. */
const tokenInfo = ({ account, token, scopes, now }: ApiCall): Answer =>
  json(200, {
    token: token.value,
    user: account.email,
    hub_domain: `${account.given_name.toLowerCase()}.hs-sandbox.example`,
    scopes,
    hub_id: hubOf(account.number),
    app_id: 104_729,
    expires_in: token.expires_at === null ? null : Math.round((token.expires_at - now) / 1000),
    user_id: userOf(account.number),
    token_type: 'access',
  })

/**
 * HubSpot. Facts from developers.hubspot.com/docs: api/working-with-oauth, api-reference/2026-03/authentication/oauth-tokens and its legacy v1, api/crm/contacts; error bodies as quoted in
 * public issue trackers.
 */
export const hubspot: ProviderTable = {
  name: 'hubspot',
  display_name: 'HubSpot',
  real: true,
  client: {
    client_id: '10472900-0000-4000-8000-00005a6db0c5',
    client_secret: `${SECRET_MARK}-hubspot-client`,
  },
  openid: false,
  paths: {
    authorize: ['/oauth/authorize'],
    token: ['/oauth/2026-03/token', '/oauth/v3/token', '/oauth/v1/token'],
    revoke: ['/oauth/2026-03/token/revoke', '/oauth/v3/token/revoke'],
  },
  scopes: {
    oauth: { sentence: 'Know which account this is' },
    'crm.objects.contacts.read': { sentence: 'Read contacts' },
    'crm.objects.contacts.write': { sentence: 'Create, change and delete contacts' },
    'crm.objects.companies.read': { sentence: 'Read companies' },
    'crm.objects.companies.write': { sentence: 'Create, change and delete companies' },
    'crm.objects.deals.read': { sentence: 'Read deals' },
    'crm.objects.deals.write': { sentence: 'Create, change and delete deals' },
    'crm.objects.owners.read': { sentence: 'Read who owns records' },
    'crm.lists.read': { sentence: 'Read lists' },
    'crm.schemas.contacts.read': { sentence: 'Read the fields of contacts' },
    tickets: { sentence: 'Read and change tickets' },
    files: { sentence: 'Read and change files' },
  },
  settings: {
    expires_in: 1800,
    code_lifetime: 60,
    rotates: false,
    reuse_detection: false,
    leeway: 0,
    kills_access_token: false,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: / +/,
    always_scopes: ['oauth'],
    invalid_scope: 'page',
    response_type_required: false,
    pkce: 'optional',
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_post'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['form'],
    token_type: 'bearer',
    refresh_token_when: () => true,
    repeats_refresh_token: true,
    replay_revokes: false,
    answer: (issued) =>
      json(200, {
        token_type: issued.token_type,
        ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
        access_token: issued.access_token,
        hub_id: hubOf(issued.account!.number),
        scopes: issued.scopes,
        expires_in: issued.expires_in,
        user_id: userOf(issued.account!.number),
      }),
    refusals: {
      content_type: refused('BAD_GRANT_TYPE', 'missing or unknown grant type'),
      parameter_missing: refused('BAD_AUTH_CODE', 'missing or unknown auth code'),
      client_missing: refused('BAD_CLIENT_ID', 'missing or unknown client id'),
      client_unknown: refused('BAD_CLIENT_ID', 'missing or unknown client id'),
      client_method: refused('BAD_CLIENT_ID', 'missing or unknown client id'),
      client_wrong_secret: refused('BAD_CLIENT_SECRET', 'missing or invalid client secret'),
      grant_type_missing: refused('BAD_GRANT_TYPE', 'missing or unknown grant type'),
      grant_type_unsupported: refused('BAD_GRANT_TYPE', 'missing or unknown grant type'),
      code_unknown: refused('BAD_AUTH_CODE', 'missing or unknown auth code'),
      code_used: refused('BAD_AUTH_CODE', 'missing or unknown auth code'),
      code_expired: refused('EXPIRED_AUTH_CODE', 'auth code has expired'),
      redirect_uri_mismatch: refused(
        'MISMATCH_REDIRECT_URI_AUTH_CODE',
        'redirect URI does not match the one of the auth code',
      ),
      refresh_unknown: badRefresh,
      refresh_expired: badRefresh,
      refresh_revoked: badRefresh,
      refresh_superseded: badRefresh,
    },
    refusal: ({ status, error, description }) =>
      json(status, { status: error, message: description, correlationId: CORRELATION }),
  },
  revoke: {
    auth: 'client',
    token_in: ['body'],
    parameter: 'token',
    // Access tokens live on until they expire.
    ends: { access_token: 'token', refresh_token: 'token' },
    done: { status: 200, body: undefined },
    unknown: { status: 200, body: undefined },
  },
  other_revoke: {
    paths: ['/oauth/v1/refresh-tokens/:token'],
    method: 'DELETE',
    auth: 'none',
    token_in: ['path'],
    parameter: 'token',
    ends: { refresh_token: 'token' },
    done: { status: 204, body: undefined },
    unknown: failed(404, 'refresh token not found', 'OBJECT_NOT_FOUND'),
  },
  api: {
    routes: [
      {
        method: 'GET',
        path: '/oauth/v1/access-tokens/:token',
        endpoint: 'account',
        scopes: [],
        token_in_path: 'token',
        unauthorized: failed(404, 'access token not found', 'OBJECT_NOT_FOUND'),
        handle: tokenInfo,
      },
      {
        method: 'GET',
        path: '/account-info/v3/details',
        endpoint: 'account',
        scopes: [],
        handle: ({ account }) =>
          json(200, {
            portalId: hubOf(account.number),
            accountType: 'DEVELOPER_TEST',
            timeZone: 'Europe/London',
            companyCurrency: 'GBP',
            additionalCurrencies: [],
            utcOffset: '+00:00',
            utcOffsetMilliseconds: 0,
            uiDomain: 'app.hubspot.com',
            dataHostingLocation: 'eu1',
          }),
      },
      ...crmRoutes,
    ],
    unauthorized: (why, { now }) =>
      why === 'expired'
        ? failed(
            401,
            `The OAuth token used to make this call expired before ${new Date(now).toISOString()}.`,
            'EXPIRED_AUTHENTICATION',
          )
        : failed(401, 'Authentication credentials not found.', 'INVALID_AUTHENTICATION'),
    forbidden: (needed) =>
      json(403, {
        status: 'error',
        message: 'This app hasn’t been granted all required scopes to make this call.',
        correlationId: CORRELATION,
        errors: [
          {
            message: 'One or more of the following scopes are required.',
            context: { requiredGranularScopes: needed },
          },
        ],
        category: 'MISSING_SCOPES',
      }),
    not_found: failed(404, 'resource not found', 'OBJECT_NOT_FOUND'),
    seed: seedPortal,
  },
  strings: {
    code: (random) => `eu1-${SECRET_MARK}-${randomHex(random, 16)}`,
    access_token: (random) => `CKC${SECRET_MARK}${randomHex(random, 40)}`,
    refresh_token: (random) => `eu1-${SECRET_MARK}${randomHex(random, 16)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/oauth/authorize`,
    token_url: `${base}/oauth/2026-03/token`,
    revocation: { url: `${base}/oauth/2026-03/token/revoke` },
    api: { base_url: base },
    account: { url: `${base}/account-info/v3/details` },
  }),
}
