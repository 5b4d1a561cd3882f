import type { Provider } from './provider.ts'

export const gitlab: Provider = {
  name: 'gitlab',
  display_name: 'GitLab',
  category: 'developer',
  docs_url: 'https://docs.gitlab.com/api/oauth2/',
  register_url: 'https://gitlab.com/-/user_settings/applications',
  grants_url: 'https://gitlab.com/-/user_settings/applications',
  grant_types: ['authorization_code', 'refresh_token'],

  authorization_url: 'https://gitlab.com/oauth/authorize',
  token_url: 'https://gitlab.com/oauth/token',
  authorize: { always_scopes: ['read_user'] },
  token: { auth_method: 'client_secret_post' },
  token_response: { default_expires_in: 7200 },
  // A refresh ends both tokens of the pair before it, at once.
  refresh: { rotates: true, kills_access_token: true, include: ['redirect_uri'] },
  revocation: { url: 'https://gitlab.com/oauth/revoke' },
  api: { base_url: 'https://gitlab.com' },
  account: { url: '/api/v4/user', id: 'id', label: 'username', email: 'email' },

  scopes: {
    read: [
      { scope: 'read_api', sentence: 'See your projects and groups with their issues and merge requests.' },
      { scope: 'read_repository', sentence: 'Read the code of your projects, also the private ones.' },
    ],
    write: [
      {
        scope: 'api',
        sentence: 'See and change all that you can in GitLab, projects, issues, merge requests and code.',
      },
    ],
    always: [{ scope: 'read_user', sentence: 'See your profile and email address.' }],
  },
  notes:
    'For a GitLab of your own give the integration its authorization_url, token_url, revocation_url and api_base_url; the rest of this entry stays as it is.',
  provenance: [
    'https://docs.gitlab.com/api/oauth2/',
    'https://docs.gitlab.com/integration/oauth_provider/',
    'https://docs.gitlab.com/api/users/',
    'https://www.npmjs.com/package/arctic',
  ],
}
