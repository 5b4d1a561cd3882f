import type { Integration } from '@grantry/sdk'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'

/** Prints one integration, and what the checks of saving it found. */
export function showIntegration({ out }: Pick<Cli, 'out'>, integration: Integration): void {
  const { validation } = integration
  out.record(integration, {
    id: integration.id,
    label: integration.label,
    provider: integration.provider ?? 'generic',
    'grant type': integration.grant_type,
    'client id': integration.client_id,
    'client secret': integration.has_client_secret ? 'kept' : 'none',
    scopes: integration.scope,
    ...(integration.redirect_uri ? { 'redirect URI': integration.redirect_uri } : {}),
    ...(integration.provider
      ? {}
      : { 'authorization URL': integration.authorization_url, 'token URL': integration.token_url }),
    authenticates: integration.token_auth_method,
    ...namesOf('param', integration.params),
    ...namesOf('authorize param', integration.extra_authorize_params),
    ...(integration.tenant_id ? { tenant: integration.tenant_id } : {}),
    ...(integration.app_id ? { app: integration.app_id } : {}),
    ...(integration.connection_id ? { connection: integration.connection_id } : {}),
    credentials: validation.status,
    changed: ago(integration.updated_at),
  })
  if (validation.status === 'verified') return
  for (const { name, detail } of validation.checks) out.note(`${name}: ${detail}`)
}

const namesOf = (title: string, values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${title} ${name}`, value]))
