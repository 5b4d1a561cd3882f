import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { TokenRequestRow as RequestRow, RevocationRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { notFound, problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { type Integration, loadIntegration } from '../integrations/store.ts'
import { endsSiblings } from './ends-siblings.ts'
import { removeName } from './names.ts'
import { destroyTokens, queueRevocation } from './queue-revocation.ts'
import { revokeUpstream } from './revoke-upstream.ts'
import { type Connection, ended, eventOf } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'log' | 'random' | 'vault'>

/** `unsupported`: there is no way, or nothing to ask with. `shared`: revoking would have ended other connections of the same account, so only ours has ended. */
export type RevokedUpstream = true | 'pending' | 'unsupported' | 'shared'

/**
 * Ends a connection. Its tokens are unreadable from the commit on; what is needed to end the grant at the provider waits
 * sealed in the revocation queue, whose first try is made here.
 */
export async function deleteConnection(
  ctx: Needs,
  { connection, actor, force }: { connection: Connection; actor: Actor; force: boolean },
): Promise<RevokedUpstream> {
  if (connection.status === 'revoked') throw problem('conflict', 'This connection has already been ended.')
  const integration = await loadIntegration(ctx, connection.workspace_id, connection.integration_id)
  const spared = !force && (await endsSiblings(ctx.db, integration, connection))
  const { queued, shared } = await end(ctx, { connection, integration, actor, force, spared })
  if (shared) return 'shared'
  if (!queued) return 'unsupported'
  try {
    const came = await revokeUpstream(ctx, queued)
    return came === 'revoked' ? true : came === 'given_up' ? 'unsupported' : 'pending'
  } catch (error) {
    ctx.log.error({ err: error, connection: connection.id }, 'first try of a revocation failed')
    return 'pending'
  }
}

async function end(
  ctx: Needs,
  {
    connection,
    integration,
    actor,
    force,
    spared,
  }: { connection: Connection; integration: Integration; actor: Actor; force: boolean; spared: boolean },
): Promise<{ queued: RevocationRow | null; shared: boolean }> {
  const { workspace_id, id } = connection
  return transaction(ctx.db, async (tx) => {
    // Read again inside: a refresh may have brought other tokens since.
    const now = await tx
      .updateTable('connections')
      .set(ended('deleted', ctx.clock.now()))
      .where('workspace_id', '=', workspace_id)
      .where('id', '=', id)
      .where('status', '!=', 'revoked')
      .returningAll()
      .executeTakeFirst()
    if (!now) throw notFound('connection')
    await removeName(tx, now)
    const request = now.token_request_id
      ? await tx
          .selectFrom('token_requests')
          .selectAll()
          .where('workspace_id', '=', workspace_id)
          .where('id', '=', now.token_request_id)
          .executeTakeFirst()
      : undefined
    const sharers = request ? await sharersOf(tx, now, request) : []
    const shared = spared || (sharers.length > 0 && !force)
    // The very row that another connection reads its token from stays whole.
    const keep = sharers.some(({ token_request_id }) => token_request_id === now.token_request_id)
    const queued =
      request && !shared
        ? await queueRevocation(ctx, tx, { connection: now, integration, request, keep })
        : null
    if (request && shared && !keep) await destroyTokens(tx, request)
    await record(ctx, tx, { ...eventOf(now), type: 'connection.revoked', actor })
    return { queued, shared }
  })
}

/** Where the same tokens were imported twice: the other connections that still live on them. */
async function sharersOf(
  tx: Db,
  one: Connection,
  { refresh_token_hash }: RequestRow,
): Promise<Pick<Connection, 'token_request_id'>[]> {
  return tx
    .selectFrom('connections')
    .select('token_request_id')
    .where('workspace_id', '=', one.workspace_id)
    .where('integration_id', '=', one.integration_id)
    .where('refresh_token_hash', '=', refresh_token_hash)
    .where('id', '!=', one.id)
    .where('status', '!=', 'revoked')
    .execute()
}

/** Ends every connection of an integration, each as if it were the only one left. */
export async function deleteConnectionsOf(ctx: Needs, integration: Integration, actor: Actor): Promise<void> {
  for (;;) {
    const rows = await ctx.db
      .selectFrom('connections')
      .selectAll()
      .where('workspace_id', '=', integration.workspace)
      .where('integration_id', '=', integration.id)
      .where('status', '!=', 'revoked')
      .limit(100)
      .execute()
    if (rows.length === 0) return
    for (const connection of rows) await deleteConnection(ctx, { connection, actor, force: true })
  }
}
