import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'

/**
 * Ends a workspace: its keys stop working and its data key is destroyed, so that nothing it sealed can be opened
 * again, here or from a backup that is made from now on. Grants at providers are not ended by this: whoever wants
 * that deletes the connections first.
 */
export async function deleteWorkspace(
  ctx: Pick<Context, 'db' | 'clock' | 'random' | 'vault' | 'invalidation'>,
  { id, actor }: { id: string; actor: Actor },
): Promise<void> {
  await ctx.invalidation.change(id, async (tx) => {
    const now = ctx.clock.now()
    const ended = await tx
      .updateTable('workspaces')
      .set({ deleted_at: now })
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .returning('name')
      .executeTakeFirst()
    if (!ended) throw notFound('workspace')
    for (const table of [
      'api_key_secrets',
      'end_user_tokens',
      'mcp_servers',
      'api_keys',
      'connect_sessions',
      'authorizations',
      'revocations',
    ] as const)
      await tx.deleteFrom(table).where('workspace_id', '=', id).execute()
    await tx
      .updateTable('connections')
      .set({ status: 'revoked', reason: 'workspace_deleted', refresh_at: null, updated_at: now })
      .where('workspace_id', '=', id)
      .where('status', '!=', 'revoked')
      .execute()
    await ctx.vault.destroyDataKey(tx, id)
    await record(ctx, tx, { workspace: id, type: 'workspace.deleted', actor, data: { name: ended.name } })
  })
}
