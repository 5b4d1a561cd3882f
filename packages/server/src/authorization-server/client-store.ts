import type { Context } from '../context.ts'
import type { OAuthClientRow } from '../db/schema.ts'
import { deployment } from './deployment.ts'

/** RFC 7591 §2, as stored: without secrets. */
export type ClientMetadata = {
  client_id: string
  client_name?: string
  redirect_uris?: string[]
  grant_types?: string[]
  response_types?: string[]
  token_endpoint_auth_method?: string
  application_type?: 'web' | 'native'
  scope?: string
  [field: string]: unknown
}

export type StoredClient = {
  /** UUID of the workspace that made it; `deployment` for one that registered itself. */
  workspace: string
  id: string
  clientId: string
  origin: OAuthClientRow['origin']
  metadata: ClientMetadata
  createdAt: number
  /** SHA-256, hex, of each secret that opens it now. */
  secretHashes: string[]
}

export const isRegistered = (client: Pick<StoredClient, 'workspace'>) => client.workspace === deployment

/** The client of this name, wherever it belongs: a client id is what tells the workspace. */
export async function findClient(
  ctx: Pick<Context, 'clock' | 'db'>,
  clientId: string,
): Promise<StoredClient | null> {
  const row = await ctx.db
    .selectFrom('oauth_clients')
    .selectAll()
    .where('client_id', '=', clientId)
    .executeTakeFirst()
  if (!row) return null
  const now = ctx.clock.now()
  const secrets = await ctx.db
    .selectFrom('oauth_client_secrets')
    .select(['hash', 'ends_at'])
    .where('workspace_id', '=', row.workspace_id)
    .where('client', '=', row.id)
    .execute()
  return {
    workspace: row.workspace_id,
    id: row.id,
    clientId: row.client_id,
    origin: row.origin,
    metadata: JSON.parse(row.metadata) as ClientMetadata,
    createdAt: row.created_at,
    secretHashes: secrets.flatMap(({ hash, ends_at }) => (ends_at === null || ends_at > now ? hash : [])),
  }
}
