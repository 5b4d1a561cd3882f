import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { invalid } from '../errors.ts'
import { type Integration, loadIntegration } from '../integrations/store.ts'
import type { SignedIn } from '../members/read-session.ts'
import { readCredential } from '../vault/credential.ts'
import { beginAuthorization, storeAuthorization } from './authorize.ts'
import { isFor } from './person.ts'
import { ownPage } from './return-address.ts'
import { findSession, moveSession, type Session, statusOf } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'random' | 'vault'>

export type Started =
  | { outcome: 'redirect'; url: string }
  | { outcome: 'unknown' }
  /** It was made for one person, and nobody, or somebody else, is signed in. */
  | { outcome: 'not_signed_in'; session: Session }
  | { outcome: 'other_person' }
  | { outcome: 'over'; session: Session; status: 'completed' | 'failed' | 'expired' }

/**
 * What a link may say besides its handle: nothing that the session does not allow. `signedIn`: who is, in the browser
 * that opened it.
 */
export type StartWish = { provider?: string; returnTo?: string | undefined; signedIn?: SignedIn | null }

/** Opens a connect link: each time it is opened, a state of its own is minted, so that two tabs do not disturb each other. */
export async function startSession(ctx: Needs, startToken: string, wish: StartWish = {}): Promise<Started> {
  const handle = readCredential('gst', startToken)
  const session = handle ? await findSession(ctx, handle.workspace, handle.row) : undefined
  if (!handle || !session || session.start_token_hash !== handle.hash) return { outcome: 'unknown' }
  const status = statusOf(ctx, session)
  if (status === 'completed' || status === 'failed' || status === 'expired')
    return { outcome: 'over', session, status }
  const { signedIn = null } = wish
  if (!isFor(session, signedIn))
    return signedIn ? { outcome: 'other_person' } : { outcome: 'not_signed_in', session }
  const integration = await loadIntegration(ctx, session.workspace_id, session.integration_id)
  const returnTo = checkWish(ctx, session, integration, wish)
  const { row, url } = await beginAuthorization(ctx, session, integration, signedIn?.session)
  await transaction(ctx.db, async (tx) => {
    await storeAuthorization(tx, row)
    await moveSession(tx, session, ['created', 'started'], { status: 'started', return_to: returnTo })
  })
  return { outcome: 'redirect', url }
}

/**
 * Where the person will be sent back to: what the session says; where it says nothing, a page of our own that the link names.
 * @throws ApiError invalid_request, return_to_not_allowed
 */
function checkWish(
  ctx: Needs,
  session: Session,
  integration: Integration,
  { provider, returnTo }: StartWish,
): string | null {
  if (provider !== undefined && provider !== integration.provider && provider !== integration.row.name)
    throw invalid('connect_session', `was made for ${integration.providerName}`)
  if (returnTo === undefined || returnTo === session.return_to) return session.return_to
  const ours = ownPage(ctx.config.publicUrl, returnTo)
  if (session.return_to !== null && session.return_to !== ours)
    throw invalid('return_to', 'is not where this session returns to', 'return_to_not_allowed')
  return ours
}
