import type { Provider } from './provider.ts'

export const outlook: Provider = {
  name: 'outlook',
  display_name: 'Outlook',
  category: 'email',
  docs_url: 'https://learn.microsoft.com/en-us/graph/outlook-mail-concept-overview',
  register_url: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
  grants_url: 'https://myapps.microsoft.com/',
  grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],

  params: {
    tenant: {
      label: 'Directory (tenant)',
      description:
        'The id of one Microsoft Entra directory; common for any work, school or personal account; organizations or consumers for one kind.',
      example: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490',
      default: 'common',
    },
  },
  authorization_url: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize',
  token_url: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token',
  authorize: {
    extra: { response_mode: 'query' },
    // offline_access is what makes a refresh token come; User.Read opens the account lookup.
    always_scopes: ['offline_access', 'User.Read'],
  },
  callback: { code_lifetime: 600 },
  token: { auth_method: 'client_secret_post' },
  refresh: {
    // Each refresh answers a new token with 90 days of its own, but the one that was used goes on working.
    rotates: false,
    idle_lifetime: 90 * 86_400,
    ended_errors: ['interaction_required', 'consent_required', 'login_required'],
  },
  api: { base_url: 'https://graph.microsoft.com/v1.0' },
  account: { url: '/me', id: 'id', label: 'displayName', email: 'mail' },

  scopes: {
    read: [{ scope: 'Mail.Read', sentence: 'Read your emails and their attachments.' }],
    write: [
      { scope: 'Mail.ReadWrite', sentence: 'Read, write, move and delete your emails.' },
      { scope: 'Mail.Send', sentence: 'Send emails as you.' },
    ],
    always: [
      { scope: 'offline_access', sentence: 'Keep this access when you are away, until you end it.' },
      { scope: 'User.Read', sentence: 'See your name and email address.' },
    ],
  },
  notes:
    'In many companies an administrator must consent before anybody else can. The client secret ends on the day that was chosen when it was made. ' +
    'There is no address that ends one grant; people end it at myapps.microsoft.com or account.live.com. For client credentials name the tenant and ask for https://graph.microsoft.com/.default.',
  provenance: [
    'https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow',
    'https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens',
    'https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes',
    'https://learn.microsoft.com/en-us/graph/permissions-reference',
    'https://learn.microsoft.com/en-us/graph/api/user-get',
    'https://www.npmjs.com/package/arctic',
  ],
}
