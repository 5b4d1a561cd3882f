import type { Provider } from './provider.ts'
import { hubspotTools } from './tools/hubspot.ts'

export const hubspot: Provider = {
  name: 'hubspot',
  display_name: 'HubSpot',
  category: 'crm',
  docs_url: 'https://developers.hubspot.com/docs/api-reference/latest/authentication/manage-oauth-tokens',
  grant_types: ['authorization_code', 'refresh_token'],

  authorization_url: 'https://app.hubspot.com/oauth/authorize',
  // The addresses below /oauth/v1 end on 16 February 2027.
  token_url: 'https://api.hubapi.com/oauth/2026-03/token',
  authorize: { always_scopes: ['oauth'] },
  token: { auth_method: 'client_secret_post' },
  token_response: {
    fields: { scope: ['scope', 'scopes'] },
    // Where HubSpot answers in the shape of its API, `status` is its code and `message` says the rest.
    error_in_200: { error: 'status', description: 'message' },
    error_codes: {
      BAD_CLIENT_ID: 'invalid_client',
      BAD_CLIENT_SECRET: 'invalid_client',
      BAD_AUTH_CODE: 'invalid_grant',
      EXPIRED_AUTH_CODE: 'invalid_grant',
      MISMATCH_REDIRECT_URI_AUTH_CODE: 'invalid_grant',
      BAD_REFRESH_TOKEN: 'invalid_grant',
      BAD_GRANT_TYPE: 'unsupported_grant_type',
    },
    metadata: { hub_id: 'hub_id' },
  },
  // The same refresh token comes again and does not end by time; access tokens live 30 minutes.
  refresh: { rotates: false },
  // Until February 2027 also DELETE /oauth/v1/refresh-tokens/{token}. Access tokens live on until they expire, and
  // the app stays installed.
  revocation: {
    url: 'https://api.hubapi.com/oauth/2026-03/token/revoke',
    method: 'POST',
    auth: 'client',
    body: 'form',
    token: 'refresh_token',
  },
  api: { base_url: 'https://api.hubapi.com' },
  account: {
    url: '/account-info/v3/details',
    id: 'portalId',
    label: 'portalId',
    metadata: { hub_id: 'portalId', ui_domain: 'uiDomain' },
  },

  scopes: {
    read: [
      { scope: 'crm.objects.contacts.read', sentence: 'See your contacts.' },
      { scope: 'crm.objects.companies.read', sentence: 'See your companies.' },
      { scope: 'crm.objects.deals.read', sentence: 'See your deals.' },
    ],
    write: [
      { scope: 'crm.objects.contacts.read', sentence: 'See your contacts.' },
      { scope: 'crm.objects.contacts.write', sentence: 'Add, change and delete contacts.' },
      { scope: 'crm.objects.companies.read', sentence: 'See your companies.' },
      { scope: 'crm.objects.companies.write', sentence: 'Add, change and delete companies.' },
      { scope: 'crm.objects.deals.read', sentence: 'See your deals.' },
      { scope: 'crm.objects.deals.write', sentence: 'Add, change and delete deals.' },
    ],
    always: [{ scope: 'oauth', sentence: 'Stay connected to your HubSpot account.' }],
  },
  tools: hubspotTools,
  notes:
    'The scopes asked for must be among those of the app in HubSpot. A connection is one HubSpot account (hub), not one person.',
  provenance: [
    'https://developers.hubspot.com/docs/api-reference/2026-03/authentication/oauth-tokens/refresh-oauth-token',
    'https://developers.hubspot.com/docs/api-reference/latest/authentication/oauth-tokens/revoke-token',
    'https://developers.hubspot.com/docs/api-reference/legacy/authentication/oauth-tokens/v1/migration-guide',
    'https://developers.hubspot.com/changelog/additional-details-returned-when-generating-oauth-access-tokens',
    'https://www.npmjs.com/package/@auth/core',
    'https://developers.hubspot.com/docs/api-reference/2026-03/overview',
    'https://developers.hubspot.com/changelog/legacy-apis-and-legacy-apps-whats-going-unsupported-and-when',
    'https://github.com/HubSpot/hubspot-sdk-python',
  ],
}
