import type { Account } from '../accounts.ts'
import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomBase64url } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { subjectOf } from '../subject.ts'

const refused = (error: string, description: string, status = 400): RefusalFacts => ({
  status,
  error,
  description,
})
const badClient = refused('invalid_client', 'Invalid client_id or client_secret', 401)
const accountIdOf = ({ number }: Account) => `dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQng${number}`

/** RPC: the arguments are the body's JSON, or `null` where there are none. */
const currentAccount = ({ account, body }: ApiCall): Answer =>
  body === null || body === undefined
    ? json(200, {
        account_id: accountIdOf(account),
        name: {
          given_name: account.given_name,
          surname: account.family_name,
          familiar_name: account.given_name,
          display_name: account.name,
          abbreviated_name: `${account.given_name[0]}${account.family_name[0]}`,
        },
        email: account.email,
        email_verified: true,
        disabled: false,
        country: 'GB',
        locale: 'en',
        referral_link: 'https://db.tt/sandbox',
        is_paired: false,
        account_type: { '.tag': 'basic' },
        root_info: { '.tag': 'user', root_namespace_id: '3235641', home_namespace_id: '3235641' },
      })
    : {
        status: 400,
        body: 'Error in call to API function "users/get_current_account": request body: expected null, got value',
      }

const listFolder = ({ data }: ApiCall): Answer =>
  json(200, {
    entries: (data as string[]).map((name, index) => ({
      '.tag': 'file',
      name,
      path_lower: `/${name.toLowerCase()}`,
      path_display: `/${name}`,
      id: `id:sandbox${index}`,
      size: 1024,
    })),
    cursor: 'sandboxcursor',
    has_more: false,
  })

const failed = (status: number, summary: string, error: Record<string, unknown>): Answer =>
  json(status, { error_summary: `${summary}/..`, error })

/** Dropbox. Facts from dropbox.com/developers/documentation/http/documentation, /developers/reference/oauth-guide and error-handling-guide. */
export const dropbox: ProviderTable = {
  name: 'dropbox',
  display_name: 'Dropbox',
  real: true,
  client: { client_id: 'sandboxdropbox0', client_secret: `${SECRET_MARK}-dropbox-client` },
  openid: false,
  paths: {
    authorize: ['/oauth2/authorize'],
    token: ['/oauth2/token'],
    revoke: ['/2/auth/token/revoke'],
  },
  scopes: {
    'account_info.read': { sentence: 'See your name and email address' },
    'files.metadata.read': { sentence: 'See information about your files' },
    'files.metadata.write': { sentence: 'Change information about your files' },
    'files.content.read': { sentence: 'Read your files' },
    'files.content.write': { sentence: 'Create, change and delete files' },
    'sharing.read': { sentence: 'See what you share' },
    'sharing.write': { sentence: 'Change what you share' },
    'file_requests.read': { sentence: 'See your file requests' },
    'contacts.read': { sentence: 'See your contacts' },
    openid: { sentence: 'Know who you are' },
    email: { sentence: 'See your email address' },
    profile: { sentence: 'See your name' },
  },
  settings: {
    expires_in: 14_400,
    code_lifetime: 600,
    rotates: false,
    reuse_detection: false,
    leeway: 0,
    kills_access_token: false,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: / +/,
    // All that the application's console has.
    default_scopes: ['account_info.read', 'files.metadata.read', 'files.content.read', 'files.content.write'],
    always_scopes: ['account_info.read'],
    invalid_scope: 'page',
    denied: {
      error: 'access_denied',
      error_description: 'The user chose not to give your app access to their Dropbox account.',
    },
    response_type_required: true,
    pkce: 'optional',
    granular: false,
    incremental: true,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_basic', 'client_secret_post'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['form'],
    token_type: 'bearer',
    refresh_token_when: ({ params }) => params.get('token_access_type') === 'offline',
    replay_revokes: false,
    answer: (issued) =>
      json(200, {
        access_token: issued.access_token,
        token_type: issued.token_type,
        expires_in: issued.expires_in,
        ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
        // A refresh tells only the token.
        ...(issued.grant_type === 'refresh_token'
          ? {}
          : {
              scope: issued.scopes.join(' '),
              uid: subjectOf(issued.account!).slice(-9),
              account_id: accountIdOf(issued.account!),
            }),
      }),
    refusals: {
      client_missing: refused('invalid_request', 'No auth function available for given request'),
      client_unknown: badClient,
      client_wrong_secret: badClient,
      client_method: badClient,
      grant_type_missing: refused('invalid_request', 'missing required field "grant_type"'),
      code_unknown: refused('invalid_grant', "code doesn't exist or has expired"),
      code_used: refused('invalid_grant', 'code has already been used'),
      code_expired: refused('invalid_grant', 'code has expired (within the last hour)'),
      redirect_uri_mismatch: refused('invalid_grant', 'redirect_uri mismatch'),
      verifier_missing: refused('invalid_grant', 'code verifier required'),
      verifier_wrong: refused('invalid_grant', 'invalid code verifier'),
      refresh_unknown: refused('invalid_grant', 'refresh token is malformed'),
      refresh_expired: refused('invalid_grant', 'refresh token is invalid or revoked'),
      refresh_revoked: refused('invalid_grant', 'refresh token is invalid or revoked'),
    },
    refusal: ({ status, error, description }) => json(status, { error_description: description, error }),
  },
  revoke: {
    auth: 'none',
    token_in: ['bearer'],
    parameter: 'token',
    // The refresh token that it came from ends with it.
    ends: { access_token: 'family' },
    done: json(200, null),
    unknown: failed(401, 'invalid_access_token', { '.tag': 'invalid_access_token' }),
    refusal: () => ({
      status: 400,
      body: 'Error in call to API function "auth/token/revoke": Must provide HTTP header "Authorization".',
    }),
  },
  api: {
    routes: [
      {
        method: 'POST',
        path: '/2/users/get_current_account',
        endpoint: 'account',
        scopes: ['account_info.read'],
        handle: currentAccount,
      },
      {
        method: 'POST',
        path: '/2/files/list_folder',
        endpoint: 'api',
        scopes: ['files.metadata.read'],
        handle: listFolder,
      },
    ],
    unauthorized: (why) =>
      why === 'expired'
        ? failed(401, 'expired_access_token', { '.tag': 'expired_access_token' })
        : failed(401, 'invalid_access_token', { '.tag': 'invalid_access_token' }),
    forbidden: (needed) =>
      failed(401, 'missing_scope', { '.tag': 'missing_scope', required_scope: needed[0] }),
    not_found: { status: 404, body: 'Unknown API function' },
    seed: () => ['Notes on the engine.pdf'],
  },
  strings: {
    code: (random) => `${SECRET_MARK}${randomBase64url(random, 20)}`,
    access_token: (random) => `sl.u.${SECRET_MARK}${randomBase64url(random, 60)}`,
    refresh_token: (random) => `${SECRET_MARK}${randomBase64url(random, 40)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/oauth2/authorize`,
    token_url: `${base}/oauth2/token`,
    revocation: { url: `${base}/2/auth/token/revoke` },
    api: { base_url: `${base}/2` },
    account: { url: `${base}/2/users/get_current_account` },
  }),
}
