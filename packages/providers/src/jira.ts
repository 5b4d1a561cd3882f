import type { Provider } from './provider.ts'

export const jira: Provider = {
  name: 'jira',
  display_name: 'Jira',
  category: 'productivity',
  docs_url: 'https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/',
  register_url: 'https://developer.atlassian.com/console/myapps/',
  grants_url: 'https://id.atlassian.com/manage-profile/apps',
  grant_types: ['authorization_code', 'refresh_token'],

  authorization_url: 'https://auth.atlassian.com/authorize',
  token_url: 'https://auth.atlassian.com/oauth/token',
  authorize: {
    extra: { audience: 'api.atlassian.com', prompt: 'consent' },
    always_scopes: ['offline_access', 'read:me'],
  },
  token: { auth_method: 'client_secret_post', body: 'json' },
  refresh: {
    rotates: true,
    // After these ten minutes the pair before, its access token included, is dead.
    leeway: 600,
    kills_access_token: true,
    idle_lifetime: 90 * 86_400,
    // However often it is renewed: after a year the person is asked again.
    absolute_lifetime: 365 * 86_400,
  },
  // One token opens every site that the person chose; a call names its site.
  api: { base_url: 'https://api.atlassian.com/ex/jira/{cloud_id}' },
  account: { url: 'https://api.atlassian.com/me', id: 'account_id', label: 'name', email: 'email' },
  tenants: {
    url: 'https://api.atlassian.com/oauth/token/accessible-resources',
    list: '',
    id: 'id',
    label: 'name',
    metadata: 'cloud_id',
  },

  scopes: {
    read: [
      { scope: 'read:jira-work', sentence: 'See your projects and issues with their comments and files.' },
      { scope: 'read:jira-user', sentence: 'See the people in your Jira.' },
    ],
    write: [
      { scope: 'read:jira-work', sentence: 'See your projects and issues with their comments and files.' },
      { scope: 'read:jira-user', sentence: 'See the people in your Jira.' },
      { scope: 'write:jira-work', sentence: 'Add and change issues, comments and time spent as you.' },
    ],
    always: [
      { scope: 'offline_access', sentence: 'Keep this access when you are away, until you end it.' },
      { scope: 'read:me', sentence: 'See your name and email address.' },
    ],
  },
  notes:
    'The app needs the Jira API and the User identity API in its permissions, and must be shared in its distribution settings before others than its owner can connect. ' +
    'Atlassian has no address that ends a grant; people end it in their account under connected apps. A refused refresh comes with status 403.',
  provenance: [
    'https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/',
    'https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens',
    'https://community.developer.atlassian.com/t/updated-31-january-2022-action-required-deprecating-persistent-refresh-tokens/54172',
    'https://community.developer.atlassian.com/t/the-old-access-token-will-be-revoked-during-the-refresh-token-exchange/83103',
    'https://developer.atlassian.com/cloud/jira/platform/scopes-for-oauth-2-3LO-and-forge-apps/',
    'https://mrrefactoring.github.io/jira.js/guide/oauth2-authentication',
    'https://www.npmjs.com/package/arctic',
  ],
}
