import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'

const INSTANCE = '10472900-0000-4000-8000-0000000003e0'
const refused = (error: string): RefusalFacts => ({ status: 400, error, description: '' })

const problem = (status: number, title: string, detail: string): Answer =>
  json(status, {
    Type: null,
    Title: title,
    Status: status,
    Detail: detail,
    Instance: INSTANCE,
    Extensions: {},
  })

// Two organisations, so that one has to be chosen.
const organisations = [
  { id: '10472900-0000-4000-8000-0000000003e1', name: 'Analytical Engines Ltd' },
  { id: '10472900-0000-4000-8000-0000000003e2', name: 'Demo Company (UK)' },
]

const connections = ({ account, now }: ApiCall): Answer => {
  const date = new Date(now).toISOString().replace('Z', '0000')
  return json(
    200,
    organisations.map(({ id, name }, index) => ({
      id: `10472900-0000-4000-8000-000000c0${account.number}00${index}`,
      authEventId: `10472900-0000-4000-8000-000000ae000${account.number}`,
      tenantId: id,
      tenantType: 'ORGANISATION',
      tenantName: name,
      createdDateUtc: date,
      updatedDateUtc: date,
    })),
  )
}

/** Everything but `connections` is about the organisation that a header names. */
const inOrganisation =
  (handle: (call: ApiCall, organisation: { id: string; name: string }) => Answer) =>
  (call: ApiCall): Answer => {
    const found = organisations.find(({ id }) => id === call.headers['xero-tenant-id'])
    return found ? handle(call, found) : problem(403, 'Forbidden', 'AuthenticationUnsuccessful')
  }

const envelope = (call: ApiCall, more: Record<string, unknown>): Answer =>
  json(200, {
    Id: INSTANCE,
    Status: 'OK',
    ProviderName: 'Grantry',
    DateTimeUTC: `/Date(${call.now})/`,
    ...more,
  })

const organisation = inOrganisation((call, { id, name }) =>
  envelope(call, {
    Organisations: [
      {
        Name: name,
        LegalName: name,
        OrganisationID: id,
        OrganisationType: 'COMPANY',
        BaseCurrency: 'GBP',
        CountryCode: 'GB',
        ShortCode: '!sand1',
        IsDemoCompany: name.startsWith('Demo'),
        OrganisationStatus: 'ACTIVE',
      },
    ],
  }),
)

const contacts = inOrganisation((call) => envelope(call, { Contacts: call.data }))

/**
 * Xero. Facts from developer.xero.com/documentation: guides/oauth2/auth-flow, token-types, scopes, tenants; api/accounting/organisation; error bodies as
 * quoted in its SDKs' issue trackers. An exchanged refresh token may be sent again for half an hour, in case its answer was lost.
 */
export const xero: ProviderTable = {
  name: 'xero',
  display_name: 'Xero',
  real: true,
  client: { client_id: '104729005A6DB0C500000000000000E0', client_secret: `${SECRET_MARK}-xero-client` },
  openid: true,
  paths: {
    authorize: ['/identity/connect/authorize', '/connect/authorize'],
    token: ['/connect/token'],
    revoke: ['/connect/revocation'],
    jwks: '/.well-known/openid-configuration/jwks',
  },
  scopes: {
    openid: { sentence: 'Know who you are' },
    profile: { sentence: 'See your name' },
    email: { sentence: 'See your email address' },
    offline_access: { sentence: 'Keep access while you are away' },
    'accounting.transactions': { sentence: 'Read and change invoices and payments' },
    'accounting.transactions.read': { sentence: 'Read invoices and payments' },
    'accounting.invoices': { sentence: 'Read and change invoices' },
    'accounting.invoices.read': { sentence: 'Read invoices' },
    'accounting.payments': { sentence: 'Read and change payments' },
    'accounting.payments.read': { sentence: 'Read payments' },
    'accounting.contacts': { sentence: 'Read and change contacts' },
    'accounting.contacts.read': { sentence: 'Read contacts' },
    'accounting.settings': { sentence: 'Read and change settings' },
    'accounting.settings.read': { sentence: 'Read settings' },
    'accounting.reports.read': { sentence: 'Read reports' },
    'accounting.journals.read': { sentence: 'Read journals' },
    'accounting.attachments': { sentence: 'Read and change attachments' },
    'accounting.attachments.read': { sentence: 'Read attachments' },
  },
  settings: {
    expires_in: 1800,
    code_lifetime: 300,
    rotates: true,
    reuse_detection: false,
    leeway: 1800,
    kills_access_token: false,
    refresh_idle_lifetime: 60 * 86_400,
  },
  authorize: {
    scope_separators: / +/,
    invalid_scope: 'page',
    response_type_required: true,
    pkce: 'optional',
    pkce_methods: ['S256'],
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_basic', 'client_secret_post'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['form'],
    refresh_token_when: ({ scopes }) => scopes.includes('offline_access'),
    replay_revokes: true,
    answer: (issued) =>
      json(200, {
        ...(issued.id_token === null ? {} : { id_token: issued.id_token }),
        access_token: issued.access_token,
        expires_in: issued.expires_in,
        token_type: issued.token_type,
        ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
        scope: issued.scopes.join(' '),
      }),
    refusals: {
      content_type: refused('invalid_request'),
      parameter_repeated: refused('invalid_request'),
      parameter_missing: refused('invalid_request'),
      client_missing: refused('invalid_client'),
      client_unknown: refused('invalid_client'),
      client_wrong_secret: refused('invalid_client'),
      client_method: refused('invalid_client'),
      grant_type_missing: refused('unsupported_grant_type'),
      grant_type_unsupported: refused('unsupported_grant_type'),
      code_unknown: refused('invalid_grant'),
      code_used: refused('invalid_grant'),
      code_expired: refused('invalid_grant'),
      redirect_uri_mismatch: refused('invalid_grant'),
      verifier_missing: refused('invalid_grant'),
      verifier_wrong: refused('invalid_grant'),
      refresh_unknown: refused('invalid_grant'),
      refresh_expired: refused('invalid_grant'),
      refresh_revoked: refused('invalid_grant'),
      refresh_superseded: refused('invalid_grant'),
      scope_invalid: refused('invalid_scope'),
    },
    // No descriptions.
    refusal: ({ status, error }) => json(status, { error }),
  },
  revoke: {
    auth: 'client',
    token_in: ['body'],
    parameter: 'token',
    // It takes refresh tokens, and ends all of the user's connections with them.
    ends: { refresh_token: 'account' },
    done: { status: 200, body: undefined },
    unknown: { status: 200, body: undefined },
  },
  api: {
    routes: [
      { method: 'GET', path: '/connections', endpoint: 'api', scopes: [], handle: connections },
      {
        method: 'GET',
        path: '/connect/userinfo',
        endpoint: 'account',
        scopes: ['openid'],
        handle: ({ account, scopes }) =>
          json(200, {
            sub: `10472900-0000-4000-8000-00000000050${account.number}`,
            ...(scopes.includes('profile')
              ? { name: account.name, given_name: account.given_name, family_name: account.family_name }
              : {}),
            ...(scopes.includes('email') ? { email: account.email } : {}),
          }),
      },
      {
        method: 'GET',
        path: '/api.xro/2.0/Organisation',
        endpoint: 'account',
        scopes: ['accounting.settings', 'accounting.settings.read'],
        handle: organisation,
      },
      {
        method: 'GET',
        path: '/api.xro/2.0/Contacts',
        endpoint: 'api',
        scopes: ['accounting.contacts', 'accounting.contacts.read'],
        handle: contacts,
      },
    ],
    unauthorized: (why, { now }) =>
      problem(
        401,
        'Unauthorized',
        why === 'expired'
          ? `TokenExpired: token expired at ${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}`
          : 'AuthenticationUnsuccessful',
      ),
    forbidden: () => problem(401, 'Unauthorized', 'AuthorizationUnsuccessful'),
    not_found: problem(404, 'Not Found', 'The resource you are looking for cannot be found'),
    seed: () => [{ ContactID: '10472900-0000-4000-8000-0000000003e9', Name: 'Charles Babbage' }],
  },
  strings: {
    code: (random) => `${SECRET_MARK}${randomHex(random, 20)}`,
    access_token: (random) => `eyJ${SECRET_MARK}${randomHex(random, 60)}`,
    refresh_token: (random) => `${SECRET_MARK}${randomHex(random, 24)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/identity/connect/authorize`,
    token_url: `${base}/connect/token`,
    issuer: base,
    revocation: { url: `${base}/connect/revocation` },
    api: { base_url: `${base}/api.xro/2.0` },
    account: { url: `${base}/connect/userinfo` },
    tenants: { url: `${base}/connections` },
  }),
}
