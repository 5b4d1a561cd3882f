import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { invalid, problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { endSessionsOf } from './end-sessions.ts'
import { judgePassword } from './judge-password.ts'
import { loadMember } from './store.ts'
import { type Counted, countTry, uncountTry } from './throttle.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'passwords' | 'random'>

/**
 * A member changes their own password; every other session of theirs ends. Who has one must give it: an open browser is
 * not enough. Tries are throttled as at sign-in.
 * @throws ApiError invalid_request, rate_limited, overloaded, conflict
 */
export async function changePassword(
  ctx: Needs,
  wish: {
    workspace: string
    member: string
    session: string
    network: string
    current: string | null
    wanted: string
    actor: Actor
  },
): Promise<void> {
  const { workspace, member: id, actor } = wish
  const member = await loadMember(ctx.db, workspace, id)
  const fault = judgePassword(wish.wanted, member.email)
  if (fault) throw invalid('new_password', fault)
  if (member.password_hash !== null) {
    const counted: Counted[] = [{ kind: 'here', of: `${wish.network} ${member.email}` }]
    const waitMs = await transaction(ctx.db, (tx) => countTry(ctx, tx, counted))
    if (waitMs > 0) {
      const retryAfter = Math.ceil(waitMs / 1000)
      throw problem('rate_limited', `Too many tries. Try again in ${retryAfter} s.`, { retryAfter })
    }
    const { right } = await ctx.passwords.check(wish.current ?? '', member.password_hash)
    if (!right) throw invalid('current_password', 'is not your password')
    await transaction(ctx.db, (tx) => uncountTry(tx, counted))
  }
  const hash = await ctx.passwords.hash(wish.wanted)
  await transaction(ctx.db, async (tx) => {
    const changed = await tx
      .updateTable('members')
      .set({ password_hash: hash })
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .where('password_hash', member.password_hash === null ? 'is' : '=', member.password_hash)
      .executeTakeFirst()
    if (changed.numUpdatedRows === 0n)
      throw problem('conflict', 'The password was changed elsewhere just now. Sign in again.')
    const ended = { workspace, member: id, except: wish.session, actor, reason: 'password_changed' } as const
    await endSessionsOf(ctx, tx, ended)
    await record(ctx, tx, { workspace, type: 'member.password_changed', actor, data: { member: id } })
  })
}
