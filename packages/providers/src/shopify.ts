import type { Provider } from './provider.ts'

export const shopify: Provider = {
  name: 'shopify',
  display_name: 'Shopify',
  category: 'commerce',
  docs_url: 'https://shopify.dev/docs/apps/build/authentication-authorization/authenticate-standalone-apps',
  register_url: 'https://dev.shopify.com/dashboard/',
  grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],

  params: {
    shop: {
      label: 'Shop',
      description: 'The first part of the address of the shop, before .myshopify.com.',
      example: 'acme',
    },
  },
  authorization_url: 'https://{shop}.myshopify.com/admin/oauth/authorize',
  token_url: 'https://{shop}.myshopify.com/admin/oauth/access_token',
  authorize: { scope_separator: ',', pkce: 'none' },
  token: {
    auth_method: 'client_secret_post',
    // Tokens that end after an hour and can be renewed; from 2027 on the only ones that public apps may use.
    grant_extra: { authorization_code: { expiring: '1' } },
  },
  token_response: {
    scope_separator: ',',
    fields: { refresh_expires_in: 'refresh_token_expires_in' },
  },
  refresh: {
    rotates: true,
    // The one before goes on working until its replacement is used, for 30 days at most.
    leeway: 30 * 86_400,
    idle_lifetime: 90 * 86_400,
  },
  revocation: {
    // Uninstalls the app from the shop, so that every token for it ends.
    url: 'https://{shop}.myshopify.com/admin/api_permissions/current.json',
    method: 'DELETE',
    auth: 'api',
    body: 'none',
    ends_siblings: true,
  },
  api: {
    base_url: 'https://{shop}.myshopify.com',
    auth: { in: 'header', name: 'X-Shopify-Access-Token' },
  },
  account: {
    method: 'POST',
    url: '/admin/api/2026-10/graphql.json',
    headers: { 'Content-Type': 'application/json' },
    body: '{"query":"{ shop { id name email myshopifyDomain } }"}',
    id: 'data.shop.id',
    label: 'data.shop.name',
    email: 'data.shop.email',
  },

  scopes: {
    read: [
      { scope: 'read_products', sentence: 'See the products of your shop.' },
      { scope: 'read_orders', sentence: 'See the orders of the last 60 days.' },
      { scope: 'read_customers', sentence: 'See your customers.' },
    ],
    write: [
      { scope: 'write_products', sentence: 'See, add, change and delete the products of your shop.' },
      { scope: 'write_orders', sentence: 'See and change the orders of the last 60 days.' },
      { scope: 'write_customers', sentence: 'See, add, change and delete your customers.' },
    ],
  },
  notes:
    'One integration serves one shop, by its parameter. A scope to write holds the one to read, which is then not listed in the answer. ' +
    'Revoking uninstalls the app from the shop, as the merchant can in the settings of the shop.',
  provenance: [
    'https://shopify.dev/docs/apps/build/authentication-authorization/authenticate-standalone-apps',
    'https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens',
    'https://shopify.dev/changelog/offline-access-tokens-now-support-expiry-and-refresh',
    'https://shopify.dev/changelog/more-resilient-refreshes-for-expiring-offline-access-tokens',
    'https://shopify.dev/docs/apps/build/security/credentials-and-data/use-expiring-offline-access-tokens.md',
    'https://shopify.dev/docs/apps/build/authentication-authorization/app-installation/uninstall-app-api-request',
    'https://shopify.dev/docs/api/usage/access-scopes',
    'https://docs.rs/shopify-sdk/1.0.0/shopify_sdk/auth/session/struct.AccessTokenResponse.html',
  ],
}
