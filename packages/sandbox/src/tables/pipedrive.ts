import { json } from '../answer.ts'
import type { ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { pipedriveRoutes } from './pipedrive-api.ts'
import { seedCompany } from './pipedrive-book.ts'

const refused = (error: string, description: string): RefusalFacts => ({ status: 400, error, description })

/**
 * Pipedrive. Facts from pipedrive.readme.io (marketplace-oauth-authorization, marketplace-oauth-and-api-proxy-status-codes,
 * marketplace-scopes-and-permissions-explanations, app-uninstallation) and developers.pipedrive.com; error bodies as quoted in public issue trackers.
 */
export const pipedrive: ProviderTable = {
  name: 'pipedrive',
  display_name: 'Pipedrive',
  real: true,
  client: { client_id: 'sandbox5b4d083d', client_secret: `${SECRET_MARK}-pipedrive-client` },
  openid: false,
  paths: { authorize: ['/oauth/authorize'], token: ['/oauth/token'], revoke: ['/oauth/revoke'] },
  scopes: {
    base: { sentence: 'See your user profile and the currencies of your company' },
    'deals:read': { sentence: 'Read deals, pipelines and stages' },
    'deals:full': { sentence: 'Read, create, change and delete deals, pipelines and stages' },
    'contacts:read': { sentence: 'Read people and organisations' },
    'contacts:full': { sentence: 'Read, create, change and delete people and organisations' },
    'activities:read': { sentence: 'Read activities' },
    'activities:full': { sentence: 'Read, create, change and delete activities' },
    'leads:read': { sentence: 'Read leads' },
    'leads:full': { sentence: 'Read, create, change and delete leads' },
    'products:read': { sentence: 'Read products' },
    'products:full': { sentence: 'Read, create, change and delete products' },
    'projects:read': { sentence: 'Read projects' },
    'projects:full': { sentence: 'Read, create, change and delete projects' },
    'mail:read': { sentence: 'Read mail threads' },
    'mail:full': { sentence: 'Read, change and delete mail threads' },
    'users:read': { sentence: 'Read who works in your company' },
    'recents:read': { sentence: 'Read what changed recently' },
    'search:read': { sentence: 'Search across everything' },
    'goals:read': { sentence: 'Read goals' },
    'goals:full': { sentence: 'Read, create, change and delete goals' },
    'webhooks:read': { sentence: 'Read webhooks' },
    'webhooks:full': { sentence: 'Create, read and delete webhooks' },
    'phone-integration': { sentence: 'Put calls and their logs next to your contacts' },
    admin: { sentence: 'Change company settings such as pipelines, fields and users' },
  },
  settings: {
    expires_in: 3599,
    code_lifetime: 300,
    // Its reference speaks of one refresh token whose 60 days start anew, its status codes of tokens that were "already exchanged",
    // and those who integrate it of a new one each time: the stricter reading.
    rotates: true,
    // The documentation says only that an exchanged token is invalid.
    reuse_detection: false,
    leeway: 0,
    kills_access_token: false,
    refresh_idle_lifetime: 60 * 86_400,
  },
  authorize: {
    scope_separators: /[ ,]+/,
    // Scopes are those of the application's registration; the request need not name any.
    default_scopes: ['base', 'deals:full', 'contacts:full', 'users:read', 'search:read'],
    always_scopes: ['base'],
    invalid_scope: 'redirect',
    denied: { error: 'user_denied' },
    response_type_required: false,
    pkce: 'ignored',
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_basic'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['form'],
    refresh_token_when: () => true,
    replay_revokes: false,
    answer: (issued, base) =>
      json(200, {
        access_token: issued.access_token,
        token_type: issued.token_type,
        expires_in: issued.expires_in,
        ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
        scope: issued.scopes.join(','),
        api_domain: base,
      }),
    refusals: {
      content_type: refused(
        'invalid_request',
        'Invalid request: content must be application/x-www-form-urlencoded',
      ),
      parameter_missing: refused('invalid_request', 'Missing parameter'),
      client_missing: refused('invalid_client', 'Invalid client: cannot retrieve client credentials'),
      client_method: refused('invalid_client', 'Invalid client: cannot retrieve client credentials'),
      client_unknown: refused('invalid_client', 'Invalid client: client is invalid'),
      client_wrong_secret: refused('invalid_client', 'Invalid client: client is invalid'),
      grant_type_missing: refused('invalid_request', 'Missing parameter: `grant_type`'),
      grant_type_unsupported: refused(
        'unsupported_grant_type',
        'Unsupported grant type: `grant_type` is invalid',
      ),
      code_unknown: refused('invalid_grant', 'Invalid grant: authorization_code is invalid'),
      code_used: refused('invalid_grant', 'Invalid grant: authorization_code is invalid'),
      code_expired: refused('invalid_grant', 'Invalid grant: authorization_code has expired'),
      redirect_uri_mismatch: refused('invalid_request', 'Invalid request: `redirect_uri` is invalid'),
      refresh_unknown: refused('invalid_grant', 'Invalid grant: refresh_token is invalid'),
      refresh_expired: refused('invalid_grant', 'Invalid grant: refresh_token is invalid'),
      refresh_revoked: refused('invalid_grant', 'Invalid grant: refresh_token is invalid'),
      refresh_superseded: refused('invalid_grant', 'Invalid grant: refresh_token is invalid'),
    },
    refusal: ({ status, error, description }) =>
      json(status, { success: false, message: description, error }),
  },
  revoke: {
    auth: 'client',
    token_in: ['body'],
    parameter: 'token',
    // Revoking the refresh token uninstalls the application for that user.
    ends: { access_token: 'token', refresh_token: 'account' },
    done: json(200, { success: true }),
    unknown: json(200, { success: true }),
  },
  api: {
    routes: pipedriveRoutes,
    seed: seedCompany,
    unauthorized: json(401, {
      success: false,
      error: 'unauthorized access',
      errorCode: 401,
      error_info: 'Please check developers.pipedrive.com',
    }),
    forbidden: () =>
      json(403, {
        success: false,
        error: 'Scope and URL mismatch',
        errorCode: 403,
        error_info: 'Please check developers.pipedrive.com',
      }),
    not_found: json(404, {
      success: false,
      error: 'Unknown method .',
      error_info: 'Please check developers.pipedrive.com',
      data: null,
      additional_data: null,
    }),
  },
  strings: {
    code: (random, account) => `${companyOf(account)}:${SECRET_MARK}${randomHex(random, 20)}`,
    access_token: (random, account) => `${companyOf(account)}:${SECRET_MARK}${randomHex(random, 24)}`,
    refresh_token: (random, account) => `${companyOf(account)}:${SECRET_MARK}${randomHex(random, 20)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/oauth/authorize`,
    token_url: `${base}/oauth/token`,
    revocation: { url: `${base}/oauth/revoke` },
    api: { base_url: base },
    account: { url: `${base}/api/v1/users/me` },
  }),
}

/** Company and user, colon-separated, come first in its tokens. */
const companyOf = (account: { number: number } | null): string => `53:${179 + (account?.number ?? 0)}`
