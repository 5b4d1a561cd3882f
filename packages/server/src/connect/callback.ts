import { CallbackError, checkIssuer, readCallback, type Secret } from '@grantry/oauth'
import type { Connection } from '../connections/store.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { ApiError } from '../errors.ts'
import { type Integration, loadIntegration } from '../integrations/store.ts'
import type { SignedIn } from '../members/read-session.ts'
import { mintCredential } from '../vault/credential.ts'
import { loadWorkspace, type Workspace } from '../workspaces/store.ts'
import { type Failure, failSession } from './fail.ts'
import { isFor } from './person.ts'
import { readState } from './read-state.ts'
import { settleAuthorization } from './settle.ts'
import {
  type Authorization,
  authorizationPlace,
  findSession,
  loadSession,
  moveSession,
  type Session,
  statusOf,
} from './store.ts'

type Needs = Pick<
  Context,
  'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'log' | 'random' | 'tracing' | 'vault'
>

/** Where a browser that came back is, and what the page for it needs to know. */
export type Arrival = { workspace: Workspace; session: Session; integration: Integration } & (
  | { outcome: 'confirm'; secret: string }
  | { outcome: 'finish'; code: string }
  | { outcome: 'completed'; connection: Connection; receipt: string }
  /** `notMe`: the person said so at our own page. */
  | { outcome: 'failed'; failure: Failure; notMe?: true }
)

/** A browser that came with nothing that belongs to a living session. */
export type Stray = {
  outcome: 'stray'
  why: 'no_state' | 'unknown_state' | 'replayed' | 'expired' | 'other_session' | 'other_choice'
}

/**
 * The provider sent the browser back (RFC 6749 §4.1.2). The state is consumed, whatever else is found; then the code
 * waits, sealed, until it is known that the person is the end user — unless the session is `direct`.
 * @param signedIn in that browser: where somebody was at the start, it must be the same session; where the connect
 *   session was made for one person, that person
 */
export async function receiveCallback(
  ctx: Needs,
  callbackKey: string,
  query: URLSearchParams,
  signedIn: SignedIn | null,
): Promise<Arrival | Stray> {
  const states = stateParameters(ctx, callbackKey).flatMap((name) => query.getAll(name))
  const [state] = states
  if (!state) return { outcome: 'stray', why: 'no_state' }
  const authorization = states.length === 1 ? await readState(ctx, callbackKey, state) : null
  if (!authorization) return { outcome: 'stray', why: 'unknown_state' }
  const session = await findSession(ctx, authorization.workspace_id, authorization.session_id)
  if (!session) return { outcome: 'stray', why: 'unknown_state' }
  if (authorization.consumed_at !== null) return { outcome: 'stray', why: 'replayed' }
  if (authorization.expires_at <= ctx.clock.now() || statusOf(ctx, session) === 'expired')
    return { outcome: 'stray', why: 'expired' }
  if (!(await consume(ctx, authorization)) || session.status === 'completed' || session.status === 'failed')
    return { outcome: 'stray', why: 'replayed' }
  const begunBy = authorization.browser_session_id
  if ((begunBy !== null && begunBy !== signedIn?.session) || !isFor(session, signedIn))
    return { outcome: 'stray', why: 'other_session' }
  const asked = authorization.integration_id
  if (asked !== null && asked !== session.integration_id) return { outcome: 'stray', why: 'other_choice' }

  const integration = await loadIntegration(ctx, session.workspace_id, session.integration_id)
  const place = { workspace: await loadWorkspace(ctx, session.workspace_id), session, integration }
  const answer = readAnswer(integration, query)
  if ('error' in answer) {
    await failSession(ctx, session, answer)
    return { ...place, outcome: 'failed', failure: answer }
  }
  return { ...place, ...(await hold(ctx, place, authorization, answer)) }
}

/** What the parameter is called at this callback's provider. */
function stateParameters(ctx: Needs, callbackKey: string): string[] {
  const named = ctx.catalogue.get(callbackKey)?.callback?.state_parameter
  return named ? [named] : ['state']
}

/** What providers say instead of `access_denied` (RFC 6749 §4.1.2.1): Pipedrive, and LinkedIn. */
const declined = new Set(['user_denied', 'user_cancelled_login', 'user_cancelled_authorize'])

type Answer = { code: Secret; metadata: Record<string, string> }

function readAnswer({ profile }: Integration, query: URLSearchParams): Answer | Failure {
  try {
    const callback = readCallback(profile, query)
    checkIssuer(profile, callback.iss)
    if (callback.error)
      return {
        error: declined.has(callback.error) ? 'access_denied' : callback.error,
        description: callback.error_description,
      }
    if (!callback.code)
      return { error: 'invalid_request', description: 'The provider sent neither a code nor an error.' }
    return { code: callback.code, metadata: callback.metadata }
  } catch (error) {
    if (!(error instanceof CallbackError)) throw error
    return {
      error: 'invalid_request',
      description: `The provider’s answer cannot be used (${error.message}).`,
    }
  }
}

async function consume(ctx: Needs, { workspace_id, id }: Authorization): Promise<boolean> {
  const result = await ctx.db
    .updateTable('authorizations')
    .set({ consumed_at: ctx.clock.now() })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .where('consumed_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

type Held =
  | { outcome: 'confirm'; secret: string }
  | { outcome: 'finish'; code: string }
  | { outcome: 'completed'; connection: Connection; receipt: string }
  | { outcome: 'failed'; failure: Failure }
  | Stray

const defaultCodeLifetimeMs = 300_000

async function hold(
  ctx: Needs,
  { session, integration }: { session: Session; integration: Integration },
  authorization: Authorization,
  { code, metadata }: Answer,
): Promise<Held> {
  const lifetime = integration.profile.callback?.code_lifetime
  const confirm = mintCredential('gcf', authorization.workspace_id, authorization.id, ctx.random)
  const finish = mintCredential('gfc', authorization.workspace_id, authorization.id, ctx.random)
  const waiting = {
    code: await ctx.vault.seal(authorizationPlace(authorization, 'code'), code),
    code_expires_at: ctx.clock.now() + (lifetime === undefined ? defaultCodeLifetimeMs : lifetime * 1000),
    callback_metadata: JSON.stringify(metadata),
    confirm_hash: session.binding === 'confirm' ? confirm.hash : null,
    finish_hash: session.binding === 'finish' ? finish.hash : null,
  }
  await transaction(ctx.db, async (tx) => {
    await tx
      .updateTable('authorizations')
      .set(waiting)
      .where('workspace_id', '=', authorization.workspace_id)
      .where('id', '=', authorization.id)
      .execute()
    await moveSession(tx, session, ['created', 'started'], { status: 'awaiting_finish' })
  })
  if (session.binding === 'confirm') return { outcome: 'confirm', secret: confirm.text }
  if (session.binding === 'finish') return { outcome: 'finish', code: finish.text }
  return complete(ctx, session, { ...authorization, ...waiting })
}

/** Exchanges at once, and tells what came of it in a form that pages can show. */
export async function complete(ctx: Needs, session: Session, authorization: Authorization): Promise<Held> {
  try {
    const actor = { kind: 'connect_session', id: session.id, requestId: null }
    const connection = await settleAuthorization(ctx, session, authorization, actor)
    const receipt = mintCredential('gfc', authorization.workspace_id, authorization.id, ctx.random)
    await ctx.db
      .updateTable('authorizations')
      .set({ finish_hash: receipt.hash })
      .where('workspace_id', '=', authorization.workspace_id)
      .where('id', '=', authorization.id)
      .execute()
    return { outcome: 'completed', connection, receipt: receipt.text }
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status >= 500 && error.code !== 'provider_failed')) throw error
    // Another tab of the same session came first: what becomes of the session is told there.
    if (error.code === 'already_used') return { outcome: 'stray', why: 'replayed' }
    const now = await loadSession(ctx, session.workspace_id, session.id)
    return {
      outcome: 'failed',
      failure: { error: now.error ?? error.code, description: now.error_description ?? error.message },
    }
  }
}
