import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { transaction } from '../db/transaction.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random'>
export type Reason = 'signed_out' | 'revoked' | 'role_changed' | 'password_changed' | 'member_removed'

/**
 * Ends one session. `member`: only if it is this member's.
 * @throws ApiError not_found
 */
export async function endSession(
  ctx: Needs,
  which: { workspace: string; session: string; member?: string; actor: Actor; reason: Reason },
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    let sessions = tx
      .deleteFrom('sessions')
      .where('workspace_id', '=', which.workspace)
      .where('id', '=', which.session)
    if (which.member) sessions = sessions.where('member_id', '=', which.member)
    const gone = await sessions.returning(['id', 'member_id', 'end_user_id']).executeTakeFirst()
    if (!gone) throw notFound('session')
    await recordEnd(ctx, tx, which, [gone])
  })
}

/** Ends all sessions of a member, `except` one. Returns how many. */
export async function endSessionsOf(
  ctx: Pick<Context, 'clock' | 'random'>,
  tx: Db,
  which: { workspace: string; member: string; except?: string | null; actor: Actor; reason: Reason },
): Promise<number> {
  let sessions = tx
    .deleteFrom('sessions')
    .where('workspace_id', '=', which.workspace)
    .where('member_id', '=', which.member)
  if (which.except) sessions = sessions.where('id', '!=', which.except)
  const gone = await sessions.returning(['id', 'member_id', 'end_user_id']).execute()
  await recordEnd(ctx, tx, which, gone)
  return gone.length
}

async function recordEnd(
  ctx: Pick<Context, 'clock' | 'random'>,
  tx: Db,
  { workspace, actor, reason }: { workspace: string; actor: Actor; reason: Reason },
  gone: { id: string; member_id: string | null; end_user_id: string | null }[],
): Promise<void> {
  for (const { id, member_id, end_user_id } of gone)
    await record(ctx, tx, {
      workspace,
      type: 'session.ended',
      actor,
      endUser: end_user_id,
      data: { session: id, ...(member_id ? { member: member_id } : {}), reason },
    })
}

/** Ends every session that began at a provider which is no longer asked. */
export async function endSessionsFrom(
  ctx: Pick<Context, 'clock' | 'random'>,
  tx: Db,
  { workspace, identityProvider, actor }: { workspace: string; identityProvider: string; actor: Actor },
): Promise<void> {
  const gone = await tx
    .deleteFrom('sessions')
    .where('workspace_id', '=', workspace)
    .where('identity_provider_id', '=', identityProvider)
    .returning(['id', 'member_id', 'end_user_id'])
    .execute()
  await recordEnd(ctx, tx, { workspace, actor, reason: 'revoked' }, gone)
}
