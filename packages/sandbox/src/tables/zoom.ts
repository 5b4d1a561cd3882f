import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'

const refused = (status: number, error: string, reason: string): RefusalFacts => ({
  status,
  error,
  description: reason,
})
const badClient = refused(401, 'invalid_client', 'Invalid client_id or client_secret')
const badToken = refused(400, 'invalid_grant', 'Invalid Token!')
const badCode = refused(400, 'invalid_grant', 'Invalid authorization code')

const me = ({ account }: ApiCall): Answer =>
  json(200, {
    id: `sandbox-zoom-${account.number}`,
    first_name: account.given_name,
    last_name: account.family_name,
    display_name: account.name,
    email: account.email,
    type: 2,
    role_name: 'Owner',
    pmi: 1_047_290_000 + account.number,
    timezone: 'Europe/London',
    verified: 1,
    account_id: 'sandboxZoomAccount',
    account_number: 10_472_900,
    status: 'active',
  })

const createMeeting = (call: ApiCall): Answer => {
  const { topic = 'Zoom Meeting' } = (call.body ?? {}) as { topic?: string }
  const meetings = call.data as { id: number; topic: string }[]
  const meeting = { id: 85_000_000_000 + meetings.length, topic }
  meetings.push(meeting)
  call.send({ kind: 'meeting', summary: `meeting created: ${topic}`, detail: meeting })
  return json(201, {
    ...meeting,
    host_email: call.account.email,
    type: 2,
    status: 'waiting',
    created_at: new Date(call.now).toISOString(),
    join_url: `${call.base}/j/${meeting.id}`,
  })
}

/** Zoom. Facts from developers.zoom.us/docs: integrations/oauth, api/users, api/meetings. */
export const zoom: ProviderTable = {
  name: 'zoom',
  display_name: 'Zoom',
  real: true,
  client: { client_id: 'sandbox_zoom', client_secret: `${SECRET_MARK}-zoom-client` },
  openid: false,
  paths: { authorize: ['/oauth/authorize'], token: ['/oauth/token'], revoke: ['/oauth/revoke'] },
  scopes: {
    'user:read:user': { sentence: 'See your profile' },
    'user:read': { sentence: 'See your profile' },
    'user:read:email': { sentence: 'See your email address' },
    'meeting:read:list_meetings': { sentence: 'See your meetings' },
    'meeting:read:meeting': { sentence: 'See a meeting' },
    'meeting:read': { sentence: 'See your meetings' },
    'meeting:write:meeting': { sentence: 'Create meetings' },
    'meeting:write': { sentence: 'Create meetings' },
    'meeting:update:meeting': { sentence: 'Change meetings' },
    'meeting:delete:meeting': { sentence: 'Delete meetings' },
    'cloud_recording:read:list_user_recordings': { sentence: 'See your recordings' },
    'recording:read': { sentence: 'See your recordings' },
    'webinar:read:list_webinars': { sentence: 'See your webinars' },
  },
  settings: {
    expires_in: 3599,
    code_lifetime: 300,
    rotates: true,
    reuse_detection: false,
    leeway: 0,
    kills_access_token: false,
    refresh_idle_lifetime: 90 * 86_400,
  },
  authorize: {
    scope_separators: /[ ,]+/,
    // Scopes are those of the application's registration.
    default_scopes: ['user:read:user', 'meeting:read:list_meetings', 'meeting:write:meeting'],
    invalid_scope: 'page',
    response_type_required: true,
    pkce: 'optional',
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_basic'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['form'],
    token_type: 'bearer',
    refresh_token_when: () => true,
    replay_revokes: false,
    answer: (issued, base) =>
      json(200, {
        access_token: issued.access_token,
        token_type: issued.token_type,
        ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
        expires_in: issued.expires_in,
        scope: issued.scopes.join(' '),
        api_url: base,
      }),
    refusals: {
      client_missing: badClient,
      client_unknown: badClient,
      client_wrong_secret: badClient,
      client_method: badClient,
      grant_type_missing: refused(400, 'unsupported_grant_type', 'unsupported grant type'),
      grant_type_unsupported: refused(400, 'unsupported_grant_type', 'unsupported grant type'),
      code_unknown: badCode,
      code_used: badCode,
      code_expired: badCode,
      redirect_uri_mismatch: refused(400, 'invalid_request', 'Redirect URI mismatch.'),
      refresh_unknown: badToken,
      refresh_expired: badToken,
      refresh_revoked: badToken,
      refresh_superseded: badToken,
    },
    refusal: ({ status, error, description }) => json(status, { reason: description, error }),
  },
  revoke: {
    auth: 'client',
    token_in: ['query', 'body'],
    parameter: 'token',
    ends: { access_token: 'family', refresh_token: 'family' },
    done: json(200, { status: 'success' }),
    unknown: json(400, { reason: 'Invalid Token!', error: 'invalid_request' }),
  },
  api: {
    routes: [
      {
        method: 'GET',
        path: '/v2/users/me',
        endpoint: 'account',
        scopes: ['user:read:user', 'user:read'],
        handle: me,
      },
      {
        method: 'GET',
        path: '/v2/users/me/meetings',
        endpoint: 'api',
        scopes: ['meeting:read:list_meetings', 'meeting:read'],
        handle: ({ data }) => {
          const meetings = data as unknown[]
          return json(200, { page_size: 30, total_records: meetings.length, next_page_token: '', meetings })
        },
      },
      {
        method: 'POST',
        path: '/v2/users/me/meetings',
        endpoint: 'api',
        scopes: ['meeting:write:meeting', 'meeting:write'],
        handle: createMeeting,
      },
    ],
    unauthorized: (why) =>
      json(401, {
        code: 124,
        message: why === 'expired' ? 'Access token is expired.' : 'Invalid access token.',
      }),
    forbidden: (needed) =>
      json(400, {
        code: 4711,
        message: `Invalid access token, does not contain scopes:[${needed.join(', ')}].`,
      }),
    not_found: json(404, { code: 2300, message: 'This API endpoint is not recognized.' }),
    seed: () => [],
  },
  strings: {
    code: (random) => `${SECRET_MARK}${randomHex(random, 16)}`,
    access_token: (random) => `eyJ${SECRET_MARK}${randomHex(random, 60)}`,
    refresh_token: (random) => `eyJ${SECRET_MARK}${randomHex(random, 50)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/oauth/authorize`,
    token_url: `${base}/oauth/token`,
    revocation: { url: `${base}/oauth/revoke` },
    api: { base_url: `${base}/v2` },
    account: { url: `${base}/v2/users/me` },
  }),
}
