import { system } from '../audit/event.ts'
import type { Context } from '../context.ts'
import { destroyWorkspace } from '../workspaces/delete.ts'
import { deleteConnection } from './delete.ts'
import { revocationPatienceMs } from './queue-revocation.ts'

type Needs = Pick<
  Context,
  'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'invalidation' | 'log' | 'random' | 'vault'
>

const atOnce = 20

/**
 * Ends the connections of ended workspaces, at their providers too, some at a time; with the last of them, and once
 * nothing waits to be revoked any more, everything that the workspace sealed is destroyed; after 7 days in any case. Several processes may do this
 * at once: a connection that another has ended is passed over.
 */
export async function emptyWorkspaces(ctx: Needs): Promise<void> {
  const ended = await ctx.db
    .selectFrom('workspaces')
    .select(['id', 'deleted_at'])
    .where('deleted_at', 'is not', null)
    .where('id', 'in', (eb) =>
      eb.selectFrom('data_keys').select('workspace_id').where('retired_at', 'is', null),
    )
    .execute()
  for (const { id, deleted_at } of ended) {
    await empty(ctx, id)
    const isOver = ctx.clock.now() >= deleted_at! + revocationPatienceMs
    await destroyWorkspace(ctx, id, { whatever: isOver })
  }
}

/** Ends some of its connections. */
async function empty(ctx: Needs, workspace: string): Promise<void> {
  const connections = await ctx.db
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('status', '!=', 'revoked')
    .limit(atOnce)
    .execute()
  for (const connection of connections) {
    try {
      await deleteConnection(ctx, { connection, actor: system, force: true })
    } catch (error) {
      ctx.log.warn(
        { err: error, connection: connection.id },
        'a connection of an ended workspace stays for now',
      )
    }
  }
}
