import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { noStore, standardRefusal } from '../refusals.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { answerQuery } from './linear-query.ts'
import { seedLinear } from './linear-store.ts'

const badGrant = (description: string): RefusalFacts => ({ status: 400, error: 'invalid_grant', description })

const unauthenticated = json(401, {
  errors: [
    {
      message: 'Authentication required, not authenticated',
      extensions: {
        type: 'authentication error',
        code: 'AUTHENTICATION_ERROR',
        statusCode: 401,
        userError: true,
        userPresentableMessage: 'You need to authenticate to access this operation.',
      },
    },
  ],
})

const invalidScope = (needed: string): Answer =>
  json(403, {
    errors: [
      {
        message: `Invalid scope: \`${needed}\` required`,
        extensions: { type: 'forbidden', code: 'FORBIDDEN', statusCode: 403, userError: true },
      },
    ],
  })

const graphql = (call: ApiCall): Answer => {
  const { query, variables } = (call.body ?? {}) as { query?: unknown; variables?: Record<string, unknown> }
  if (typeof query !== 'string')
    return json(400, { errors: [{ message: 'GraphQL operations must contain a non-empty `query`.' }] })
  if (/^\s*mutation\b/.test(query) && !call.scopes.some((scope) => scope !== 'read'))
    return invalidScope('write')
  return answerQuery(call, query, variables ?? {})
}

/**
 * Linear. Facts from linear.app/developers: oauth-2-0-authentication, graphql, oauth-actor-authorization. Tokens live a day; an exchanged refresh
 * token may be sent again for half an hour, in case its answer was lost.
 */
export const linear: ProviderTable = {
  name: 'linear',
  display_name: 'Linear',
  real: true,
  client: { client_id: 'sandbox-linear', client_secret: `${SECRET_MARK}-linear-client` },
  openid: false,
  paths: { authorize: ['/oauth/authorize'], token: ['/oauth/token'], revoke: ['/oauth/revoke'] },
  scopes: {
    read: { sentence: 'Read your workspace' },
    write: { sentence: 'Change your workspace' },
    'issues:create': { sentence: 'Create issues' },
    'comments:create': { sentence: 'Create comments' },
    'timeSchedule:write': { sentence: 'Change time schedules' },
    admin: { sentence: 'Everything that an administrator may do' },
    'app:assignable': { sentence: 'Be assigned to issues' },
    'app:mentionable': { sentence: 'Be mentioned' },
  },
  settings: {
    expires_in: 86_399,
    code_lifetime: 600,
    rotates: true,
    reuse_detection: false,
    leeway: 1800,
    kills_access_token: false,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: /[ ,]+/,
    default_scopes: ['read'],
    always_scopes: ['read'],
    invalid_scope: 'redirect',
    response_type_required: true,
    pkce: 'optional',
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_post', 'client_secret_basic'],
    grant_types: ['authorization_code', 'refresh_token'],
    body: ['form'],
    refresh_token_when: () => true,
    replay_revokes: true,
    answer: (issued) =>
      json(
        200,
        {
          access_token: issued.access_token,
          token_type: issued.token_type,
          expires_in: issued.expires_in,
          scope: issued.scopes.join(' '),
          ...(issued.refresh_token === null ? {} : { refresh_token: issued.refresh_token }),
        },
        noStore,
      ),
    refusals: {
      code_unknown: badGrant('Invalid authorization code'),
      code_used: badGrant('Invalid authorization code'),
      code_expired: badGrant('Authorization code expired'),
      refresh_unknown: badGrant('Invalid refresh token'),
      refresh_expired: badGrant('Invalid refresh token'),
      refresh_revoked: badGrant('Invalid refresh token'),
      refresh_superseded: badGrant('Invalid refresh token'),
    },
    refusal: standardRefusal,
  },
  revoke: {
    auth: 'none',
    token_in: ['bearer', 'body'],
    parameter: 'token',
    ends: { access_token: 'family', refresh_token: 'family' },
    done: json(200, { success: true }),
    unknown: json(400, { error: 'invalid_request', error_description: 'The token was revoked already' }),
    refusal: () => json(401, { error: 'invalid_request', error_description: 'Unable to authenticate' }),
  },
  api: {
    routes: [{ method: 'POST', path: '/graphql', endpoint: 'api', scopes: [], handle: graphql }],
    unauthorized: unauthenticated,
    forbidden: (needed) => invalidScope(needed[0] ?? 'read'),
    not_found: json(404, { error: 'Not found' }),
    seed: seedLinear,
  },
  strings: {
    code: (random) => `${SECRET_MARK}${randomHex(random, 20)}`,
    access_token: (random) => `lin_oauth_${SECRET_MARK}${randomHex(random, 32)}`,
    refresh_token: (random) => `lin_refresh_${SECRET_MARK}${randomHex(random, 32)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/oauth/authorize`,
    token_url: `${base}/oauth/token`,
    revocation: { url: `${base}/oauth/revoke` },
    api: { base_url: base },
    account: { url: `${base}/graphql` },
  }),
}
