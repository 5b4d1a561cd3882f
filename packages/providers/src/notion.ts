import type { Provider } from './provider.ts'
import { notionTools } from './tools/notion.ts'

const version = '2025-09-03'

export const notion: Provider = {
  name: 'notion',
  display_name: 'Notion',
  category: 'documents',
  docs_url: 'https://developers.notion.com/guides/get-started/authorization',
  register_url: 'https://www.notion.so/profile/integrations',
  grant_types: ['authorization_code', 'refresh_token'],

  authorization_url: 'https://api.notion.com/v1/oauth/authorize',
  token_url: 'https://api.notion.com/v1/oauth/token',
  authorize: {
    extra: { owner: 'user' },
    // What the app may do is ticked in its settings at Notion, and which pages it sees is the person's choice.
    sends_scopes: false,
    pkce: 'none',
  },
  token: {
    auth_method: 'client_secret_basic',
    body: 'json',
    headers: { 'Notion-Version': version },
  },
  token_response: {
    metadata: {
      workspace_id: 'workspace_id',
      workspace_name: 'workspace_name',
      bot_id: 'bot_id',
    },
  },
  // No lifetime is told; an answer holds a refresh token, and a refresh answers another. Whether it ends the access
  // token before is not documented: taken for the worse.
  refresh: { rotates: true, kills_access_token: true },
  revocation: {
    url: 'https://api.notion.com/v1/oauth/revoke',
    body: 'json',
    token: 'access_token',
    headers: { 'Notion-Version': version },
  },
  api: { base_url: 'https://api.notion.com', headers: { 'Notion-Version': version } },
  account: {
    url: '/v1/users/me',
    id: 'id',
    label: 'bot.workspace_name',
    email: 'bot.owner.user.person.email',
  },

  scopes: {
    read: [{ scope: 'read_content', sentence: 'Read the pages and databases that you choose.' }],
    write: [
      { scope: 'read_content', sentence: 'Read the pages and databases that you choose.' },
      { scope: 'insert_content', sentence: 'Add pages and text below the pages that you choose.' },
      { scope: 'update_content', sentence: 'Change the pages and databases that you choose.' },
    ],
  },
  tools: notionTools,
  notes:
    'Notion has no scopes: these are the names of the capabilities that you tick for the connection in Notion, and they are not sent.',
  provenance: [
    'https://developers.notion.com/guides/get-started/authorization',
    'https://developers.notion.com/reference/create-a-token',
    'https://developers.notion.com/reference/refresh-a-token',
    'https://developers.notion.com/reference/revoke-token',
    'https://developers.notion.com/reference/capabilities',
    'https://developers.notion.com/reference/get-self',
    'https://developers.notion.com/guides/data-apis/working-with-markdown-content',
    'https://developers.notion.com/reference/post-search',
    'https://developers.notion.com/reference/query-a-data-source',
    'https://www.npmjs.com/package/@notionhq/client',
  ],
}
