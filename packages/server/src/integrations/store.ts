import { encodeId } from '@grantry/api'
import type { Client, ProviderProfile, TokenAuthMethod } from '@grantry/oauth'
import type { Catalogue } from '@grantry/providers'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { readTogether } from '../db/read-together.ts'
import type { IntegrationRow } from '../db/schema.ts'
import { notFound, problem } from '../errors.ts'
import type { Place } from '../vault/vault.ts'

export type Validation = {
  status: 'verified' | 'unverified'
  checks: { name: string; ok: boolean | null; detail: string }[]
}

/** A workspace's OAuth app at a provider. `profile` is the catalogue's entry (or what the issuer told) with the integration's own endpoints over it. */
export type Integration = {
  workspace: string
  id: string
  app: string | null
  label: string
  provider: string | null
  /** What people call the service. */
  providerName: string
  grantType: IntegrationRow['grant_type']
  profile: ProviderProfile
  clientId: string
  clientSecret: Uint8Array | null
  secretVersion: number
  authMethod: TokenAuthMethod
  scopes: string[]
  params: Record<string, string>
  extraAuthorizeParams: Record<string, string>
  tenantId: string | null
  validation: Validation
  connection: string | null
  /** Which callback its authorization responses come to: a provider's own, or the integration's (RFC 9700 §4.4). */
  callbackKey: string
  redirectUri: string
  row: IntegrationRow
}

const readRow = readTogether<IntegrationRow>((db, { workspace, ids }) =>
  db.selectFrom('integrations').selectAll().where('workspace_id', '=', workspace).where('id', 'in', ids),
)

const integrations = new WeakMap<IntegrationRow, Integration>()

/**
 * @param path as of {@link notFound}
 * @throws ApiError not_found
 */
export async function loadIntegration(
  ctx: Pick<Context, 'db' | 'catalogue' | 'config'>,
  workspace: string,
  id: string,
  path?: string,
): Promise<Integration> {
  const row = await readRow(ctx.db, workspace, id)
  if (!row) throw notFound('integration', path)
  // Who reads a row together with others shares what it means, too.
  const known = integrations.get(row)
  if (known) return known
  const integration = toIntegration(ctx, row)
  integrations.set(row, integration)
  return integration
}

/** @throws ApiError conflict where the catalogue no longer has the provider */
export function toIntegration(ctx: Pick<Context, 'catalogue' | 'config'>, row: IntegrationRow): Integration {
  const profile = profileOf(ctx.catalogue, row)
  const callbackKey = callbackKeyOf(ctx.catalogue, row, profile)
  return {
    workspace: row.workspace_id,
    id: row.id,
    app: row.app_id,
    label: row.label,
    provider: row.provider,
    providerName: (row.provider && ctx.catalogue.get(row.provider)?.display_name) || row.label,
    grantType: row.grant_type,
    profile,
    clientId: row.client_id,
    clientSecret: row.client_secret,
    secretVersion: row.secret_version,
    authMethod: row.token_auth_method as TokenAuthMethod,
    scopes: JSON.parse(row.scopes),
    params: JSON.parse(row.params),
    extraAuthorizeParams: JSON.parse(row.extra_authorize_params),
    tenantId: row.tenant_id,
    validation: JSON.parse(row.validation),
    connection: row.connection_id,
    callbackKey,
    redirectUri: `${ctx.config.publicUrl}/api/v1/credentials/auth/callback/${callbackKey}`,
    row,
  }
}

type EndpointColumns = Pick<
  IntegrationRow,
  | 'provider'
  | 'grant_type'
  | 'discovered'
  | 'authorization_url'
  | 'token_url'
  | 'revocation_url'
  | 'issuer'
  | 'api_base_url'
>

export function profileOf(catalogue: Catalogue, row: EndpointColumns): ProviderProfile {
  const entry = row.provider ? catalogue.get(row.provider) : undefined
  if (row.provider && !entry)
    throw problem(
      'conflict',
      `The catalogue no longer has the provider "${row.provider}" of this integration.`,
    )
  const base: ProviderProfile = entry ??
    (row.discovered ? JSON.parse(row.discovered) : null) ?? { authorization_url: '', token_url: '' }
  return {
    ...base,
    // Nothing but the client itself is needed to be given the next token.
    ...(row.grant_type === 'client_credentials'
      ? { refresh: { ...base.refresh, by: 'regrant' as const } }
      : {}),
    ...(row.authorization_url ? { authorization_url: row.authorization_url } : {}),
    ...(row.token_url ? { token_url: row.token_url } : {}),
    ...(row.revocation_url ? { revocation: { ...base.revocation, url: row.revocation_url } } : {}),
    ...(row.issuer ? { issuer: row.issuer } : {}),
    ...(row.api_base_url ? { api: { ...base.api, base_url: row.api_base_url } } : {}),
  }
}

/** A provider's callback belongs to the exact endpoints that the catalogue has for it; any other pair gets its own. */
function callbackKeyOf(catalogue: Catalogue, row: IntegrationRow, profile: ProviderProfile): string {
  if (row.callback_name !== null) return row.callback_name
  const entry = row.provider ? catalogue.get(row.provider) : undefined
  const same =
    entry && entry.authorization_url === profile.authorization_url && entry.token_url === profile.token_url
  return same && Object.keys(JSON.parse(row.params)).length === 0 ? row.provider! : encodeId('int', row.id)
}

/** Where the vault knows an integration's client secret by. */
export const secretPlace = (workspace: string, id: string, version: number): Place => ({
  workspace,
  table: 'integrations',
  row: id,
  column: 'client_secret',
  version,
})

/** The registration with its secret opened, ready to authenticate at the token endpoint. */
export async function openClient(ctx: Pick<Context, 'vault'>, integration: Integration): Promise<Client> {
  const { workspace, id, secretVersion, clientSecret } = integration
  return {
    client_id: integration.clientId,
    client_secret:
      clientSecret && (await ctx.vault.open(secretPlace(workspace, id, secretVersion), clientSecret)),
    auth_method: integration.authMethod,
  }
}

/** A method that was found out while using the integration is worth remembering. */
export async function rememberAuthMethod(
  ctx: Pick<Context, 'db'>,
  integration: Integration,
  method: TokenAuthMethod | null,
): Promise<void> {
  if (integration.authMethod !== 'auto' || !method || method === 'auto') return
  await updateRow(ctx.db, integration, { token_auth_method: method })
}

export async function updateRow(
  db: Db,
  { workspace, id }: Pick<Integration, 'workspace' | 'id'>,
  set: Partial<IntegrationRow>,
): Promise<void> {
  await db
    .updateTable('integrations')
    .set(set)
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .execute()
}
