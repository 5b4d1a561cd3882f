import { encodeId } from '@grantry/api'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import type { OAuthClientRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { hashCredential } from '../vault/credential.ts'
import { judgeClient } from './client-rules.ts'
import { type ClientMetadata, needsSecret } from './client-store.ts'
import { mintClientSecret } from './mint-client-secret.ts'

/** What may be said of a client by whoever registers it (RFC 7591 §2). */
export type ClientFields = Omit<ClientMetadata, 'client_id' | 'response_types'>

/** What a client gets that does not say what it wants: to look, for as long as people let it. */
const usualScope = 'account:read connections:read mcp:read offline_access openid profile email'
const defaults = {
  redirect_uris: [],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_basic',
  application_type: 'web' as const,
  scope: usualScope,
} satisfies ClientFields

/**
 * Registers a partner app in a workspace. Its secret, where it has one, is told once, here.
 * @throws ApiError invalid_request, naming every field at fault
 */
export async function createClient(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  {
    workspace,
    fields,
    createdBy,
    actor,
  }: { workspace: string; fields: ClientFields; createdBy: string | null; actor: Actor },
): Promise<{ row: OAuthClientRow; secret: string | null }> {
  const id = newId(ctx)
  const metadata: ClientMetadata = { ...defaults, ...fields, client_id: encodeId('cli', id) }
  refuseFaults(metadata)
  const secret = needsSecret(metadata.token_endpoint_auth_method) ? mintClientSecret(ctx.random) : null
  const now = ctx.clock.now()
  const row: OAuthClientRow = {
    workspace_id: workspace,
    id,
    client_id: metadata.client_id,
    origin: 'api',
    metadata: JSON.stringify(metadata),
    created_by: createdBy,
    created_at: now,
    updated_at: now,
    last_used_at: null,
  }
  await transaction(ctx.db, async (tx) => {
    await tx.insertInto('oauth_clients').values(row).execute()
    if (secret) await insertSecret(ctx, tx, row, secret)
    await record(ctx, tx, {
      workspace,
      type: 'oauth_client.created',
      actor,
      data: { client_id: row.client_id, client_name: metadata.client_name, scope: metadata.scope },
    })
  })
  return { row, secret }
}

/** Of a secret, only the hash is stored. */
export async function insertSecret(
  ctx: Pick<Context, 'clock'>,
  tx: Db,
  { workspace_id, id }: Pick<OAuthClientRow, 'workspace_id' | 'id'>,
  secret: string,
): Promise<void> {
  await tx
    .insertInto('oauth_client_secrets')
    .values({
      workspace_id,
      client: id,
      hash: hashCredential(secret),
      created_at: ctx.clock.now(),
      ends_at: null,
    })
    .execute()
}

/** @throws ApiError invalid_request */
export function refuseFaults(metadata: ClientMetadata): void {
  const errors = judgeClient(metadata)
  if (errors.length === 0) return
  throw problem('invalid_request', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), {
    errors,
  })
}
