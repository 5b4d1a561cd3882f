import { decodeId } from '@grantry/api'
import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import type { OAuthClientRow } from '../db/schema.ts'
import { deployment } from '../vault/deployment.ts'
import { type ClientMetadata, extraMetadata, needsSecret, storedAsHash } from './client-store.ts'
import { insertSecret } from './create-client.ts'
import { removeClient } from './delete-client.ts'
import { RegistrationError } from './registration-error.ts'

type Needs = Pick<Context, 'clock' | 'invalidation' | 'random'>

/**
 * Stores a client that registered or changed itself, as the core gives it. Its secret comes in the clear once, when it is
 * made; of it only the hash is kept.
 * `workspace`: that its initial access token bound it to; where it has none, it is the deployment's.
 * @throws RegistrationError where it was deleted meanwhile
 */
export async function saveRegistered(
  ctx: Needs,
  given: Record<string, unknown>,
  { workspace = (given.workspace as string | undefined) ?? deployment }: { workspace?: string } = {},
): Promise<void> {
  const metadata = toMetadata(given)
  const secret = given.client_secret as string | undefined
  // Only a client that is there already comes with the time when that was.
  const isChange = given.registered_at !== undefined
  await ctx.invalidation.change(workspace, async (tx) => {
    const row = isChange ? await update(ctx, tx, metadata) : await insert(ctx, tx, workspace, metadata)
    const { workspace_id, id } = row
    const isNewSecret = secret !== undefined && secret !== storedAsHash
    if (isNewSecret || !needsSecret(metadata.token_endpoint_auth_method))
      await tx
        .deleteFrom('oauth_client_secrets')
        .where('workspace_id', '=', workspace_id)
        .where('client', '=', id)
        .execute()
    if (isNewSecret && needsSecret(metadata.token_endpoint_auth_method))
      await insertSecret(ctx, tx, row, secret)
    await record(ctx, tx, {
      workspace: workspace_id,
      type: isChange ? 'oauth_client.updated' : 'oauth_client.registered',
      actor: system,
      data: { client_id: row.client_id, client_name: metadata.client_name, scope: metadata.scope },
    })
  })
}

/** Ends a client that registered itself, with all that people allowed it, wherever they are. Unknown: nothing to do. */
export async function removeRegistered(ctx: Needs & Pick<Context, 'db'>, clientId: string): Promise<void> {
  const row = await ctx.db
    .selectFrom('oauth_clients')
    .select(['workspace_id', 'id'])
    .where('client_id', '=', clientId)
    .where('origin', '=', 'registered')
    .executeTakeFirst()
  if (!row) return
  const workspaces = await ctx.invalidation.change(row.workspace_id, (tx) =>
    removeClient(ctx, tx, { workspace: row.workspace_id, id: row.id, actor: system }),
  )
  // It is done; now each process forgets what it keeps of the people who had allowed it.
  for (const workspace of workspaces) await ctx.invalidation.change(workspace, async () => {})
}

function toMetadata(given: Record<string, unknown>): ClientMetadata {
  const { client_secret, client_secret_expires_at, client_id_issued_at, ...metadata } = given
  for (const name of extraMetadata) delete metadata[name]
  return metadata as ClientMetadata
}

async function insert(
  ctx: Needs,
  tx: Db,
  workspace: string,
  metadata: ClientMetadata,
): Promise<OAuthClientRow> {
  const now = ctx.clock.now()
  const row: OAuthClientRow = {
    workspace_id: workspace,
    id: decodeId('cli', metadata.client_id) ?? newId(ctx),
    client_id: metadata.client_id,
    origin: 'registered',
    metadata: JSON.stringify(metadata),
    created_by: null,
    created_at: now,
    updated_at: now,
    last_used_at: null,
  }
  await tx.insertInto('oauth_clients').values(row).execute()
  return row
}

async function update(ctx: Needs, tx: Db, metadata: ClientMetadata): Promise<OAuthClientRow> {
  const row = await tx
    .updateTable('oauth_clients')
    .set({ metadata: JSON.stringify(metadata), updated_at: ctx.clock.now() })
    .where('client_id', '=', metadata.client_id)
    .where('origin', '=', 'registered')
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new RegistrationError('invalid_token', 'This client has been deleted.', 401)
  return row
}
