import type { Provider } from './provider.ts'

export const discord: Provider = {
  name: 'discord',
  display_name: 'Discord',
  category: 'communication',
  docs_url: 'https://docs.discord.com/developers/topics/oauth2',
  register_url: 'https://discord.com/developers/applications',
  grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],

  authorization_url: 'https://discord.com/oauth2/authorize',
  token_url: 'https://discord.com/api/oauth2/token',
  authorize: {
    extra: { prompt: 'consent' },
    always_scopes: ['identify', 'email'],
    // Discord takes a challenge of public clients only.
    pkce: 'none',
  },
  token: { auth_method: 'client_secret_basic' },
  // Access tokens live seven days. Whether a refresh ends them earlier is not documented: taken for the worse, so that
  // nobody is handed one that has just died.
  refresh: { rotates: true, kills_access_token: true },
  revocation: {
    url: 'https://discord.com/api/oauth2/token/revoke',
    // Whichever token is sent, all of this person's tokens for the app end.
    ends_siblings: true,
  },
  api: { base_url: 'https://discord.com/api/v10', headers: { 'User-Agent': 'Grantry' } },
  account: { url: '/users/@me', id: 'id', label: 'username', email: 'email' },

  scopes: {
    read: [
      { scope: 'guilds', sentence: 'See which servers you are in.' },
      { scope: 'guilds.members.read', sentence: 'See your nickname and roles in these servers.' },
    ],
    write: [
      { scope: 'guilds', sentence: 'See which servers you are in.' },
      { scope: 'guilds.members.read', sentence: 'See your nickname and roles in these servers.' },
      { scope: 'guilds.join', sentence: 'Join servers for you.' },
    ],
    always: [
      { scope: 'identify', sentence: 'See your username and picture.' },
      { scope: 'email', sentence: 'See your email address.' },
    ],
  },
  notes:
    'To read or send messages a bot must be in the server: it has a token of its own, which does not pass through here.',
  provenance: [
    'https://docs.discord.com/developers/topics/oauth2',
    'https://docs.discord.com/developers/resources/user',
    'https://arcticjs.dev/providers/discord',
    'https://www.npmjs.com/package/@auth/core',
  ],
}
