import { encodeId } from '@grantry/api'
import type { Client, Discovered, ProviderProfile } from '@grantry/oauth'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import type { IdentityProviderRow } from '../../db/schema.ts'
import { notFound, problem } from '../../errors.ts'
import type { Place } from '../../vault/vault.ts'

export type IdentityProvider = IdentityProviderRow

/** What is kept of an issuer's metadata: what a sign-in needs. */
export type Metadata = {
  profile: ProviderProfile
  jwks_uri: string
  algorithms: string[] | null
}

/** @throws ApiError provider_unusable for a server that signs nobody in */
export function metadataOf({ profile, jwks_uri, ...more }: Discovered): Metadata {
  const { authorization_url } = profile
  if (!authorization_url || !jwks_uri)
    throw problem(
      'provider_unusable',
      `The issuer is no OpenID provider: its metadata has no ${authorization_url ? 'jwks_uri' : 'authorization_endpoint'}.`,
      { errors: [{ path: 'issuer', message: 'is no OpenID provider' }] },
    )
  return {
    profile: { ...profile, authorization_url },
    jwks_uri,
    algorithms: more.id_token_signing_alg_values_supported,
  }
}

export const readMetadata = (row: IdentityProvider): Metadata => JSON.parse(row.metadata) as Metadata

export async function findProvider(
  db: Db,
  workspace: string,
  id: string,
): Promise<IdentityProvider | undefined> {
  return db
    .selectFrom('identity_providers')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** @throws ApiError not_found */
export async function loadProvider(db: Db, workspace: string, id: string): Promise<IdentityProvider> {
  const row = await findProvider(db, workspace, id)
  if (!row) throw notFound('identity provider')
  return row
}

/** Where a workspace's people of one kind sign in besides here, as buttons. */
export async function listButtons(
  ctx: Pick<Context, 'db'>,
  workspace: string,
  audience: IdentityProvider['audience'],
): Promise<{ id: string; label: string }[]> {
  return ctx.db
    .selectFrom('identity_providers')
    .select(['id', 'label'])
    .where('workspace_id', '=', workspace)
    .where('audience', '=', audience)
    .orderBy('id')
    .limit(20)
    .execute()
}

export const secretPlace = (
  row: Pick<IdentityProvider, 'workspace_id' | 'id' | 'secret_version'>,
): Place => ({
  workspace: row.workspace_id,
  table: 'identity_providers',
  row: row.id,
  column: 'client_secret',
  version: row.secret_version,
})

export async function openProviderClient(
  ctx: Pick<Context, 'vault'>,
  row: IdentityProvider,
): Promise<Client> {
  return {
    client_id: row.client_id,
    client_secret: row.client_secret && (await ctx.vault.open(secretPlace(row), row.client_secret)),
    auth_method: 'auto',
  }
}

/** One callback per provider, so that no two can be mixed up (RFC 9700 §4.4). */
export function redirectUri({ config }: Pick<Context, 'config'>, id: string): string {
  return `${config.publicUrl}/sign-in/callback/${encodeId('idp', id)}`
}

export function presentProvider(ctx: Pick<Context, 'config'>, row: IdentityProvider) {
  return {
    id: encodeId('idp', row.id),
    label: row.label,
    issuer: row.issuer,
    audience: row.audience,
    client_id: row.client_id,
    has_client_secret: row.client_secret !== null,
    scopes: JSON.parse(row.scopes) as string[],
    redirect_uri: redirectUri(ctx, row.id),
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  }
}
