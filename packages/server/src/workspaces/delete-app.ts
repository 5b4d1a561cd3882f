import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { notFound, problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'

/** Ends an app and the keys narrowed to it. Integrations and connections must have gone before. */
export async function deleteApp(
  ctx: Pick<Context, 'db' | 'clock' | 'random' | 'invalidation'>,
  { workspace, id, actor }: { workspace: string; id: string; actor: Actor },
): Promise<void> {
  await ctx.invalidation.change(workspace, async (tx) => {
    const gone = await tx
      .deleteFrom('apps')
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .returning('name')
      .executeTakeFirst()
    if (!gone) throw notFound('app')
    const integration = await tx
      .selectFrom('integrations')
      .select('id')
      .where('workspace_id', '=', workspace)
      .where('app_id', '=', id)
      .executeTakeFirst()
    const connection = await tx
      .selectFrom('connections')
      .select('id')
      .where('workspace_id', '=', workspace)
      .where('app_id', '=', id)
      .where('status', '!=', 'revoked')
      .executeTakeFirst()
    if (integration || connection)
      throw problem('has_connections', 'This app still has integrations or connections. End them first.')
    const keys = tx
      .selectFrom('api_keys')
      .select('id')
      .where('workspace_id', '=', workspace)
      .where('app_id', '=', id)
    for (const table of ['api_key_secrets', 'api_key_limits'] as const)
      await tx.deleteFrom(table).where('workspace_id', '=', workspace).where('key_id', 'in', keys).execute()
    const endpoints = tx
      .selectFrom('webhook_endpoints')
      .select('id')
      .where('workspace_id', '=', workspace)
      .where('app_id', '=', id)
    await tx
      .deleteFrom('webhook_deliveries')
      .where('workspace_id', '=', workspace)
      .where('endpoint_id', 'in', endpoints)
      .execute()
    await tx
      .deleteFrom('webhook_endpoints')
      .where('workspace_id', '=', workspace)
      .where('app_id', '=', id)
      .execute()
    await tx.deleteFrom('api_keys').where('workspace_id', '=', workspace).where('app_id', '=', id).execute()
    await record(ctx, tx, { workspace, type: 'app.deleted', actor, app: id, data: { name: gone.name } })
  })
}
