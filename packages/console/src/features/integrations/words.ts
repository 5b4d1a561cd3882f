import type { IntegrationDiagnosis } from '@grantry/sdk/transport'

/** What each check of saving looks at. */
export const checkNames: Record<string, string> = {
  client_secret_basic: 'Client ID and secret in the Authorization header',
  client_secret_post: 'Client ID and secret in the body',
  none: 'Client ID without a secret',
  token_endpoint: 'Token URL',
  client_credentials: 'Access token by client credentials',
  refresh_token: 'Access token by the refresh token',
}

type Finding = IntegrationDiagnosis['findings'][number]

/** What each part of the diagnosis looks at. */
export const findingNames: Record<Finding['check'], string> = {
  addresses: 'Addresses',
  https: 'HTTPS',
  client_authentication: 'Client ID and secret',
  redirect_uri: 'Redirect URI',
  scopes: 'Scopes',
  offline_access: 'Access while people are away',
  api: 'API',
  clock: 'Clock',
  connecting: 'Connecting',
  refreshing: 'Refreshing',
}
