import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { notFound, problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import type { Integration } from './store.ts'

/**
 * Ends an integration that has no living connection.
 * @throws ApiError has_connections
 */
export async function deleteIntegration(
  ctx: Pick<Context, 'db' | 'clock' | 'random'>,
  { workspace, id, app, label, provider }: Integration,
  actor: Actor,
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const gone = await tx
      .deleteFrom('integrations')
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst()
    if (!gone) throw notFound('integration')
    const connection = await tx
      .selectFrom('connections')
      .select('id')
      .where('workspace_id', '=', workspace)
      .where('integration_id', '=', id)
      .where('status', '!=', 'revoked')
      .limit(1)
      .executeTakeFirst()
    if (connection)
      throw problem(
        'has_connections',
        'Connections depend on this integration. End them first, or add ?force=true.',
      )
    await tx
      .deleteFrom('connect_sessions')
      .where('workspace_id', '=', workspace)
      .where('integration_id', '=', id)
      .execute()
    await record(ctx, tx, {
      workspace,
      type: 'integration.deleted',
      actor,
      app,
      integration: id,
      data: { label, provider },
    })
  })
}
