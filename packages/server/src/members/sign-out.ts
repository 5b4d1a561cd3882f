import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { endSession } from './end-sessions.ts'
import type { SignedIn } from './read-session.ts'

/** Ends the session of a browser; one that has just ended elsewhere is as good. */
export async function signOut(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  signedIn: SignedIn,
  requestId: string,
): Promise<void> {
  const { workspace, session } = signedIn
  const actor =
    signedIn.kind === 'member'
      ? { kind: 'member', id: signedIn.member, requestId }
      : { kind: 'end_user', id: null, requestId }
  try {
    await endSession(ctx, { workspace, session, actor, reason: 'signed_out' })
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'not_found')) throw error
  }
}
