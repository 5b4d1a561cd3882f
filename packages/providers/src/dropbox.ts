import type { Provider } from './provider.ts'

export const dropbox: Provider = {
  name: 'dropbox',
  display_name: 'Dropbox',
  category: 'files',
  docs_url: 'https://developers.dropbox.com/oauth-guide',
  register_url: 'https://www.dropbox.com/developers/apps',
  grants_url: 'https://www.dropbox.com/account/connected_apps',
  grant_types: ['authorization_code', 'refresh_token'],

  authorization_url: 'https://www.dropbox.com/oauth2/authorize',
  token_url: 'https://api.dropboxapi.com/oauth2/token',
  authorize: {
    // Without it the token ends after four hours and nothing can renew it.
    extra: { token_access_type: 'offline' },
    always_scopes: ['account_info.read'],
  },
  token: { auth_method: 'client_secret_basic' },
  token_response: { metadata: { account_id: 'account_id' } },
  // No new refresh token comes with a refresh, and the first does not end by time.
  refresh: { rotates: false },
  revocation: { url: 'https://api.dropboxapi.com/2/auth/token/revoke', by: 'bearer' },
  api: { base_url: 'https://api.dropboxapi.com/2' },
  account: {
    method: 'POST',
    url: '/users/get_current_account',
    id: 'account_id',
    label: 'name.display_name',
    email: 'email',
    metadata: { root_namespace_id: 'root_info.root_namespace_id' },
  },

  scopes: {
    read: [
      { scope: 'files.metadata.read', sentence: 'See the names of your files and folders.' },
      { scope: 'files.content.read', sentence: 'Read and download your files.' },
    ],
    write: [
      { scope: 'files.metadata.read', sentence: 'See the names of your files and folders.' },
      { scope: 'files.content.read', sentence: 'Read and download your files.' },
      { scope: 'files.content.write', sentence: 'Add, change and delete your files.' },
    ],
    always: [{ scope: 'account_info.read', sentence: 'See your name and email address.' }],
  },
  notes:
    'Scopes must be ticked for the app in the Dropbox App Console first. Contents of files are served from https://content.dropboxapi.com, another host than the rest.',
  provenance: [
    'https://developers.dropbox.com/oauth-guide',
    'https://www.dropbox.com/developers/documentation/http/documentation',
    'https://www.npmjs.com/package/arctic',
    'https://www.npmjs.com/package/@auth/core',
  ],
}
