import { encodeId } from '@grantry/api'
import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { moveSession, type Session } from './store.ts'

export type Failure = { error: string; description: string | null }

/** Ends a session without a connection. A session that is over already stays as it is. */
export async function failSession(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  session: Session,
  { error, description }: Failure,
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const set = { status: 'failed', error, error_description: description } as const
    if (!(await moveSession(tx, session, ['created', 'started', 'awaiting_finish'], set))) return
    await record(ctx, tx, {
      workspace: session.workspace_id,
      type: 'connect_session.failed',
      actor: system,
      app: session.app_id,
      integration: session.integration_id,
      endUser: session.end_user_id,
      data: { session: encodeId('cs', session.id), error, description },
    })
  })
}
