import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import type { RevocationRow } from '../../db/schema.ts'
import type { Answer } from '../revoke-upstream.ts'

type Key = Pick<RevocationRow, 'workspace_id' | 'connection_id'>

/** What the provider said goes into the report, if the connection was ended by breaking glass. Nothing else has one. */
export const noteFailure = (
  ctx: Pick<Context, 'clock'>,
  tx: Db,
  row: RevocationRow,
  answer: Exclude<Answer, { revoked: true }>,
): Promise<void> => note(ctx, tx, row, answer, 'retrying')

/** The same at the end of a revocation, which is that of the connection where no other waits. */
export async function noteEnd(
  ctx: Pick<Context, 'clock'>,
  tx: Db,
  row: RevocationRow,
  answer: Answer,
): Promise<void> {
  const other = await tx
    .selectFrom('revocations')
    .select('attempts')
    .where('workspace_id', '=', row.workspace_id)
    .where('connection_id', '=', row.connection_id)
    .orderBy('attempts', 'desc')
    .limit(1)
    .executeTakeFirst()
  const outcome = 'revoked' in answer ? 'revoked' : 'failed'
  await note(ctx, tx, row, answer, other ? (other.attempts > 0 ? 'retrying' : 'waiting') : outcome)
}

async function note(
  ctx: Pick<Context, 'clock'>,
  tx: Db,
  { workspace_id, connection_id }: Key,
  answer: Answer,
  outcome: 'waiting' | 'retrying' | 'revoked' | 'failed',
): Promise<void> {
  await tx
    .updateTable('break_glass_connections')
    .set((eb) => ({
      outcome,
      attempts: eb('attempts', '+', 1),
      answered_at: ctx.clock.now(),
      status: answer.status,
      error: answer.error,
      description: 'revoked' in answer ? null : answer.description,
    }))
    .where('workspace_id', '=', workspace_id)
    .where('connection_id', '=', connection_id)
    .execute()
}

/** Tokens of one that has ended came in late: there is more to revoke. */
export async function noteMore(tx: Db, { workspace_id, connection_id }: Key): Promise<void> {
  const of = await tx
    .updateTable('break_glass_connections')
    .set({ outcome: 'waiting' })
    .where('workspace_id', '=', workspace_id)
    .where('connection_id', '=', connection_id)
    .where('outcome', 'not in', ['to_end', 'waiting', 'retrying'])
    .returning('break_glass_id')
    .executeTakeFirst()
  if (!of) return
  await tx
    .updateTable('break_glass')
    .set({ state: 'revoking', done_at: null })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', of.break_glass_id)
    .where('state', '=', 'done')
    .execute()
}
