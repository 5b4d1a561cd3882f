import type { Account } from '../accounts.ts'
import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'

const accountIdOf = ({ number }: Account) => `acct_1Sandbox104729${number}`
const refused = (status: number, error: string, description: string): RefusalFacts => ({
  status,
  error,
  description,
})
const noKey = refused(
  401,
  'invalid_client',
  'No authentication was provided. Send your secret API key using the Authorization header, or as a client_secret POST parameter.',
)
const badKey = refused(401, 'invalid_client', 'Invalid API Key provided')
const badCode = refused(400, 'invalid_grant', 'Authorization code does not exist')
const badRefresh = refused(400, 'invalid_grant', 'This refresh token does not exist or was revoked')

const failed = (status: number, type: string, message: string, more: Record<string, string> = {}): Answer =>
  json(status, { error: { ...more, message, type } })

const account = ({ account: person }: ApiCall): Answer =>
  json(200, {
    id: accountIdOf(person),
    object: 'account',
    business_profile: { name: `${person.family_name} Engines`, url: null },
    business_type: 'company',
    charges_enabled: true,
    country: 'GB',
    default_currency: 'gbp',
    details_submitted: true,
    email: person.email,
    payouts_enabled: true,
    settings: { dashboard: { display_name: `${person.family_name} Engines`, timezone: 'Europe/London' } },
    type: 'standard',
  })

type Customer = { id: string; object: 'customer'; email: string | null; name: string | null; created: number }

const createCustomer = (call: ApiCall): Answer => {
  const form = call.body instanceof URLSearchParams ? call.body : new URLSearchParams()
  const customers = call.data as Customer[]
  const made: Customer = {
    id: `cus_sandbox${customers.length + 1}`,
    object: 'customer',
    email: form.get('email'),
    name: form.get('name'),
    created: Math.floor(call.now / 1000),
  }
  customers.push(made)
  call.send({ kind: 'customer', summary: `customer created: ${made.email ?? made.id}`, detail: made })
  return json(200, made)
}

/**
 * Stripe Connect, standard accounts. Facts from docs.stripe.com: connect/oauth-reference, connect/oauth-standard-accounts, api/accounts, api/errors.
 * The client is known by the platform's secret key alone.
 */
export const stripe: ProviderTable = {
  name: 'stripe',
  display_name: 'Stripe',
  real: true,
  client: { client_id: 'ca_sandbox104729', client_secret: `sk_test_${SECRET_MARK}` },
  openid: false,
  paths: {
    authorize: ['/oauth/authorize', '/oauth/v2/authorize'],
    token: ['/oauth/token'],
    revoke: ['/oauth/deauthorize'],
  },
  scopes: {
    read_only: { sentence: 'See your payments and customers' },
    read_write: { sentence: 'See and change your payments and customers' },
  },
  settings: {
    expires_in: null,
    code_lifetime: 300,
    rotates: false,
    reuse_detection: false,
    leeway: 0,
    kills_access_token: false,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: / +/,
    default_scopes: ['read_only'],
    invalid_scope: 'redirect',
    denied: { error: 'access_denied', error_description: 'The user denied your request' },
    response_type_required: true,
    pkce: 'ignored',
    granular: false,
    incremental: false,
    iss: false,
    callback: ({ scopes }) => ({ scope: scopes.join(' ') }),
  },
  token: {
    client_auth: ['client_secret_post'],
    client_by_secret: true,
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['form'],
    redirect_uri: 'ignored',
    token_type: 'bearer',
    refresh_token_when: () => true,
    repeats_refresh_token: true,
    replay_revokes: true,
    answer: (issued) =>
      json(200, {
        access_token: issued.access_token,
        livemode: false,
        ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
        token_type: issued.token_type,
        stripe_publishable_key: `pk_test_sandbox${issued.account!.number}`,
        stripe_user_id: accountIdOf(issued.account!),
        scope: issued.scopes.join(' '),
      }),
    refusals: {
      client_missing: noKey,
      client_unknown: refused(400, 'invalid_client', 'No such application'),
      client_wrong_secret: badKey,
      client_method: badKey,
      grant_type_missing: refused(400, 'invalid_request', 'No grant type specified'),
      grant_type_unsupported: refused(400, 'unsupported_grant_type', 'Unsupported grant type'),
      parameter_missing: refused(400, 'invalid_request', 'A required parameter is missing'),
      code_unknown: badCode,
      code_used: refused(
        400,
        'invalid_grant',
        'This authorization code has already been used. All tokens issued with this code have been revoked.',
      ),
      code_expired: refused(400, 'invalid_grant', 'Authorization code expired'),
      refresh_unknown: badRefresh,
      refresh_expired: badRefresh,
      refresh_revoked: badRefresh,
    },
    refusal: ({ status, error, description }) => json(status, { error, error_description: description }),
  },
  revoke: {
    auth: 'client',
    token_in: ['body'],
    parameter: 'stripe_user_id',
    names_account: accountIdOf,
    ends: {},
    done: json(200, {}),
    unknown: json(400, {
      error: 'invalid_client',
      error_description: 'This application is not connected to that stripe account, or it does not exist.',
    }),
  },
  api: {
    routes: [
      { method: 'GET', path: '/v1/account', endpoint: 'account', scopes: [], handle: account },
      {
        method: 'GET',
        path: '/v1/customers',
        endpoint: 'api',
        scopes: [],
        handle: ({ data }) => json(200, { object: 'list', data, has_more: false, url: '/v1/customers' }),
      },
      {
        method: 'POST',
        path: '/v1/customers',
        endpoint: 'api',
        scopes: ['read_write'],
        handle: createCustomer,
      },
    ],
    unauthorized: (why) =>
      why === 'no_token'
        ? failed(401, 'invalid_request_error', 'You did not provide an API key.')
        : failed(401, 'invalid_request_error', 'Invalid API Key provided'),
    forbidden: () =>
      failed(403, 'invalid_request_error', 'The provided key does not have the required permissions.'),
    not_found: failed(404, 'invalid_request_error', 'Unrecognized request URL.'),
    seed: () => [],
  },
  strings: {
    code: (random) => `ac_${SECRET_MARK}${randomHex(random, 14)}`,
    access_token: (random) => `sk_test_${SECRET_MARK}${randomHex(random, 40)}`,
    refresh_token: (random) => `rt_${SECRET_MARK}${randomHex(random, 30)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/oauth/authorize`,
    token_url: `${base}/oauth/token`,
    revocation: { url: `${base}/oauth/deauthorize` },
    api: { base_url: base },
    account: { url: `${base}/v1/account` },
  }),
}
