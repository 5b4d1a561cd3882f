import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomBase64url } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { subjectOf } from '../subject.ts'

const ACCOUNTING = 'com.intuit.quickbooks.accounting'
const PAYMENT = 'com.intuit.quickbooks.payment'
// 101 days, as the documented answers say it.
const REFRESH_LIFETIME = 8_726_400

const refused = (status: number, error: string, description = ''): RefusalFacts => ({
  status,
  error,
  description,
})
const badClient = refused(401, 'invalid_client')
const badRefresh = refused(400, 'invalid_grant', 'Incorrect or invalid refresh token')
const realmOf = ({ number }: { number: number }) => `934145295527200${number}`

const fault = (status: number, type: string, message: string, detail: string, code: string): Answer =>
  json(status, {
    warnings: null,
    intuitObject: null,
    fault: { error: [{ message, detail, code, element: null }], type },
    report: null,
    queryResponse: null,
    batchItemResponse: [],
    attachableResponse: [],
    syncErrorResponse: null,
    requestId: null,
    time: 0,
    status: null,
    cdcresponse: [],
  })

const forbidden = fault(
  403,
  'AUTHENTICATION',
  'message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403',
  'The company is not connected by this token',
  '3100',
)

/** The company that was chosen at consent, and no other. */
const inCompany =
  (handle: (call: ApiCall) => Answer) =>
  (call: ApiCall): Answer =>
    call.params.realmId === realmOf(call.account) ? handle(call) : forbidden

const companyInfo = ({ account, now }: ApiCall): Answer =>
  json(200, {
    CompanyInfo: {
      CompanyName: `${account.family_name} Engines`,
      LegalName: `${account.family_name} Engines`,
      Country: 'GB',
      Email: { Address: account.email },
      FiscalYearStartMonth: 'January',
      SupportedLanguages: 'en',
      domain: 'QBO',
      sparse: false,
      Id: '1',
      SyncToken: '4',
    },
    time: new Date(now).toISOString(),
  })

const createCustomer = (call: ApiCall): Answer => {
  const { DisplayName: name } = (call.body ?? {}) as { DisplayName?: unknown }
  if (typeof name !== 'string' || name === '')
    return json(400, {
      Fault: {
        Error: [
          {
            Message: 'Required param missing, need to supply the required value for the API',
            Detail: 'Required parameter DisplayName is missing in the request',
            code: '2020',
            element: 'DisplayName',
          },
        ],
        type: 'ValidationFault',
      },
      time: new Date(call.now).toISOString(),
    })
  const customers = call.data as string[]
  customers.push(name)
  call.send({ kind: 'customer', summary: `customer created: ${name}`, detail: { DisplayName: name } })
  return json(200, {
    Customer: { Id: String(customers.length), SyncToken: '0', DisplayName: name, Active: true },
    time: new Date(call.now).toISOString(),
  })
}

/**
 * QuickBooks Online. Facts from developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization: oauth-2.0, openid-connect, faq; and
 * the Accounting API's companyinfo and customer. The value of the refresh token changes, and the one before lives a day longer.
 */
export const quickbooks: ProviderTable = {
  name: 'quickbooks',
  display_name: 'QuickBooks Online',
  real: true,
  client: { client_id: 'ABsandboxQuickBooks', client_secret: `${SECRET_MARK}-quickbooks-client` },
  openid: true,
  paths: {
    authorize: ['/connect/oauth2'],
    token: ['/oauth2/v1/tokens/bearer'],
    revoke: ['/v2/oauth2/tokens/revoke'],
    jwks: '/op/v1/jwks',
  },
  scopes: {
    [ACCOUNTING]: { sentence: 'Read and change your books' },
    [PAYMENT]: { sentence: 'Take payments' },
    openid: { sentence: 'Know who you are' },
    profile: { sentence: 'See your name' },
    email: { sentence: 'See your email address' },
    phone: { sentence: 'See your phone number' },
    address: { sentence: 'See your address' },
  },
  settings: {
    expires_in: 3600,
    code_lifetime: 300,
    rotates: true,
    reuse_detection: false,
    leeway: 86_400,
    kills_access_token: false,
    refresh_idle_lifetime: REFRESH_LIFETIME,
  },
  authorize: {
    scope_separators: / +/,
    invalid_scope: 'page',
    response_type_required: true,
    pkce: 'ignored',
    granular: false,
    incremental: false,
    iss: false,
    callback: ({ account, scopes }) =>
      scopes.some((scope) => scope === ACCOUNTING || scope === PAYMENT)
        ? { realmId: realmOf(account) }
        : ({} as Record<string, string>),
  },
  token: {
    client_auth: ['client_secret_basic'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['form'],
    token_type: 'bearer',
    refresh_token_when: () => true,
    replay_revokes: false,
    answer: (issued, _base, { settings }) =>
      json(200, {
        token_type: issued.token_type,
        expires_in: issued.expires_in,
        ...(issued.refresh_token === null
          ? {}
          : {
              refresh_token: issued.refresh_token,
              x_refresh_token_expires_in: settings.refresh_idle_lifetime ?? REFRESH_LIFETIME,
            }),
        access_token: issued.access_token,
        ...(issued.id_token === null ? {} : { id_token: issued.id_token }),
      }),
    refusals: {
      content_type: refused(400, 'invalid_request'),
      parameter_missing: refused(400, 'invalid_request'),
      client_missing: badClient,
      client_unknown: badClient,
      client_wrong_secret: badClient,
      client_method: badClient,
      grant_type_missing: refused(400, 'invalid_request'),
      grant_type_unsupported: refused(400, 'unsupported_grant_type'),
      code_unknown: refused(400, 'invalid_grant', 'Invalid authorization code'),
      code_used: refused(400, 'invalid_grant', 'Invalid authorization code'),
      code_expired: refused(400, 'invalid_grant', 'Authorization code expired'),
      redirect_uri_mismatch: refused(400, 'invalid_grant', 'Invalid redirect uri'),
      refresh_unknown: badRefresh,
      refresh_expired: badRefresh,
      refresh_revoked: badRefresh,
      refresh_superseded: badRefresh,
    },
    refusal: ({ status, error, description }) =>
      json(status, description ? { error_description: description, error } : { error }),
  },
  revoke: {
    auth: 'client',
    client_auth: ['client_secret_basic'],
    token_in: ['body'],
    body: ['json', 'form'],
    parameter: 'token',
    ends: { access_token: 'account', refresh_token: 'account' },
    done: { status: 200, body: undefined },
    unknown: json(400, { error: 'invalid_request' }),
  },
  api: {
    routes: [
      {
        method: 'GET',
        path: '/v1/openid_connect/userinfo',
        endpoint: 'account',
        scopes: ['openid'],
        handle: ({ account, scopes }) =>
          json(200, {
            sub: subjectOf(account),
            ...(scopes.includes('profile')
              ? { givenName: account.given_name, familyName: account.family_name }
              : {}),
            ...(scopes.includes('email') ? { email: account.email, emailVerified: true } : {}),
          }),
      },
      {
        method: 'GET',
        path: '/v3/company/:realmId/companyinfo/:id',
        endpoint: 'account',
        scopes: [ACCOUNTING],
        handle: inCompany(companyInfo),
      },
      {
        method: 'POST',
        path: '/v3/company/:realmId/customer',
        endpoint: 'api',
        scopes: [ACCOUNTING],
        handle: inCompany(createCustomer),
      },
    ],
    unauthorized: (why) =>
      fault(
        401,
        'AUTHENTICATION',
        'message=AuthenticationFailed; errorCode=003200; statusCode=401',
        why === 'expired' ? 'Token expired: AB01' : 'Malformed bearer token: AB01',
        '3200',
      ),
    forbidden: () => forbidden,
    not_found: fault(404, 'SERVICE', 'message=NotFound; statusCode=404', 'No such resource', '404'),
    seed: () => [],
  },
  strings: {
    code: (random) => `AB1${SECRET_MARK}${randomBase64url(random, 30)}`,
    access_token: (random) => `eyJ${SECRET_MARK}${randomBase64url(random, 60)}`,
    refresh_token: (random) => `RT1-${SECRET_MARK}${randomBase64url(random, 24)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/connect/oauth2`,
    token_url: `${base}/oauth2/v1/tokens/bearer`,
    issuer: base,
    revocation: { url: `${base}/v2/oauth2/tokens/revoke` },
    api: { base_url: `${base}/v3/company/{realmId}` },
    account: { url: `${base}/v1/openid_connect/userinfo` },
  }),
}
