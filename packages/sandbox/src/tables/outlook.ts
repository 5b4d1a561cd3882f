import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts, RequestFacts } from '../provider-table.ts'
import { type Random, randomBase64url, randomHex } from '../random.ts'
import { noStore } from '../refusals.ts'
import { SECRET_MARK } from '../secret-mark.ts'

const GRAPH = 'https://graph.microsoft.com/'
const userOf = (number: number) => `10472900-0000-4000-8000-00000000000${number}`

const uuid = (random: Random): string =>
  randomHex(random, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
const stamp = (now: number): string => `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`

/** Error and number; the number opens the description. */
const refused = (error: string, code: number, text: string, status = 400): RefusalFacts => ({
  status,
  error,
  description: `AADSTS${code}: ${text}`,
})

const refusal = ({ status, error, description }: RefusalFacts, { now, random }: RequestFacts): Answer => {
  const code = Number(/^AADSTS(\d+)/.exec(description)?.[1] ?? 900_144)
  const trace = uuid(random)
  const correlation = uuid(random)
  return json(
    status,
    {
      error,
      error_description: `${description} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${stamp(now)}`,
      error_codes: [code],
      timestamp: stamp(now),
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
    noStore,
  )
}

const failed = (status: number, code: string, message: string): Answer =>
  json(status, {
    error: {
      code,
      message,
      innerError: { date: '2025-01-01T00:00:00', 'request-id': userOf(0), 'client-request-id': userOf(0) },
    },
  })

const names = {
  openid: 'Know who you are',
  profile: 'See your name',
  email: 'See your email address',
  offline_access: 'Keep access while you are away',
  'User.Read': 'See your profile',
  'Mail.Read': 'Read your mail',
  'Mail.ReadWrite': 'Read, change and delete your mail',
  'Mail.Send': 'Send mail as you',
  'Mail.ReadBasic': 'Read senders and subjects of your mail',
  'MailboxSettings.Read': 'Read your mail settings',
  'Calendars.Read': 'Read your calendars',
  'Calendars.ReadWrite': 'Read and change your calendars',
  'Contacts.Read': 'Read your contacts',
  'Contacts.ReadWrite': 'Read and change your contacts',
  'Files.Read': 'Read your files',
  'Files.ReadWrite': 'Read and change your files',
} as const

const scopes = Object.fromEntries(
  Object.entries(names).flatMap(([name, sentence]) =>
    // Those of Graph may be asked for by their full names too.
    name.includes('.')
      ? [
          [name, { sentence }],
          [`${GRAPH}${name}`, { sentence, granted_as: name }],
        ]
      : [[name, { sentence }]],
  ),
)

const me = ({ account }: ApiCall): Answer =>
  json(200, {
    '@odata.context': `${GRAPH}v1.0/$metadata#users/$entity`,
    businessPhones: [],
    displayName: account.name,
    givenName: account.given_name,
    jobTitle: null,
    mail: account.email,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: 'en-GB',
    surname: account.family_name,
    userPrincipalName: account.email,
    id: userOf(account.number),
  })

const messages = ({ data, account }: ApiCall): Answer =>
  json(200, {
    '@odata.context': `${GRAPH}v1.0/$metadata#users('${userOf(account.number)}')/messages`,
    value: (data as string[]).map((subject, index) => ({
      id: `AAMkAGsandbox${index}`,
      subject,
      isRead: false,
      from: { emailAddress: { name: 'Charles Babbage', address: 'charles@example.com' } },
    })),
  })

const sendMail = (call: ApiCall): Answer => {
  const { message } = (call.body ?? {}) as { message?: { subject?: string; toRecipients?: unknown[] } }
  if (!message?.toRecipients?.length)
    return failed(400, 'ErrorInvalidRecipients', 'At least one recipient is not valid.')
  const { subject = '' } = message
  call.send({ kind: 'mail', summary: `mail sent: ${subject}`, detail: { ...message } })
  return { status: 202, body: undefined }
}

/**
 * Outlook, behind the Microsoft identity platform and Graph. Facts from learn.microsoft.com: entra/identity-platform/v2-oauth2-auth-code-flow,
 * refresh-tokens, reference-error-codes, scopes-oidc; graph/api/user-get, graph/errors. Refresh tokens are replaced on use and the old ones stay
 * good; there is no revocation endpoint.
 */
export const outlook: ProviderTable = {
  name: 'outlook',
  display_name: 'Outlook',
  real: true,
  client: {
    client_id: '10472900-0000-4000-8000-0000000c11e0',
    client_secret: `sbx8Q~${SECRET_MARK}-outlook-client`,
  },
  openid: true,
  paths: {
    authorize: ['/common/oauth2/v2.0/authorize', '/:tenant/oauth2/v2.0/authorize'],
    token: ['/common/oauth2/v2.0/token', '/:tenant/oauth2/v2.0/token'],
    jwks: '/common/discovery/v2.0/keys',
  },
  scopes,
  settings: {
    expires_in: 3599,
    code_lifetime: 600,
    rotates: true,
    reuse_detection: false,
    leeway: 90 * 86_400,
    kills_access_token: false,
    refresh_idle_lifetime: 90 * 86_400,
  },
  authorize: {
    scope_separators: / +/,
    invalid_scope: 'redirect',
    unknown_scope: (unknown) => ({
      error: 'invalid_client',
      error_description: `AADSTS650053: The application 'Grantry' asked for scope '${unknown[0]}' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000'. Contact the app vendor.`,
    }),
    denied: {
      error: 'access_denied',
      error_description: 'AADSTS65004: User declined to consent to access the app.',
      error_subcode: 'cancel',
    },
    response_type_required: true,
    pkce: 'optional',
    granular: false,
    incremental: false,
    iss: false,
    callback: ({ account }) => ({ session_state: userOf(account.number) }),
  },
  token: {
    client_auth: ['client_secret_post', 'client_secret_basic'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['form'],
    refresh_token_when: ({ scopes: granted }) => granted.includes('offline_access'),
    replay_revokes: false,
    answer: (issued) =>
      json(
        200,
        {
          token_type: issued.token_type,
          // The one scope that the answer keeps to itself.
          scope: issued.scopes.filter((scope) => scope !== 'offline_access').join(' '),
          expires_in: issued.expires_in,
          ext_expires_in: issued.expires_in,
          access_token: issued.access_token,
          ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
          ...(issued.id_token === null ? {} : { id_token: issued.id_token }),
        },
        noStore,
      ),
    refusals: {
      content_type: refused('invalid_request', 900_144, 'The request body is not form-encoded.'),
      parameter_repeated: refused('invalid_request', 90_014, 'A parameter is repeated.'),
      parameter_missing: refused(
        'invalid_request',
        900_144,
        'The request body must contain the required parameter.',
      ),
      client_missing: refused(
        'invalid_request',
        900_144,
        "The request body must contain the following parameter: 'client_id'.",
      ),
      client_unknown: refused(
        'unauthorized_client',
        700_016,
        'Application was not found in the directory. You may have sent your authentication request to the wrong tenant.',
      ),
      client_wrong_secret: refused(
        'invalid_client',
        7_000_215,
        'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.',
        401,
      ),
      client_method: refused(
        'invalid_client',
        7_000_218,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        401,
      ),
      grant_type_missing: refused(
        'invalid_request',
        900_144,
        "The request body must contain the following parameter: 'grant_type'.",
      ),
      grant_type_unsupported: refused(
        'unsupported_grant_type',
        70_003,
        'The app requested an unsupported grant type.',
      ),
      code_unknown: refused('invalid_grant', 9_002_313, 'Invalid request. Request is malformed or invalid.'),
      code_used: refused(
        'invalid_grant',
        54_005,
        'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
      ),
      code_expired: refused(
        'invalid_grant',
        70_008,
        'The provided authorization code or refresh token has expired due to inactivity.',
      ),
      redirect_uri_mismatch: refused(
        'invalid_grant',
        500_112,
        'The reply address does not match the reply address provided when requesting the authorization code.',
      ),
      verifier_missing: refused(
        'invalid_grant',
        501_481,
        'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
      ),
      verifier_wrong: refused(
        'invalid_grant',
        501_481,
        'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
      ),
      refresh_unknown: refused(
        'invalid_grant',
        9_002_313,
        'Invalid request. Request is malformed or invalid.',
      ),
      refresh_expired: refused('invalid_grant', 700_082, 'The refresh token has expired due to inactivity.'),
      refresh_revoked: refused(
        'invalid_grant',
        50_173,
        'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
      ),
      refresh_superseded: refused(
        'invalid_grant',
        700_082,
        'The refresh token has expired due to inactivity.',
      ),
      scope_invalid: refused(
        'invalid_scope',
        70_011,
        "The provided value for the input parameter 'scope' is not valid.",
      ),
    },
    refusal,
  },
  api: {
    routes: [
      { method: 'GET', path: '/v1.0/me', endpoint: 'account', scopes: ['User.Read'], handle: me },
      {
        method: 'GET',
        path: '/oidc/userinfo',
        endpoint: 'account',
        scopes: ['openid'],
        handle: ({ account }) =>
          json(200, {
            sub: userOf(account.number),
            name: account.name,
            given_name: account.given_name,
            family_name: account.family_name,
            email: account.email,
          }),
      },
      {
        method: 'GET',
        path: '/v1.0/me/messages',
        endpoint: 'api',
        scopes: ['Mail.Read', 'Mail.ReadWrite', 'Mail.ReadBasic'],
        handle: messages,
      },
      {
        method: 'POST',
        path: '/v1.0/me/sendMail',
        endpoint: 'api',
        scopes: ['Mail.Send'],
        handle: sendMail,
      },
    ],
    unauthorized: (why) =>
      why === 'no_token'
        ? failed(401, 'InvalidAuthenticationToken', 'Access token is empty.')
        : failed(
            401,
            'InvalidAuthenticationToken',
            why === 'expired'
              ? 'Lifetime validation failed, the token is expired.'
              : 'Access token validation failure.',
          ),
    forbidden: () => failed(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.'),
    not_found: failed(400, 'BadRequest', 'Resource not found for the segment.'),
    seed: () => ['Notes on the engine'],
  },
  strings: {
    code: (random) => `0.A${SECRET_MARK}${randomBase64url(random, 30)}`,
    access_token: (random) => `EwB${SECRET_MARK}${randomBase64url(random, 60)}`,
    refresh_token: (random) => `M.C${SECRET_MARK}${randomBase64url(random, 50)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/{tenant}/oauth2/v2.0/authorize`,
    token_url: `${base}/{tenant}/oauth2/v2.0/token`,
    issuer: base,
    api: { base_url: `${base}/v1.0` },
    account: { url: `${base}/v1.0/me` },
  }),
}
