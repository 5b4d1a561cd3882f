import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { transaction } from '../db/transaction.ts'
import { invalid } from '../errors.ts'
import { type Integration, loadIntegration, toIntegration } from '../integrations/store.ts'
import type { SignedIn } from '../members/read-session.ts'
import { readCredential } from '../vault/credential.ts'
import { beginAuthorization, storeAuthorization } from './authorize.ts'
import { chooseScopes, goesBy } from './choose-integration.ts'
import { isFor } from './person.ts'
import { ownPage } from './return-address.ts'
import { findSession, moveSession, type Session, statusOf } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'random' | 'vault'>

export type Started =
  | { outcome: 'redirect'; url: string }
  | { outcome: 'unknown' }
  /** The session allows several, and the link does not say which. */
  | { outcome: 'choose'; session: Session; startToken: string; integrations: Integration[] }
  /** It was made for one person, and nobody, or somebody else, is signed in. */
  | { outcome: 'not_signed_in'; session: Session }
  | { outcome: 'other_person' }
  | { outcome: 'over'; session: Session; status: 'completed' | 'failed' | 'expired' }

/**
 * What a link may say besides its handle: nothing that the session does not allow. `integration`: what was chosen (id).
 * `signedIn`: who is, in the browser that opened it.
 */
export type StartWish = {
  provider?: string
  integration?: string | undefined
  returnTo?: string | undefined
  signedIn?: SignedIn | null
}

/** Opens a connect link: each time it is opened, a state of its own is minted, so that two tabs do not disturb each other. */
export async function startSession(ctx: Needs, startToken: string, wish: StartWish = {}): Promise<Started> {
  const handle = readCredential('gst', startToken)
  const session = handle ? await findSession(ctx, handle.workspace, handle.row) : undefined
  const again = session?.retry_token_hash === handle?.hash
  if (!handle || !session || (session.start_token_hash !== handle.hash && !again))
    return { outcome: 'unknown' }
  const status = statusOf(ctx, session)
  if (status === 'completed' || status === 'expired' || (status === 'failed' && !again))
    return { outcome: 'over', session, status }
  const { signedIn = null } = wish
  if (!isFor(session, signedIn))
    return signedIn ? { outcome: 'other_person' } : { outcome: 'not_signed_in', session }
  const offered = await offeredBy(ctx, session)
  const integration = session.choices === null ? offered[0] : offered.find((one) => isWished(one, wish))
  if (!integration) return { outcome: 'choose', session, startToken, integrations: offered }
  const returnTo = checkWish(ctx, session, integration, wish)
  const chosen = session.choices === null ? {} : choiceOf(ctx, session, integration)
  const { row, url } = await beginAuthorization(
    ctx,
    { ...session, ...chosen },
    integration,
    signedIn?.session,
  )
  const begun = await transaction(ctx.db, async (tx) => {
    const from: Session['status'][] = [
      'created',
      'started',
      ...(session.choices === null ? [] : ['awaiting_finish' as const]),
      ...(again ? ['failed' as const] : []),
    ]
    const set = { status: 'started', error: null, error_description: null, return_to: returnTo } as const
    const moved = await moveSession(tx, session, from, { ...set, ...chosen })
    if (again && !(moved && (await spendRetry(tx, session, handle.hash)))) throw overMeanwhile
    // The row is locked: while a code is being exchanged, neither another choice nor another try takes its place.
    const free = session.choices === null && !again
    if (!free && (!moved || (await isSettling(tx, session)))) throw overMeanwhile
    // What failed is over: its codes are spent, and other tabs of it are void.
    if (again) await forget(tx, session)
    await storeAuthorization(tx, row)
    return true
  }).catch((error: unknown) => {
    if (error === overMeanwhile) return false
    throw error
  })
  if (begun) return { outcome: 'redirect', url }
  return { outcome: 'over', session, status: 'completed' }
}

/** The one integration, or those that there are choices of and that are still there. */
async function offeredBy(
  ctx: Needs,
  { workspace_id, integration_id, choices }: Session,
): Promise<Integration[]> {
  if (choices === null) return [await loadIntegration(ctx, workspace_id, integration_id)]
  const ids = JSON.parse(choices) as string[]
  const rows = await ctx.db
    .selectFrom('integrations')
    .selectAll()
    .where('workspace_id', '=', workspace_id)
    .where('id', 'in', ids)
    .where('grant_type', '=', 'authorization_code')
    .execute()
  return rows.map((row) => toIntegration(ctx, row))
}

const isWished = (one: Integration, { integration, provider }: StartWish): boolean =>
  encodeId('int', one.id) === integration || (provider !== undefined && goesBy(one, provider))

const choiceOf = (ctx: Needs, session: Session, integration: Integration) => ({
  integration_id: integration.id,
  scopes: JSON.stringify(chooseScopes(ctx, integration, { access_type: session.access_type })),
  chosen: 1 as const,
})

async function forget(tx: Db, { workspace_id, id }: Session): Promise<void> {
  await tx
    .deleteFrom('authorizations')
    .where('workspace_id', '=', workspace_id)
    .where('session_id', '=', id)
    .execute()
}

/** Undoes what its transaction has written. */
const overMeanwhile = Symbol('over meanwhile')

/** The link of a page that failed works once; a session that fails again makes another. */
async function spendRetry(tx: Db, { workspace_id, id }: Session, hash: string): Promise<boolean> {
  const spent = await tx
    .updateTable('connect_sessions')
    .set({ retry_token_hash: null })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .where('retry_token_hash', '=', hash)
    .executeTakeFirst()
  return spent.numUpdatedRows > 0n
}

/** Whether a code is with its provider now, or somebody said that it is not them. */
async function isSettling(tx: Db, { workspace_id, id }: Session): Promise<boolean> {
  const settled = await tx
    .selectFrom('authorizations')
    .select('id')
    .where('workspace_id', '=', workspace_id)
    .where('session_id', '=', id)
    .where('settled_at', 'is not', null)
    .where('exchanged_at', 'is', null)
    .executeTakeFirst()
  return settled !== undefined
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
  if (provider !== undefined && !goesBy(integration, provider))
    throw invalid('connect_session', `was made for ${integration.providerName}`)
  if (returnTo === undefined || returnTo === session.return_to) return session.return_to
  const ours = ownPage(ctx.config.publicUrl, returnTo)
  if (session.return_to !== null && session.return_to !== ours)
    throw invalid('return_to', 'is not where this session returns to', 'return_to_not_allowed')
  return ours
}
