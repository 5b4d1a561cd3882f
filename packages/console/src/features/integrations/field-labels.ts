/** Fields of the form, as it calls them. */
export const fieldLabels: Record<string, string> = {
  label: 'Label',
  issuer: 'Issuer URL',
  authorization_url: 'Authorization URL',
  token_url: 'Token URL',
  revocation_url: 'Revocation URL',
  redirect_uri: 'Redirect URI',
  client_id: 'Client ID',
  client_secret: 'Client secret',
  refresh_token: 'Refresh token',
  scope: 'Scope',
  api_base_url: 'API base URL',
  tenant_id: 'Tenant ID',
  token_auth_method: 'Client authentication',
  app_id: 'App',
  params: 'It',
  extra_authorize_params: 'A parameter',
}
