import type { Provider } from './provider.ts'

export const quickbooks: Provider = {
  name: 'quickbooks',
  display_name: 'QuickBooks Online',
  category: 'accounting',
  docs_url:
    'https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0',
  register_url: 'https://developer.intuit.com/app/developer/dashboard',
  grant_types: ['authorization_code', 'refresh_token'],

  authorization_url: 'https://appcenter.intuit.com/connect/oauth2',
  token_url: 'https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer',
  authorize: { always_scopes: ['openid', 'profile', 'email'] },
  // Which company was chosen is told in the redirect, and nowhere in the token answer.
  callback: { metadata: ['realmId'] },
  token: { auth_method: 'client_secret_basic' },
  token_response: { fields: { refresh_expires_in: 'x_refresh_token_expires_in' } },
  refresh: {
    // The refresh token changes once in 24 hours; the one before works until then.
    rotates: true,
    leeway: 86_400,
    idle_lifetime: 100 * 86_400,
    absolute_lifetime: 5 * 365 * 86_400,
  },
  revocation: { url: 'https://developer.api.intuit.com/v2/oauth2/tokens/revoke', body: 'json' },
  api: { base_url: 'https://quickbooks.api.intuit.com/v3/company/{realmId}' },
  account: {
    url: 'https://accounts.platform.intuit.com/v1/openid_connect/userinfo',
    id: 'sub',
    label: 'email',
    email: 'email',
  },

  scopes: {
    // QuickBooks has no scope that only reads.
    read: [
      {
        scope: 'com.intuit.quickbooks.accounting',
        sentence: 'See and change the books of the company that you choose.',
      },
    ],
    write: [
      {
        scope: 'com.intuit.quickbooks.accounting',
        sentence: 'See and change the books of the company that you choose.',
      },
    ],
    always: [
      { scope: 'openid', sentence: 'Know which Intuit user you are.' },
      { scope: 'profile', sentence: 'See your name.' },
      { scope: 'email', sentence: 'See your email address.' },
    ],
  },
  notes:
    'Development keys reach sandbox companies only, at sandbox-quickbooks.api.intuit.com and sandbox-accounts.platform.intuit.com: override both for them. ' +
    'A connection is one company of one person.',
  provenance: [
    'https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0',
    'https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/faq',
    'https://developer.api.intuit.com/.well-known/openid_configuration',
    'https://github.com/intuit/QuickBooks-V3-Java-SDK/releases/tag/v6.5.4',
    'https://github.com/airbytehq/airbyte/issues/7296',
    'https://www.npmjs.com/package/arctic',
  ],
}
