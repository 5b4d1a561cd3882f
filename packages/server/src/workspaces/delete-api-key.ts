import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'

/** Ends a key and all its secrets: here at once, in other processes within a second. */
export async function deleteApiKey(
  ctx: Pick<Context, 'db' | 'clock' | 'random' | 'invalidation'>,
  { workspace, id, actor }: { workspace: string; id: string; actor: Actor },
): Promise<void> {
  await ctx.invalidation.change(workspace, async (tx) => {
    const gone = await tx
      .deleteFrom('api_keys')
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .returning(['name', 'app_id'])
      .executeTakeFirst()
    if (!gone) throw notFound('API key')
    for (const table of ['api_key_secrets', 'api_key_limits'] as const)
      await tx.deleteFrom(table).where('workspace_id', '=', workspace).where('key_id', '=', id).execute()
    await record(ctx, tx, {
      workspace,
      type: 'api_key.deleted',
      actor,
      app: gone.app_id,
      data: { key: id, name: gone.name },
    })
  })
}
