import type { Provider } from './provider.ts'
import { pipedriveTools } from './tools/pipedrive.ts'

export const pipedrive: Provider = {
  name: 'pipedrive',
  display_name: 'Pipedrive',
  category: 'crm',
  docs_url: 'https://pipedrive.readme.io/docs/marketplace-oauth-authorization',
  register_url: 'https://app.pipedrive.com/developer-hub',
  grant_types: ['authorization_code', 'refresh_token'],

  authorization_url: 'https://oauth.pipedrive.com/oauth/authorize',
  token_url: 'https://oauth.pipedrive.com/oauth/token',
  callback: { code_lifetime: 300 },
  token: { auth_method: 'client_secret_basic' },
  token_response: { metadata: { api_domain: 'api_domain' } },
  // The authorization guide shows a refresh answering the same refresh token, its 60 days started anew; the list of
  // status codes knows one that was "already exchanged". Counting on rotation loses nothing where there is none.
  refresh: { rotates: true, idle_lifetime: 60 * 86_400 },
  revocation: {
    url: 'https://oauth.pipedrive.com/oauth/revoke',
    token: 'refresh_token',
    // Without its refresh token the app counts as uninstalled for that user, with all that it was given.
    ends_siblings: true,
  },
  // Each company has its own host, told in the token answer.
  api: { base_url: '{api_domain}' },
  origins: { api_domain: ['.pipedrive.com'] },
  account: {
    url: '/api/v1/users/me',
    id: 'data.id',
    label: 'data.name',
    email: 'data.email',
    metadata: { company_id: 'data.company_id', company_domain: 'data.company_domain' },
  },

  scopes: {
    read: [
      { scope: 'deals:read', sentence: 'See your deals with their notes, files, pipelines and stages.' },
      { scope: 'contacts:read', sentence: 'See the people and organizations in your contacts.' },
      { scope: 'activities:read', sentence: 'See your activities, such as calls, meetings and tasks.' },
    ],
    write: [
      { scope: 'deals:full', sentence: 'See, add, change and delete your deals with their notes and files.' },
      {
        scope: 'contacts:full',
        sentence: 'See, add, change and delete the people and organizations in your contacts.',
      },
      { scope: 'activities:full', sentence: 'See, add, change and delete your activities.' },
    ],
    always: [{ scope: 'base', sentence: 'See your own user settings and the currencies of your company.' }],
  },
  authorize: { always_scopes: ['base'] },
  tools: pipedriveTools,
  notes:
    'The scopes are those ticked for the app in the Pipedrive Developer Hub; what is asked for in the request does not change them. ' +
    'A user who declines comes back with the error user_denied.',
  provenance: [
    'https://pipedrive.readme.io/docs/marketplace-oauth-authorization',
    'https://pipedrive.readme.io/docs/marketplace-scopes-and-permissions-explanations',
    'https://pipedrive.readme.io/docs/app-uninstallation',
    'https://pipedrive.readme.io/docs/marketplace-oauth-and-api-proxy-status-codes',
    'https://developers.pipedrive.com/docs/api/v1/Users#getCurrentUser',
    'https://pipedrive.readme.io/docs/pipedrive-api-v2-migration-guide',
    'https://www.npmjs.com/package/pipedrive',
  ],
}
