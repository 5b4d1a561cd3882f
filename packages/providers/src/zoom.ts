import type { Provider } from './provider.ts'

export const zoom: Provider = {
  name: 'zoom',
  display_name: 'Zoom',
  category: 'meetings',
  docs_url: 'https://developers.zoom.us/docs/integrations/oauth/',
  register_url: 'https://marketplace.zoom.us/user/build',
  grant_types: ['authorization_code', 'refresh_token'],

  authorization_url: 'https://zoom.us/oauth/authorize',
  token_url: 'https://zoom.us/oauth/token',
  authorize: { always_scopes: ['user:read:user'] },
  callback: { code_lifetime: 300 },
  token: { auth_method: 'client_secret_basic' },
  token_response: {
    error_in_200: { error: 'error', description: 'reason' },
    metadata: { api_url: 'api_url' },
  },
  refresh: { rotates: true, idle_lifetime: 90 * 86_400 },
  revocation: { url: 'https://zoom.us/oauth/revoke', token: 'access_token' },
  // Some accounts are told a nearer host in `api_url`; this one serves all.
  api: { base_url: 'https://api.zoom.us/v2' },
  account: {
    url: '/users/me',
    id: 'id',
    label: 'display_name',
    email: 'email',
    metadata: { account_id: 'account_id' },
  },

  scopes: {
    read: [
      { scope: 'meeting:read:list_meetings', sentence: 'See the list of your meetings.' },
      { scope: 'meeting:read:meeting', sentence: 'See the details of your meetings.' },
    ],
    write: [
      { scope: 'meeting:read:list_meetings', sentence: 'See the list of your meetings.' },
      { scope: 'meeting:read:meeting', sentence: 'See the details of your meetings.' },
      { scope: 'meeting:write:meeting', sentence: 'Schedule meetings as you.' },
      { scope: 'meeting:update:meeting', sentence: 'Change your meetings.' },
      { scope: 'meeting:delete:meeting', sentence: 'Delete your meetings.' },
    ],
    always: [{ scope: 'user:read:user', sentence: 'See your name and email address.' }],
  },
  notes:
    'The scopes asked for must be among those of the app in the Zoom App Marketplace. Apps made before 2024 may have classic scopes such as meeting:read instead.',
  provenance: [
    'https://developers.zoom.us/docs/integrations/oauth/',
    'https://developers.zoom.us/docs/rooms/oauth/',
    'https://developers.zoom.us/docs/rooms/za/za-digi-sign-oauth/',
    'https://developers.zoom.us/docs/integrations/oauth-scopes-granular/',
    'https://developers.zoom.us/docs/api/users/',
    'https://www.npmjs.com/package/arctic',
  ],
}
