import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'

const refused = (status: number, error: string, description: string): RefusalFacts => ({
  status,
  error,
  description,
})
const badClient = refused(401, 'access_denied', 'Unauthorized')
const badCode = refused(403, 'invalid_grant', 'Invalid authorization code')
const badRefresh = refused(403, 'invalid_grant', 'Unknown or invalid refresh token.')

// Two sites, so that one has to be chosen.
const sites = [
  { id: '10472900-0000-4000-8000-0000005173e1', name: 'engines' },
  { id: '10472900-0000-4000-8000-0000005173e2', name: 'difference' },
]

const resources = ({ scopes, base }: ApiCall): Answer =>
  json(
    200,
    sites.map(({ id, name }) => ({
      id,
      url: `https://${name}.atlassian.example`,
      name,
      scopes: scopes.filter((scope) => scope.includes('jira')),
      avatarUrl: `${base}/avatars/${name}`,
    })),
  )

const accountId = (number: number) => `712020:10472900-0000-4000-8000-00000000ac0${number}`

const onSite =
  (handle: (call: ApiCall) => Answer) =>
  (call: ApiCall): Answer =>
    sites.some(({ id }) => id === call.params.cloudId)
      ? handle(call)
      : json(404, { code: 404, message: 'Not Found' })

const myself = ({ account, base, params }: ApiCall): Answer =>
  json(200, {
    self: `${base}/ex/jira/${params.cloudId}/rest/api/3/user?accountId=${accountId(account.number)}`,
    accountId: accountId(account.number),
    accountType: 'atlassian',
    emailAddress: account.email,
    displayName: account.name,
    active: true,
    timeZone: 'Europe/London',
    locale: 'en_GB',
  })

const createIssue = (call: ApiCall): Answer => {
  const { fields } = (call.body ?? {}) as { fields?: { summary?: unknown } }
  if (typeof fields?.summary !== 'string' || fields.summary === '')
    return json(400, { errorMessages: [], errors: { summary: 'You must specify a summary of the issue.' } })
  const issues = call.data as string[]
  issues.push(fields.summary)
  const key = `ENG-${issues.length}`
  call.send({ kind: 'issue', summary: `issue created: ${fields.summary}`, detail: { key } })
  const id = String(10_000 + issues.length)
  return json(201, {
    id,
    key,
    self: `${call.base}/ex/jira/${call.params.cloudId}/rest/api/3/issue/${id}`,
  })
}

/**
 * Jira Cloud behind Atlassian's OAuth 2.0 (3LO). Facts from developer.atlassian.com/cloud/jira/platform: oauth-2-3lo-apps, rest/v3; and
 * /cloud/oauth/getting-started; what becomes of the pair before from the announcements at community.developer.atlassian.com. No revocation
 * endpoint is documented.
 */
export const jira: ProviderTable = {
  name: 'jira',
  display_name: 'Jira',
  real: true,
  client: { client_id: 'sandbox-jira', client_secret: `ATOA${SECRET_MARK}-jira-client` },
  openid: false,
  paths: { authorize: ['/authorize'], token: ['/oauth/token'] },
  scopes: {
    'read:jira-work': { sentence: 'Read projects and issues' },
    'write:jira-work': { sentence: 'Create and change issues' },
    'read:jira-user': { sentence: 'See people in Jira' },
    'manage:jira-project': { sentence: 'Change project settings' },
    'manage:jira-configuration': { sentence: 'Change the configuration of Jira' },
    'manage:jira-webhook': { sentence: 'Manage webhooks' },
    'read:me': { sentence: 'See your profile' },
    'read:account': { sentence: 'See your account' },
    offline_access: { sentence: 'Keep access while you are away' },
  },
  settings: {
    expires_in: 3600,
    code_lifetime: 300,
    rotates: true,
    reuse_detection: true,
    leeway: 600,
    // Both tokens of the pair before end with the leeway.
    kills_access_token: true,
    refresh_idle_lifetime: 90 * 86_400,
  },
  authorize: {
    scope_separators: / +/,
    required: { audience: 'api.atlassian.com', prompt: 'consent' },
    invalid_scope: 'page',
    denied: { error: 'access_denied', error_description: 'User did not authorize the request' },
    response_type_required: true,
    pkce: 'ignored',
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_post'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['json', 'form'],
    refresh_token_when: ({ scopes }) => scopes.includes('offline_access'),
    replay_revokes: true,
    answer: (issued) =>
      json(200, {
        access_token: issued.access_token,
        ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
        expires_in: issued.expires_in,
        token_type: issued.token_type,
        scope: issued.scopes.join(' '),
      }),
    refusals: {
      client_missing: badClient,
      client_unknown: badClient,
      client_wrong_secret: badClient,
      client_method: badClient,
      code_unknown: badCode,
      code_used: badCode,
      code_expired: badCode,
      refresh_unknown: badRefresh,
      refresh_expired: badRefresh,
      refresh_revoked: badRefresh,
      refresh_superseded: badRefresh,
    },
    refusal: ({ status, error, description }) => json(status, { error, error_description: description }),
  },
  api: {
    routes: [
      {
        method: 'GET',
        path: '/oauth/token/accessible-resources',
        endpoint: 'api',
        scopes: [],
        handle: resources,
      },
      {
        method: 'GET',
        path: '/me',
        endpoint: 'account',
        scopes: ['read:me'],
        handle: ({ account, base }) =>
          json(200, {
            account_type: 'atlassian',
            account_id: accountId(account.number),
            email: account.email,
            name: account.name,
            picture: `${base}/avatars/${account.number}`,
            account_status: 'active',
            nickname: account.given_name,
            zoneinfo: 'Europe/London',
            locale: 'en-GB',
          }),
      },
      {
        method: 'GET',
        path: '/ex/jira/:cloudId/rest/api/3/myself',
        endpoint: 'account',
        scopes: ['read:jira-user'],
        handle: onSite(myself),
      },
      {
        method: 'POST',
        path: '/ex/jira/:cloudId/rest/api/3/issue',
        endpoint: 'api',
        scopes: ['write:jira-work'],
        handle: onSite(createIssue),
      },
    ],
    unauthorized: json(401, { code: 401, message: 'Unauthorized' }),
    forbidden: () => json(401, { code: 401, message: 'Unauthorized; scope does not match' }),
    not_found: json(404, { code: 404, message: 'Not Found' }),
    seed: () => [],
  },
  strings: {
    code: (random) => `${SECRET_MARK}${randomHex(random, 20)}`,
    access_token: (random) => `eyJ${SECRET_MARK}${randomHex(random, 60)}`,
    refresh_token: (random) => `eyJ${SECRET_MARK}${randomHex(random, 40)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/authorize`,
    token_url: `${base}/oauth/token`,
    api: { base_url: `${base}/ex/jira/{cloud_id}` },
    account: { url: `${base}/me` },
    tenants: { url: `${base}/oauth/token/accessible-resources` },
  }),
}
