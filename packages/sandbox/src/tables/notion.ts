import type { Account } from '../accounts.ts'
import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { failed, notionRoutes, seedNotion } from './notion-api.ts'

const REQUEST = '10472900-0000-4000-8000-000000000001'
const WORKSPACE = '10472900-0000-4000-8000-000000000002'
const botOf = ({ number }: Account) => `10472900-0000-4000-8000-0000000000b${number}`
const refused = (status: number, error: string, description: string): RefusalFacts => ({
  status,
  error,
  description,
})
const badClient = refused(401, 'invalid_client', 'Invalid client credentials.')
const badCode = refused(400, 'invalid_grant', 'Invalid code.')
const badRefresh = refused(400, 'invalid_grant', 'Invalid refresh token.')

const ownerOf = (account: Account) => ({
  type: 'user',
  user: {
    object: 'user',
    id: `10472900-0000-4000-8000-0000000000a${account.number}`,
    name: account.name,
    avatar_url: null,
    type: 'person',
    person: { email: account.email },
  },
})

/** Every call names the version that it was written for. */
const versioned =
  (handle: (call: ApiCall) => Answer) =>
  (call: ApiCall): Answer =>
    call.headers['notion-version']
      ? handle(call)
      : failed(400, 'missing_version', 'Notion-Version header failed validation: it should be defined.')

const me = ({ account }: ApiCall): Answer =>
  json(200, {
    object: 'user',
    id: botOf(account),
    name: 'Grantry',
    avatar_url: null,
    type: 'bot',
    bot: {
      owner: ownerOf(account),
      workspace_id: WORKSPACE,
      workspace_name: 'Analytical Engines',
      workspace_limits: { max_file_upload_size_in_bytes: 5_242_880 },
    },
    request_id: REQUEST,
  })

/**
 * Notion's public connections. Facts from developers.notion.com: guides/get-started/authorization, reference/create-a-token, refresh-a-token,
 * revoke-token, get-self, status-codes. No scopes: what a connection may do is set where it is registered. No lifetime is told or documented.
 */
export const notion: ProviderTable = {
  name: 'notion',
  display_name: 'Notion',
  real: true,
  client: {
    client_id: '10472900-0000-4000-8000-00005a6db0c5',
    client_secret: `secret_${SECRET_MARK}-notion-client`,
  },
  openid: false,
  paths: { authorize: ['/v1/oauth/authorize'], token: ['/v1/oauth/token'], revoke: ['/v1/oauth/revoke'] },
  scopes: {},
  settings: {
    expires_in: null,
    code_lifetime: 600,
    rotates: true,
    reuse_detection: false,
    leeway: 0,
    kills_access_token: true,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: / +/,
    default_scopes: [],
    required: { owner: 'user' },
    invalid_scope: 'ignored',
    response_type_required: true,
    pkce: 'ignored',
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_basic'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['json'],
    token_type: 'bearer',
    refresh_token_when: () => true,
    replay_revokes: false,
    answer: (issued) =>
      json(200, {
        access_token: issued.access_token,
        token_type: issued.token_type,
        refresh_token: issued.refresh_token,
        bot_id: botOf(issued.account!),
        workspace_icon: null,
        workspace_name: 'Analytical Engines',
        workspace_id: WORKSPACE,
        owner: ownerOf(issued.account!),
        duplicated_template_id: null,
        request_id: REQUEST,
      }),
    refusals: {
      content_type: refused(400, 'invalid_request', 'body failed validation: the body must be JSON.'),
      parameter_missing: refused(400, 'invalid_request', 'body failed validation: a field is missing.'),
      client_missing: badClient,
      client_unknown: badClient,
      client_wrong_secret: badClient,
      client_method: badClient,
      grant_type_missing: refused(400, 'invalid_request', 'body.grant_type should be defined.'),
      grant_type_unsupported: refused(400, 'unsupported_grant_type', 'Unsupported grant type.'),
      code_unknown: badCode,
      code_used: badCode,
      code_expired: badCode,
      redirect_uri_mismatch: refused(400, 'invalid_grant', 'Invalid redirect uri.'),
      refresh_unknown: badRefresh,
      refresh_expired: badRefresh,
      refresh_revoked: badRefresh,
      refresh_superseded: badRefresh,
    },
    refusal: ({ status, error, description }) =>
      json(status, { error, error_description: description, request_id: REQUEST }),
  },
  revoke: {
    auth: 'client',
    token_in: ['body'],
    body: ['json'],
    parameter: 'token',
    ends: { access_token: 'family', refresh_token: 'family' },
    done: json(200, { request_id: REQUEST }),
    unknown: json(200, { request_id: REQUEST }),
  },
  api: {
    routes: [
      { method: 'GET', path: '/v1/users/me', endpoint: 'account', scopes: [], handle: versioned(me) },
      ...notionRoutes.map((route) => ({ ...route, handle: versioned(route.handle) })),
    ],
    unauthorized: failed(401, 'unauthorized', 'API token is invalid.'),
    forbidden: () => failed(403, 'restricted_resource', 'Insufficient permissions for this endpoint.'),
    not_found: failed(400, 'invalid_request_url', 'Invalid request URL.'),
    seed: seedNotion,
  },
  strings: {
    code: (random) => `${SECRET_MARK}-${randomHex(random, 16)}`,
    access_token: (random) => `ntn_${SECRET_MARK}${randomHex(random, 20)}`,
    refresh_token: (random) => `nrt_${SECRET_MARK}${randomHex(random, 20)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/v1/oauth/authorize`,
    token_url: `${base}/v1/oauth/token`,
    revocation: { url: `${base}/v1/oauth/revoke` },
    api: { base_url: base },
    account: { url: `${base}/v1/users/me` },
  }),
}
