import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { createSession } from './create-session.ts'
import { personOf } from './person.ts'
import { findSession, type Session, statusOf } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'random' | 'vault'>

/** `id`: of the connect session behind it. */
export type ReconnectLink = { url: string; id: string }

/** A link is told again for this long; it goes on working for as long as its session lives. */
const keepMs = 10 * 60_000
const mostKept = 1000

/**
 * Links that renew an ended connection, or make one that is awaited. Whoever goes on asking for its token is told the
 * same link for a while, instead of making a session with each try. One that was asked for with the OAuth token of a
 * person works for that person only, signed in here.
 */
export function createReconnectLinks(ctx: Needs) {
  const kept = new Map<string, { url: string; session: Session; until: number }>()
  return async (principal: Principal, actor: Actor, connection: string): Promise<ReconnectLink> => {
    const { kind, id, grant } = principal
    const key = `${kind} ${id} ${grant} ${connection}`
    const known = kept.get(key)
    if (known && ctx.clock.now() < known.until && (await isOpen(ctx, known.session))) return linkOf(known)
    const wish = {
      connection_id: connection,
      binding: 'confirm',
      allow_account_change: false,
      person: personOf(principal),
    } as const
    const { session, startToken } = await createSession(ctx, principal, actor, wish)
    const url = `${ctx.config.publicUrl}/connect/${startToken}`
    kept.delete(key)
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value as string)
    kept.set(key, { url, session, until: ctx.clock.now() + keepMs })
    return linkOf({ url, session })
  }
}

const linkOf = ({ url, session }: { url: string; session: Session }): ReconnectLink => ({
  url,
  id: encodeId('cs', session.id),
})

/** Whether its link still leads anywhere: the person may have used it, and the connection ended once more. */
async function isOpen(ctx: Needs, { workspace_id, id }: Session): Promise<boolean> {
  const session = await findSession(ctx, workspace_id, id)
  return session !== undefined && !['completed', 'failed', 'expired'].includes(statusOf(ctx, session))
}
