import { timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'
import type { OAuthClientRow } from '../db/schema.ts'
import { hashCredential } from '../vault/credential.ts'
import { commandLine, isCommandLine } from './command-line.ts'

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
  origin: OAuthClientRow['origin'] | 'built_in'
  metadata: ClientMetadata
  createdAt: number
  /** To a day. */
  lastUsedAt: number | null
  /** SHA-256, hex, of each secret that opens it now. */
  secretHashes: string[]
}

/** Nobody here vouches for it: it registered itself, be it for one workspace or for all. */
export const isRegistered = (client: Pick<StoredClient, 'origin'>) => client.origin === 'registered'

/**
 * The client of this name, wherever it belongs: a client id is what tells the workspace. Null also where that workspace
 * has ended.
 */
export async function findClient(
  ctx: Pick<Context, 'clock' | 'db'>,
  clientId: string,
): Promise<StoredClient | null> {
  if (isCommandLine({ clientId })) return commandLine
  const row = await ctx.db
    .selectFrom('oauth_clients as client')
    .leftJoin('workspaces as workspace', 'workspace.id', 'client.workspace_id')
    .selectAll('client')
    .select('workspace.deleted_at as workspace_ended')
    .where('client.client_id', '=', clientId)
    .executeTakeFirst()
  if (!row || row.workspace_ended !== null) return null
  const now = ctx.clock.now()
  const secrets = await ctx.db
    .selectFrom('oauth_client_secrets')
    .select(['hash', 'ends_at'])
    .where('workspace_id', '=', row.workspace_id)
    .where('client', '=', row.id)
    .orderBy('hash')
    .execute()
  return {
    workspace: row.workspace_id,
    id: row.id,
    clientId: row.client_id,
    origin: row.origin,
    metadata: JSON.parse(row.metadata) as ClientMetadata,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    secretHashes: secrets.flatMap(({ hash, ends_at }) => (ends_at === null || ends_at > now ? hash : [])),
  }
}

/**
 * Where the core insists on a secret and only its hash is kept. It opens nothing: what a caller shows is compared by
 * {@link clientSecretMatches}, and no signature is made or checked with it, since none of our clients may ask for one
 * by a symmetric algorithm.
 */
export const storedAsHash = 'stored as a hash'

/** What the core carries along for us beside the fields of RFC 7591 (`extraClientMetadata`). */
export const extraMetadata = [
  'secret_hashes',
  'workspace',
  'origin',
  'registered_at',
  'allowed_scope',
] as const

/**
 * A client as the core wants it (RFC 7591 §2 names, and {@link extraMetadata}). The core keeps a client by what is in here, so
 * the hashes of its secrets are among it: a rotation is seen at the next request, by every process.
 */
export function toProviderMetadata(stored: StoredClient): Record<string, unknown> {
  const { metadata } = stored
  return {
    ...metadata,
    client_id: stored.clientId,
    client_id_issued_at: Math.floor(stored.createdAt / 1000),
    response_types: responseTypesOf(metadata.grant_types),
    ...(needsSecret(metadata.token_endpoint_auth_method)
      ? { client_secret: storedAsHash, client_secret_expires_at: 0 }
      : {}),
    secret_hashes: stored.secretHashes,
    workspace: stored.workspace,
    origin: stored.origin,
    registered_at: stored.createdAt,
  }
}

/** RFC 7591 §2.1: of the grant types that we have, one needs the authorization endpoint. */
export function responseTypesOf(grantTypes: string[] = ['authorization_code']): string[] {
  return grantTypes.includes('authorization_code') ? ['code'] : []
}

/** RFC 7591 §2: the method where none is said is `client_secret_basic`. */
export function needsSecret(authMethod = 'client_secret_basic'): boolean {
  return authMethod === 'client_secret_basic' || authMethod === 'client_secret_post'
}

/** Whether one of the client's secrets was shown. Every hash is compared, so that the time tells nothing of which. */
export function clientSecretMatches(
  { secretHashes }: Pick<StoredClient, 'secretHashes'>,
  secret: unknown,
): boolean {
  const shown = Buffer.from(hashCredential(typeof secret === 'string' ? secret : ''), 'hex')
  let matches = false
  for (const hash of secretHashes) {
    const known = Buffer.from(hash, 'hex')
    if (known.length === shown.length && timingSafeEqual(known, shown)) matches = true
  }
  return matches && typeof secret === 'string'
}
