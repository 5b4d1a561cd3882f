import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { loadIntegration } from '../integrations/store.ts'
import { readCredential } from '../vault/credential.ts'
import { beginAuthorization, storeAuthorization } from './authorize.ts'
import { findSession, moveSession, type Session, statusOf } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'random' | 'vault'>

export type Started =
  | { outcome: 'redirect'; url: string }
  | { outcome: 'unknown' }
  | { outcome: 'over'; session: Session; status: 'completed' | 'failed' | 'expired' }

/** Opens a connect link: each time it is opened, a state of its own is minted, so that two tabs do not disturb each other. */
export async function startSession(ctx: Needs, startToken: string): Promise<Started> {
  const handle = readCredential('gst', startToken)
  const session = handle ? await findSession(ctx, handle.workspace, handle.row) : undefined
  if (!handle || !session || session.start_token_hash !== handle.hash) return { outcome: 'unknown' }
  const status = statusOf(ctx, session)
  if (status === 'completed' || status === 'failed' || status === 'expired')
    return { outcome: 'over', session, status }
  const integration = await loadIntegration(ctx, session.workspace_id, session.integration_id)
  const { row, url } = await beginAuthorization(ctx, session, integration)
  await transaction(ctx.db, async (tx) => {
    await storeAuthorization(tx, row)
    await moveSession(tx, session, ['created'], { status: 'started' })
  })
  return { outcome: 'redirect', url }
}
