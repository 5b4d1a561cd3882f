import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { OAuthClientRow } from '../db/schema.ts'
import { notFound, problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { type ClientMetadata, needsSecret } from './client-store.ts'
import { type ClientFields, refuseFaults } from './create-client.ts'

/** Fields to set; null takes one away. */
export type ClientChanges = { [Field in keyof ClientFields]?: ClientFields[Field] | null | undefined }

/**
 * Changes a client. What it loses, its access tokens lose with it: they end, and the next are judged by what it is then.
 * @throws ApiError not_found, conflict for a client that registered itself, invalid_request
 */
export async function updateClient(
  ctx: Pick<Context, 'clock' | 'invalidation' | 'random'>,
  { workspace, id, changes, actor }: { workspace: string; id: string; changes: ClientChanges; actor: Actor },
): Promise<OAuthClientRow> {
  return ctx.invalidation.change(workspace, async (tx) => {
    const row = await lockClient(ctx, tx, { workspace, id })
    const before = JSON.parse(row.metadata) as ClientMetadata
    const merged = Object.entries({ ...before, ...changes }).filter(([, value]) => value != null)
    const after: ClientMetadata = { ...Object.fromEntries(merged), client_id: row.client_id }
    refuseFaults(after)
    const metadata = JSON.stringify(after)
    await tx
      .updateTable('oauth_clients')
      .set({ metadata })
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .execute()
    if (!needsSecret(after.token_endpoint_auth_method))
      await tx
        .deleteFrom('oauth_client_secrets')
        .where('workspace_id', '=', workspace)
        .where('client', '=', id)
        .execute()
    if (losesReach(before, after)) await endAccessTokens(tx, row.client_id)
    await record(ctx, tx, {
      workspace,
      type: 'oauth_client.updated',
      actor,
      data: { client_id: row.client_id, fields: Object.keys(changes) },
    })
    return { ...row, metadata }
  })
}

/**
 * The client, held until the transaction ends, so that two changes come one after the other.
 * @throws ApiError not_found, conflict
 */
export async function lockClient(
  ctx: Pick<Context, 'clock'>,
  tx: Db,
  { workspace, id }: { workspace: string; id: string },
): Promise<OAuthClientRow> {
  const row = await tx
    .updateTable('oauth_clients')
    .set({ updated_at: ctx.clock.now() })
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw notFound('OAuth client')
  if (row.origin === 'registered')
    throw problem(
      'conflict',
      'This client registered itself, so it changes itself (RFC 7592). You can only delete it.',
    )
  return row
}

function losesReach(before: ClientMetadata, after: ClientMetadata): boolean {
  const lost = (had: string[] = [], has: string[] = []) => had.some((item) => !has.includes(item))
  return (
    lost(before.scope?.split(' '), after.scope?.split(' ')) ||
    lost(before.grant_types, after.grant_types) ||
    before.token_endpoint_auth_method !== after.token_endpoint_auth_method
  )
}

async function endAccessTokens(tx: Db, clientId: string): Promise<void> {
  await tx
    .deleteFrom('oauth_records')
    .where('client_id', '=', clientId)
    .where('model', 'in', ['AccessToken', 'ClientCredentials'])
    .execute()
}
