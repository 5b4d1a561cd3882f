import type { Provider } from './provider.ts'
import { githubTools } from './tools/github.ts'

export const github: Provider = {
  name: 'github',
  display_name: 'GitHub',
  category: 'developer',
  docs_url: 'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps',
  register_url: 'https://github.com/settings/developers',
  grants_url: 'https://github.com/settings/applications',
  grant_types: ['authorization_code', 'refresh_token'],

  authorization_url: 'https://github.com/login/oauth/authorize',
  token_url: 'https://github.com/login/oauth/access_token',
  authorize: { always_scopes: ['read:user', 'user:email'] },
  callback: { code_lifetime: 600 },
  // Form-encoded answers unless JSON is asked for; in both, the scopes are separated by commas.
  token: { auth_method: 'client_secret_post', headers: { Accept: 'application/json' } },
  token_response: {
    error_in_200: { error: 'error', description: 'error_description' },
    error_codes: {
      incorrect_client_credentials: 'invalid_client',
      bad_verification_code: 'invalid_grant',
      bad_refresh_token: 'invalid_grant',
      redirect_uri_mismatch: 'invalid_request',
    },
    fields: { refresh_expires_in: 'refresh_token_expires_in' },
  },
  // Tokens of OAuth apps do not end by time and come without a refresh token. Those of GitHub Apps live 8 hours, their
  // refresh tokens half a year, and a refresh ends both tokens before it.
  refresh: { rotates: true, kills_access_token: true, idle_lifetime: 183 * 86_400 },
  revocation: {
    // This token only; `…/grant` would end all that the person gave to the app.
    url: 'https://api.github.com/applications/{client_id}/token',
    by: 'delete',
    auth: 'basic',
    body: 'json',
    token: 'access_token',
    parameter: 'access_token',
    headers: { Accept: 'application/vnd.github+json', 'User-Agent': 'Grantry' },
  },
  api: {
    base_url: 'https://api.github.com',
    headers: {
      Accept: 'application/vnd.github+json',
      'X-GitHub-Api-Version': '2022-11-28',
      // GitHub answers 403 to a request that does not say who asks.
      'User-Agent': 'Grantry',
    },
  },
  account: { url: '/user', id: 'id', label: 'login', email: 'email' },

  scopes: {
    // There is no scope that only reads private repositories.
    read: [{ scope: 'read:org', sentence: 'See the organizations and teams you belong to.' }],
    write: [
      { scope: 'read:org', sentence: 'See the organizations and teams you belong to.' },
      {
        scope: 'repo',
        sentence:
          'Read and change all your repositories, public and private, with their issues and pull requests.',
      },
    ],
    always: [
      { scope: 'read:user', sentence: 'See your profile.' },
      { scope: 'user:email', sentence: 'See your email addresses.' },
    ],
  },
  tools: githubTools,
  notes:
    'GitHub has no scope that reads private repositories without changing them; a GitHub App can be limited to that in its settings, and its scopes are then ignored. ' +
    'A token that was not used for a year is taken back. An organization may have to approve the app.',
  provenance: [
    'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps',
    'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps',
    'https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors',
    'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens',
    'https://docs.github.com/en/rest/apps/oauth-applications',
    'https://docs.github.com/en/rest/repos/repos',
    'https://docs.github.com/en/rest/issues/issues',
    'https://docs.github.com/en/rest/issues/comments',
    'https://docs.github.com/en/rest/pulls/pulls',
    'https://docs.github.com/en/rest/pulls/reviews',
    'https://docs.github.com/en/rest/search/search',
    'https://github.blog/changelog/2025-07-14-pkce-support-for-oauth-and-github-app-authentication',
  ],
}
