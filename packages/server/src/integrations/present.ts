import { encodeId, type ProxyPolicy } from '@grantry/api'
import type { Integration } from './store.ts'

/** An integration as the API shows it: everything but its secret. */
export function presentIntegration(integration: Integration) {
  const { profile, row } = integration
  return {
    id: encodeId('int', integration.id),
    label: integration.label,
    provider: integration.provider,
    provider_name: integration.providerName,
    grant_type: integration.grantType,
    app_id: integration.app && encodeId('app', integration.app),
    authorization_url: profile.authorization_url || null,
    token_url: profile.token_url,
    revocation_url: profile.revocation?.url ?? null,
    issuer: profile.issuer ?? null,
    client_id: integration.clientId,
    has_client_secret: integration.clientSecret !== null,
    scope: integration.scopes.join(' '),
    redirect_uri: integration.grantType === 'authorization_code' ? integration.redirectUri : null,
    api_base_url: profile.api?.base_url ?? null,
    tenant_id: integration.tenantId,
    token_auth_method: row.token_auth_method as
      | 'auto'
      | 'client_secret_basic'
      | 'client_secret_post'
      | 'none',
    extra_authorize_params: integration.extraAuthorizeParams,
    params: integration.params,
    validation: integration.validation,
    proxy_policy: row.proxy_policy === null ? null : (JSON.parse(row.proxy_policy) as ProxyPolicy),
    connection_id: integration.connection && encodeId('con', integration.connection),
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  }
}
