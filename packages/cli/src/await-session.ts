import { setTimeout as pause } from 'node:timers/promises'
import type { ConnectSession, Grantry } from '@grantry/sdk'

const everyMs = 1000

/** Asks until the person has connected, said no or let it expire. */
export async function awaitSession(
  grantry: Grantry,
  id: string,
  signal: AbortSignal,
): Promise<ConnectSession> {
  while (true) {
    const session = await grantry.connectSessions.get(id)
    if (['completed', 'failed', 'expired'].includes(session.status)) return session
    await pause(everyMs, undefined, { signal })
  }
}
