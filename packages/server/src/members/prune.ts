import type { Context } from '../context.ts'
import { sessionRules } from './session-rules.ts'
import { forgottenAfterMs } from './throttle.ts'

/** A network where somebody has not signed in for so long is not theirs any more. */
const networkKnownMs = 90 * 24 * 60 * 60_000

/** Forgets what no longer counts: ended sessions, old invitations, sign-ins that never came back, failed tries. */
export async function pruneMembers({ db, clock }: Pick<Context, 'db' | 'clock'>): Promise<void> {
  const now = clock.now()
  await db.deleteFrom('sessions').where('expires_at', '<=', now).execute()
  for (const kind of ['member', 'end_user'] as const)
    await db
      .deleteFrom('sessions')
      .where('kind', '=', kind)
      .where('last_seen_at', '<=', now - sessionRules[kind].idleMs)
      .execute()
  await db.deleteFrom('invitations').where('expires_at', '<=', now).execute()
  await db.deleteFrom('outside_sign_ins').where('expires_at', '<=', now).execute()
  await db
    .deleteFrom('failed_tries')
    .where('at', '<=', now - forgottenAfterMs)
    .execute()
  await db
    .deleteFrom('known_networks')
    .where('last_at', '<=', now - networkKnownMs)
    .execute()
}
