import {
  codeRequest,
  ProviderError,
  RequestError,
  requestTokens,
  type Secret,
  UrlError,
  upgradeRequest,
} from '@grantry/oauth'
import { establishConnection } from '../connections/establish.ts'
import { type Connection, loadConnection } from '../connections/store.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { transaction } from '../db/transaction.ts'
import { outbound } from '../egress/outbound.ts'
import { ApiError, problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { loadIntegration, openClient, rememberAuthMethod } from '../integrations/store.ts'
import type { Span } from '../tracing/tracing.ts'
import { failSession } from './fail.ts'
import { type Authorization, authorizationPlace, moveSession, type Session } from './store.ts'

type Needs = Pick<
  Context,
  'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'log' | 'random' | 'tracing' | 'vault'
>

/**
 * Exchanges the waiting code and makes the connection. Whoever calls has made sure that the person is the end user.
 * One use: the code is claimed and taken from the row before it is sent, and of one session's codes only one.
 * @throws ApiError already_used, expired, conflict, provider_failed (with the provider's words; the session has then failed)
 */
export async function settleAuthorization(
  ctx: Needs,
  session: Session,
  authorization: Authorization,
  actor: Actor,
): Promise<Connection> {
  const now = ctx.clock.now()
  if (!authorization.code || authorization.settled_at !== null) throw alreadyUsed()
  if ((authorization.code_expires_at ?? 0) <= now || session.expires_at <= now) {
    const failure = {
      error: 'expired',
      description: 'It took too long: the provider’s authorization code has expired.',
    }
    await failSession(ctx, session, failure)
    throw problem('expired', failure.description)
  }
  const code = await ctx.vault.open(authorizationPlace(authorization, 'code'), authorization.code)
  const verifier = await ctx.vault.open(
    authorizationPlace(authorization, 'code_verifier'),
    authorization.code_verifier,
  )
  await claim(ctx, session, authorization, now)
  try {
    const connection = await exchange(ctx, session, authorization, actor, { code, verifier }).finally(() =>
      noteEnd(ctx, authorization),
    )
    // Also where another tab has failed meanwhile: there is a connection, so that is what the session says.
    await moveSession(ctx.db, session, ['created', 'started', 'awaiting_finish', 'failed'], {
      status: 'completed',
      connection_id: connection.id,
      error: null,
      error_description: null,
    })
    return connection
  } catch (error) {
    const failure = describe(error)
    if (!failure) throw error
    await failSession(ctx, session, failure)
    if (error instanceof ApiError) throw error
    throw problem('provider_failed', failure.description ?? failure.error, {
      cause: error,
      members: { provider_error: failure.error, provider_error_description: failure.description },
    })
  }
}

/** The session's row is locked first, so that of two tabs of one session only one comes to exchange. */
async function claim(
  ctx: Needs,
  session: Session,
  { workspace_id, id, integration_id }: Authorization,
  now: number,
): Promise<void> {
  const claimed = await transaction(ctx.db, async (tx) => {
    const living = await moveSession(tx, session, ['created', 'started', 'awaiting_finish'], {
      status: 'awaiting_finish',
    })
    if (!living || !(await isChosen(tx, session, integration_id))) return false
    const settled = await tx
      .selectFrom('authorizations')
      .select('id')
      .where('workspace_id', '=', workspace_id)
      .where('session_id', '=', session.id)
      .where('settled_at', 'is not', null)
      .executeTakeFirst()
    if (settled) return false
    await tx
      .updateTable('authorizations')
      .set({ settled_at: now, code: null })
      .where('workspace_id', '=', workspace_id)
      .where('id', '=', id)
      .execute()
    return true
  })
  if (!claimed) throw alreadyUsed()
}

/** What cannot be written here is no reason to lose what came: the session then waits for its end of time. */
async function noteEnd(ctx: Needs, { workspace_id, id }: Authorization): Promise<void> {
  await ctx.db
    .updateTable('authorizations')
    .set({ exchanged_at: ctx.clock.now() })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
    .catch((error: unknown) =>
      ctx.log.warn({ err: error, authorization: id }, 'the end of an exchange is not noted'),
    )
}

/** Where there is a choice, another may have been made since: what began before is void. The session's row is locked. */
async function isChosen(
  tx: Db,
  { workspace_id, id }: Pick<Session, 'workspace_id' | 'id'>,
  integration: string | null,
): Promise<boolean> {
  const now = await tx
    .selectFrom('connect_sessions')
    .select('integration_id')
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .executeTakeFirst()
  return integration === null || now?.integration_id === integration
}

function exchange(
  ctx: Needs,
  session: Session,
  authorization: Authorization,
  actor: Actor,
  secrets: { code: Secret; verifier: Secret },
): Promise<Connection> {
  return ctx.tracing.span('exchange', {}, (span) =>
    exchangeCode(ctx, { session, authorization, actor, ...secrets }, span),
  )
}

async function exchangeCode(
  ctx: Needs,
  {
    session,
    authorization,
    actor,
    code,
    verifier,
  }: { session: Session; authorization: Authorization; actor: Actor; code: Secret; verifier: Secret },
  span: Span,
): Promise<Connection> {
  const integration = await loadIntegration(
    ctx,
    session.workspace_id,
    authorization.integration_id ?? session.integration_id,
  )
  const { profile, params } = integration
  span.set({ 'grantry.provider': integration.provider ?? 'generic' })
  const metadata = JSON.parse(authorization.callback_metadata) as Record<string, string>
  const input = {
    profile,
    params,
    metadata,
    client: await openClient(ctx, integration),
    now: ctx.clock.now(),
  }
  const fetch = outbound(ctx, session.workspace_id)
  const scopes = JSON.parse(session.scopes) as string[]
  const options = { now: ctx.clock.now, requested_scopes: scopes }

  const request = await codeRequest({
    ...input,
    code,
    redirect_uri: authorization.redirect_uri,
    code_verifier: profile.authorize?.pkce === 'none' ? null : verifier,
  })
  let sentAt = ctx.clock.now()
  let { tokens, auth_method } = await requestTokens(fetch, profile, request, options)
  await rememberAuthMethod(ctx, integration, auth_method)
  const upgrade = await upgradeRequest({ ...input, access_token: tokens.access_token })
  if (upgrade) {
    sentAt = ctx.clock.now()
    const upgraded = (await requestTokens(fetch, profile, upgrade, options)).tokens
    tokens = { ...upgraded, metadata: { ...tokens.metadata, ...upgraded.metadata } }
  }
  return establishConnection(ctx, {
    integration,
    app: session.app_id,
    endUser:
      session.end_user_id === null
        ? null
        : { id: session.end_user_id, email: session.end_user_email, name: session.end_user_name },
    scopes,
    tokens,
    sentAt,
    metadata,
    reconnect: session.reconnect_id
      ? await loadConnection(ctx, session.workspace_id, session.reconnect_id)
      : null,
    allowAccountChange: session.allow_account_change === 1,
    kind: 'code',
    actor,
  })
}

/** What to tell of an exchange that failed; null for what is our own fault. */
function describe(error: unknown): { error: string; description: string | null } | null {
  if (error instanceof ProviderError) {
    const { kind, error: code, description } = error.facts
    // What a provider calls its outage is for whoever runs this; to everyone else it is one thing (RFC 6749 §4.1.2.1).
    if (kind === 'unavailable' || kind === 'throttled')
      return { error: 'temporarily_unavailable', description: description ?? code }
    return { error: code, description }
  }
  if (error instanceof UrlError || error instanceof RequestError)
    return { error: error.code, description: error.message }
  if (error instanceof ApiError) return { error: error.code, description: error.message }
  return null
}

const alreadyUsed = () =>
  problem('already_used', 'This authorization has been used. Start again to connect anew.')
