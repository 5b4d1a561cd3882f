import { type Answer, json } from '../answer.ts'
import type { ApiCall, ProviderTable, RefusalFacts, RequestFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { failed, githubRoutes } from './github-api.ts'
import { seedGithub } from './github-store.ts'

const DOCS =
  'https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors'

// The token endpoint says no with status 200.
const refused = (error: string, description: string): RefusalFacts => ({ status: 200, error, description })
const badCode = refused('bad_verification_code', 'The code passed is incorrect or expired.')
const badClient = refused(
  'incorrect_client_credentials',
  'The client_id and/or client_secret passed are incorrect.',
)

/** A form, unless the client accepts JSON (or XML, which is not played). */
const inFormat = (body: Record<string, string>, { accept }: RequestFacts): Answer =>
  accept.includes('json') ? json(200, body) : { status: 200, body: new URLSearchParams(body) }

const userOf = ({ account, base }: ApiCall) => {
  const login = account.given_name.toLowerCase()
  return {
    login,
    id: 10_472_900 + account.number,
    node_id: `U_sandbox${account.number}`,
    avatar_url: `${base}/avatars/${login}`,
    url: `${base}/users/${login}`,
    html_url: `${base}/${login}`,
    type: 'User',
    site_admin: false,
    name: account.name,
    company: null,
    email: account.email,
    public_repos: 1,
    created_at: '2020-12-10T00:00:00Z',
    updated_at: '2025-01-01T00:00:00Z',
  }
}

/**
 * GitHub, as an OAuth app. Facts from docs.github.com: apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps (and its pages on scopes and
 * on token request errors), rest/apps/oauth-applications, rest/users/users.
 */
export const github: ProviderTable = {
  name: 'github',
  display_name: 'GitHub',
  real: true,
  client: { client_id: 'Ov23liSandbox', client_secret: `${SECRET_MARK}-github-client` },
  openid: false,
  paths: {
    authorize: ['/login/oauth/authorize'],
    token: ['/login/oauth/access_token'],
    revoke: ['/applications/:client_id/token', '/applications/:client_id/grant'],
  },
  scopes: {
    repo: { sentence: 'Read and change all your repositories' },
    'repo:status': { sentence: 'Read and change commit statuses' },
    public_repo: { sentence: 'Read and change your public repositories' },
    'read:user': { sentence: 'Read your profile' },
    'user:email': { sentence: 'Read your email addresses' },
    user: { sentence: 'Read and change your profile' },
    'read:org': { sentence: 'Read your organisations and teams' },
    gist: { sentence: 'Write gists' },
    notifications: { sentence: 'Read your notifications' },
    workflow: { sentence: 'Change workflow files' },
    'read:project': { sentence: 'Read projects' },
    project: { sentence: 'Read and change projects' },
    'admin:repo_hook': { sentence: 'Read and change webhooks of repositories' },
  },
  settings: {
    expires_in: null,
    code_lifetime: 600,
    rotates: false,
    reuse_detection: false,
    leeway: 0,
    kills_access_token: false,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: /[ ,]+/,
    // Public information only.
    default_scopes: [],
    invalid_scope: 'ignored',
    denied: {
      error: 'access_denied',
      error_description: 'The user has denied your application access.',
      error_uri:
        'https://docs.github.com/apps/managing-oauth-apps/troubleshooting-authorization-request-errors/#access-denied',
    },
    response_type_required: false,
    pkce: 'optional',
    pkce_methods: ['S256'],
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    client_auth: ['client_secret_post', 'client_secret_basic'],
    grant_types: ['authorization_code'],
    default_grant_type: 'authorization_code',
    body: ['form', 'json'],
    redirect_uri: 'optional',
    token_type: 'bearer',
    refresh_token_when: () => false,
    replay_revokes: false,
    answer: (issued, _base, request) =>
      inFormat(
        {
          access_token: String(issued.access_token),
          scope: issued.scopes.join(','),
          token_type: String(issued.token_type),
        },
        request,
      ),
    refusals: {
      content_type: badCode,
      parameter_missing: badCode,
      client_missing: badClient,
      client_unknown: badClient,
      client_wrong_secret: badClient,
      client_method: badClient,
      grant_type_unsupported: refused('unsupported_grant_type', 'The grant_type is not supported.'),
      code_unknown: badCode,
      code_used: badCode,
      code_expired: badCode,
      verifier_missing: badCode,
      verifier_wrong: badCode,
      redirect_uri_mismatch: refused(
        'redirect_uri_mismatch',
        'The redirect_uri MUST match the registered callback URL for this application.',
      ),
    },
    refusal: ({ error, description }, request) =>
      inFormat(
        {
          error,
          error_description: description,
          error_uri: `${DOCS}/#${error.replaceAll('_', '-')}`,
        },
        request,
      ),
  },
  revoke: {
    method: 'DELETE',
    auth: 'client',
    client_auth: ['client_secret_basic'],
    token_in: ['body'],
    body: ['json'],
    parameter: 'access_token',
    ends: { access_token: 'token' },
    ends_at: { '/applications/:client_id/grant': { access_token: 'account' } },
    done: { status: 204, body: undefined },
    unknown: failed(404, 'Not Found', 'rest/apps/oauth-applications'),
    refusal: (reason) =>
      reason === 'parameter_missing'
        ? failed(422, 'Validation Failed', 'rest/apps/oauth-applications')
        : failed(401, 'Requires authentication', 'rest/apps/oauth-applications'),
  },
  api: {
    routes: [
      {
        method: 'GET',
        path: '/user',
        endpoint: 'account',
        scopes: [],
        handle: (call) => json(200, userOf(call), { 'x-oauth-scopes': call.scopes.join(', ') }),
      },
      {
        method: 'GET',
        path: '/user/emails',
        endpoint: 'api',
        scopes: ['user:email', 'user'],
        handle: ({ account }) =>
          json(200, [{ email: account.email, primary: true, verified: true, visibility: 'public' }]),
      },
      ...githubRoutes,
    ],
    unauthorized: (why) => failed(401, why === 'no_token' ? 'Requires authentication' : 'Bad credentials'),
    // It hides what a token may not touch.
    forbidden: () => failed(404, 'Not Found'),
    not_found: failed(404, 'Not Found'),
    seed: seedGithub,
  },
  strings: {
    code: (random) => `${SECRET_MARK}${randomHex(random, 10)}`,
    access_token: (random) => `gho_${SECRET_MARK}${randomHex(random, 18)}`,
    refresh_token: (random) => `ghr_${SECRET_MARK}${randomHex(random, 38)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/login/oauth/authorize`,
    token_url: `${base}/login/oauth/access_token`,
    revocation: { url: `${base}/applications/{client_id}/token` },
    api: { base_url: base },
    account: { url: `${base}/user` },
  }),
}
