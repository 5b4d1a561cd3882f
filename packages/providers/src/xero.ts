import type { Provider } from './provider.ts'

export const xero: Provider = {
  name: 'xero',
  display_name: 'Xero',
  category: 'accounting',
  docs_url: 'https://developer.xero.com/documentation/guides/oauth2/auth-flow/',
  register_url: 'https://developer.xero.com/app/manage',
  grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],

  authorization_url: 'https://login.xero.com/identity/connect/authorize',
  token_url: 'https://identity.xero.com/connect/token',
  issuer: 'https://identity.xero.com',
  authorize: { always_scopes: ['offline_access', 'openid', 'profile', 'email'] },
  callback: { code_lifetime: 300 },
  token: { auth_method: 'client_secret_basic' },
  refresh: { rotates: true, leeway: 1800, idle_lifetime: 60 * 86_400 },
  revocation: {
    url: 'https://identity.xero.com/connect/revocation',
    token: 'refresh_token',
    // Takes away every organisation that the person connected to the app.
    ends_siblings: true,
  },
  // One token opens every organisation that the person chose; a call names it in a header.
  api: {
    base_url: 'https://api.xero.com/api.xro/2.0',
    headers: { 'Xero-Tenant-Id': '{tenant_id}' },
  },
  account: { url: 'https://identity.xero.com/connect/userinfo', id: 'sub', label: 'name', email: 'email' },
  tenants: {
    url: 'https://api.xero.com/connections',
    list: '',
    id: 'tenantId',
    label: 'tenantName',
    metadata: 'tenant_id',
  },

  scopes: {
    read: [
      { scope: 'accounting.invoices.read', sentence: 'See your invoices, bills, quotes and orders.' },
      { scope: 'accounting.contacts.read', sentence: 'See your customers and suppliers.' },
      {
        scope: 'accounting.settings.read',
        sentence: 'See your accounts, tax rates and organisation settings.',
      },
    ],
    write: [
      {
        scope: 'accounting.invoices',
        sentence: 'See, add and change your invoices, bills, quotes and orders.',
      },
      { scope: 'accounting.contacts', sentence: 'See, add and change your customers and suppliers.' },
      {
        scope: 'accounting.settings.read',
        sentence: 'See your accounts, tax rates and organisation settings.',
      },
    ],
    always: [
      { scope: 'offline_access', sentence: 'Keep this access when you are away, until you end it.' },
      { scope: 'openid', sentence: 'Know which Xero user you are.' },
      { scope: 'profile', sentence: 'See your name.' },
      { scope: 'email', sentence: 'See your email address.' },
    ],
  },
  notes:
    'Access tokens live 30 minutes. Apps made before 2 March 2026 may ask for the broad scopes accounting.transactions and accounting.reports.read until September 2027; newer ones may not. ' +
    'An app connects 25 organisations before Xero has certified it.',
  provenance: [
    'https://developer.xero.com/documentation/guides/oauth2/auth-flow/',
    'https://developer.xero.com/documentation/guides/oauth2/token-types/',
    'https://developer.xero.com/documentation/guides/oauth2/scopes/',
    'https://developer.xero.com/documentation/guides/oauth2/tenants/',
    'https://developer.xero.com/faq/custom-integration',
    'https://github.com/osodevops/xero-cli/releases/tag/v0.5.0',
    'https://www.apideck.com/blog/xero-scopes.md',
  ],
}
