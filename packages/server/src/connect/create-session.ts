import { encodeId } from '@grantry/api'
import { record } from '../audit/record.ts'
import { type Subject, writeSubject } from '../authorization-server/subject.ts'
import {
  type Connection,
  readConnection,
  refuseBeyondChosen,
  refuseOwnWords,
  whose,
} from '../connections/store.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import { transaction } from '../db/transaction.ts'
import { invalid, problem } from '../errors.ts'
import type { Actor, Principal } from '../http/principal.ts'
import type { Integration } from '../integrations/store.ts'
import { mintCredential } from '../vault/credential.ts'
import { requireFeature } from '../workspaces/features.ts'
import { readAppReference } from '../workspaces/find-app.ts'
import { loadWorkspace, type Workspace } from '../workspaces/store.ts'
import { beginAuthorization, storeAuthorization } from './authorize.ts'
import { chooseScopes, findChoices, type IntegrationWish } from './choose-integration.ts'
import { checkOrigin, checkReturnTo } from './return-address.ts'
import { type Session, sessionMs } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'random' | 'vault'>

export type SessionRequest = IntegrationWish & {
  end_user?: { id: string; email?: string | undefined; display_name?: string | undefined } | undefined
  app_id?: string | undefined
  access_type?: 'read' | 'write' | undefined
  scopes?: string[] | undefined
  binding: Session['binding']
  state?: string | undefined
  return_to?: string | undefined
  origin?: string | undefined
  connection_id?: string | undefined
  allow_account_change: boolean
  /** Who alone may begin and end it, by their sign-in here, besides what the binding asks. */
  person?: Subject | null
}

export type CreatedSession = {
  session: Session
  /** One, or those among which the person chooses at the link. */
  choices: [Integration, ...Integration[]]
  startToken: string
  connectToken: string
  /** The provider's own; null where the person chooses one first. */
  authorizationUrl: string | null
}

/**
 * Makes a connect session: what will be connected, for whom, and how it will be known that the person who consents is
 * that end user. None of it can be changed afterwards.
 * @throws ApiError not_found, ambiguous, invalid_request, return_to_not_allowed, origin_not_allowed, direct_links_not_allowed, feature_not_in_plan
 */
export async function createSession(
  ctx: Needs,
  principal: Principal,
  actor: Actor,
  request: SessionRequest,
): Promise<CreatedSession> {
  const workspace = await loadWorkspace(ctx, principal.workspace)
  const reconnect =
    request.connection_id === undefined
      ? null
      : await readConnection(ctx, principal, request.connection_id, 'connection_id')
  if (!reconnect) refuseBeyondChosen(principal)
  if (reconnect?.status === 'revoked')
    throw problem('conflict', 'This connection has been ended; make a new one.')
  const named = await readAppReference(ctx, principal, request.app_id)
  if (reconnect && request.app_id !== undefined && named !== reconnect.app_id)
    throw invalid('app_id', 'is not the app of the connection to renew')
  const app = reconnect ? reconnect.app_id : named
  const choices = await findChoices(ctx, principal, request, { reconnect, app })
  const [integration] = choices
  const only = choices.length === 1
  if (!only && request.scopes !== undefined)
    throw invalid('scopes', 'belong to one integration: name it, or use access_type')
  checkBinding(workspace, ctx.config.publicUrl, request)

  const id = newId(ctx)
  const now = ctx.clock.now()
  const start = mintCredential('gst', workspace.id, id, ctx.random)
  const connect = mintCredential('gct', workspace.id, id, ctx.random)
  const session: Session = {
    workspace_id: workspace.id,
    id,
    integration_id: integration.id,
    app_id: app ?? (only ? integration.app : null),
    ...endUserOf(principal, request, reconnect),
    access_type: request.access_type ?? null,
    scopes: only ? JSON.stringify(chooseScopes(ctx, integration, request, reconnect)) : '[]',
    binding: request.binding,
    caller_state: request.state ?? null,
    return_to: request.return_to ?? null,
    origin: request.origin ?? null,
    reconnect_id: reconnect?.id ?? null,
    person: request.person ? writeSubject(request.person) : null,
    allow_account_change: request.allow_account_change ? 1 : 0,
    start_token_hash: start.hash,
    connect_token_hash: connect.hash,
    retry_token_hash: null,
    choices: only ? null : JSON.stringify(choices.map(({ id }) => id)),
    chosen: only ? 1 : 0,
    status: 'created',
    error: null,
    error_description: null,
    connection_id: null,
    created_at: now,
    expires_at: now + sessionMs,
  }
  const begun = only ? await beginAuthorization(ctx, session, integration) : null
  await transaction(ctx.db, async (tx) => {
    await tx.insertInto('connect_sessions').values(session).execute()
    if (begun) await storeAuthorization(tx, begun.row)
    await record(ctx, tx, {
      workspace: workspace.id,
      type: 'connect_session.created',
      actor,
      app: session.app_id,
      integration: only ? integration.id : null,
      endUser: session.end_user_id,
      connection: session.reconnect_id,
      data: { session: encodeId('cs', id), binding: session.binding },
    })
  })
  return {
    session,
    choices,
    startToken: start.text,
    connectToken: connect.text,
    authorizationUrl: begun?.url ?? null,
  }
}

function checkBinding(workspace: Workspace, publicUrl: string, request: SessionRequest): void {
  if (request.return_to !== undefined) checkReturnTo(workspace, publicUrl, request.return_to)
  if (request.origin !== undefined) checkOrigin(workspace, publicUrl, request.origin)
  if (request.binding === 'finish' && request.return_to === undefined && request.origin === undefined)
    throw invalid('binding', 'finish needs an origin or a return_to, where the finish code can go')
  if (request.binding === 'direct') requireFeature(workspace, 'direct_links')
  if (request.binding === 'direct' && !workspace.allowDirectLinks)
    throw problem(
      'direct_links_not_allowed',
      'Direct links let a forwarded link bind whoever follows it. An admin can allow them: PATCH /api/v1/workspace {"allow_direct_links": true}.',
      { errors: [{ path: 'binding', message: 'direct is not allowed in this workspace' }] },
    )
}

function endUserOf(
  principal: Principal,
  { end_user }: SessionRequest,
  reconnect: Connection | null,
): Pick<Session, 'end_user_id' | 'end_user_email' | 'end_user_name'> {
  refuseOwnWords(principal, end_user)
  if (reconnect && end_user && end_user.id !== reconnect.end_user_id)
    throw invalid('end_user.id', 'is not the end user of the connection to renew', 'other_end_user')
  return {
    end_user_id: reconnect ? reconnect.end_user_id : (whose(principal, end_user?.id, 'end_user.id') ?? null),
    end_user_email: end_user?.email ?? reconnect?.end_user_email ?? null,
    end_user_name: end_user?.display_name ?? reconnect?.end_user_name ?? null,
  }
}
