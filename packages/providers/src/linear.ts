import type { Provider } from './provider.ts'
import { linearFailure, linearTools } from './tools/linear.ts'

export const linear: Provider = {
  name: 'linear',
  display_name: 'Linear',
  category: 'productivity',
  docs_url: 'https://linear.app/developers/oauth-2-0-authentication',
  register_url: 'https://linear.app/settings/api/applications',
  grant_types: ['authorization_code', 'refresh_token'],

  authorization_url: 'https://linear.app/oauth/authorize',
  token_url: 'https://api.linear.app/oauth/token',
  // `read` is granted whether or not it is asked for.
  authorize: { scope_separator: ',', always_scopes: ['read'] },
  token: { auth_method: 'client_secret_post' },
  token_response: { default_expires_in: 86_400 },
  // A token that was used may be sent again for half an hour, in case its answer was lost.
  refresh: { rotates: true, leeway: 1800 },
  // The form would take them as access_token or refresh_token, not as RFC 7009 has it.
  revocation: { url: 'https://api.linear.app/oauth/revoke', by: 'bearer' },
  api: { base_url: 'https://api.linear.app' },
  account: {
    method: 'POST',
    url: '/graphql',
    headers: { 'Content-Type': 'application/json' },
    body: '{"query":"{ viewer { id name email organization { id name urlKey } } }"}',
    id: 'data.viewer.id',
    label: 'data.viewer.name',
    email: 'data.viewer.email',
    metadata: {
      organization_id: 'data.viewer.organization.id',
      organization_name: 'data.viewer.organization.name',
    },
  },

  scopes: {
    read: [{ scope: 'read', sentence: 'See the issues, projects and teams that you can see.' }],
    write: [
      { scope: 'read', sentence: 'See the issues, projects and teams that you can see.' },
      { scope: 'write', sentence: 'Add, change and delete issues, comments and projects as you.' },
    ],
    always: [{ scope: 'read', sentence: 'See the issues, projects and teams that you can see.' }],
  },
  tools: linearTools,
  tool_failure: linearFailure,
  notes:
    'All calls go to one GraphQL address, /graphql. Add actor=app to the authorization to act as the app instead of the person.',
  provenance: [
    'https://linear.app/developers/oauth-2-0-authentication',
    'https://linear.app/developers/graphql',
    'https://nango.dev/docs/api-integrations/linear/how-to-register-your-own-linear-api-oauth-app',
    'https://www.npmjs.com/package/arctic',
    'https://www.npmjs.com/package/@linear/sdk',
    'https://linear.app/developers/filtering',
  ],
}
