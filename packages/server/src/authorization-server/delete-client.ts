import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { endGrantsOf } from './end-grant.ts'

/** Ends a client of a workspace with all that people allowed it, all its tokens and requests, in one transaction. */
export async function deleteClient(
  ctx: Pick<Context, 'clock' | 'invalidation' | 'random'>,
  { workspace, id, actor }: { workspace: string; id: string; actor: Actor },
): Promise<void> {
  await ctx.invalidation.change(workspace, async (tx) => {
    await removeClient(ctx, tx, { workspace, id, actor })
  })
}

/**
 * @returns the workspaces where it had grants
 * @throws ApiError not_found
 */
export async function removeClient(
  ctx: Pick<Context, 'clock' | 'random'>,
  tx: Db,
  { workspace, id, actor }: { workspace: string; id: string; actor: Actor },
): Promise<string[]> {
  const gone = await tx
    .deleteFrom('oauth_clients')
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .returning('client_id')
    .executeTakeFirst()
  if (!gone) throw notFound('OAuth client')
  await tx
    .deleteFrom('oauth_client_secrets')
    .where('workspace_id', '=', workspace)
    .where('client', '=', id)
    .execute()
  const workspaces = await endGrantsOf(ctx, tx, { client: gone.client_id }, actor)
  // What belongs to no grant: tokens of its own, devices and requests that still wait.
  await tx.deleteFrom('oauth_records').where('client_id', '=', gone.client_id).execute()
  await record(ctx, tx, {
    workspace,
    type: 'oauth_client.deleted',
    actor,
    data: { client_id: gone.client_id },
  })
  return workspaces
}
