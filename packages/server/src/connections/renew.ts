import {
  classify,
  isUncertain,
  ProviderError,
  type ProviderErrorFacts,
  type ProviderRequest,
  RequestError,
  refreshRequest,
  requestTokens,
  type Secret,
  UrlError,
} from '@grantry/oauth'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import type { TokenRequestRow } from '../db/schema.ts'
import { outbound } from '../integrations/outbound.ts'
import { type Integration, loadIntegration, openClient, rememberAuthMethod } from '../integrations/store.ts'
import { adoptTokens, closeRequest, type Target } from './adopt.ts'
import { noteEnded, noteFailure } from './fail.ts'
import { type Lease, remainingLease } from './lease.ts'
import { type Connection, isRenewable, loadConnection } from './store.ts'
import { sealTokens, tokenPlace } from './token-set.ts'

type Needs = Pick<
  Context,
  'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'leaseClock' | 'log' | 'random' | 'vault'
>

export type RenewResult =
  | { ok: true }
  | {
      ok: false
      ended: boolean
      error: string
      detail: string | null
      retryAfterMs: number | null
      /** What the provider answered, where it was asked. */
      facts?: ProviderErrorFacts
    }

/** A call that the provider has not answered by then is given up; well inside the lease. */
const httpDeadlineMs = 10_000

/**
 * Spends the refresh token, with the lease held: journal, send, keep what came, then move the connection to it.
 * Each step is committed before the next, so that whoever comes after a crash can see how far it went.
 */
export async function renew(ctx: Needs, lease: Lease, id: string, version: number): Promise<RenewResult> {
  const connection = await loadConnection(ctx, lease.workspace, id)
  if (connection.token_version !== version || !isRenewable(connection)) return { ok: true }
  const integration = await loadIntegration(ctx, lease.workspace, connection.integration_id)
  const target = { lease, connection, integration, siblings: await sharers(ctx, connection) }

  // Someone before us received a pair and did not come to use it: it is the live one.
  const received = await findReceived(ctx, target)
  if (received && (await adoptTokens(ctx, target, received.id))) return { ok: true }

  const current = await openCurrent(ctx, connection)
  const request = await buildRequest(ctx, integration, connection, current)
  if (request instanceof ProviderError) return noteFailure(ctx, target, request.facts)

  const row = await writeJournal(ctx, target)
  if ((await remainingLease(ctx, lease)) < httpDeadlineMs) {
    await closeRequest(ctx.db, row, { outcome: 'transient', error: 'lease_lost' })
    return { ok: false, ended: false, error: 'lease_lost', detail: null, retryAfterMs: 1000 }
  }
  try {
    const fetch = outbound(ctx, lease.workspace)
    const { tokens, auth_method } = await requestTokens(fetch, integration.profile, request, {
      now: ctx.clock.now,
    })
    const target_ = {
      workspace: lease.workspace,
      request: row.id,
      sentAt: row.sent_at!,
      keep: current.refresh,
    }
    const sealed = await sealTokens(ctx, target_, tokens)
    // Whatever has happened meanwhile: what was received is kept before anything else is decided.
    await ctx.db
      .updateTable('token_requests')
      .set(sealed)
      .where('workspace_id', '=', row.workspace_id)
      .where('id', '=', row.id)
      .execute()
    await rememberAuthMethod(ctx, integration, auth_method)
    await adoptTokens(ctx, target, row.id)
    return { ok: true }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return refused(ctx, target, row, error.facts)
  }
}

async function refused(
  ctx: Needs,
  target: Target,
  row: TokenRequestRow,
  facts: ProviderErrorFacts,
): Promise<RenewResult> {
  const verdict = classify(facts, target.integration.profile)
  const earlier = verdict === 'ended' && (await hasUncertain(ctx, target, row))
  const outcome = verdict === 'ended' ? 'refused' : isUncertain(facts) ? 'uncertain' : 'transient'
  await closeRequest(ctx.db, row, { outcome, error: facts.error, error_description: facts.description })
  if (verdict !== 'ended') return noteFailure(ctx, target, facts)
  const now = await loadConnection(ctx, row.workspace_id, row.connection_id)
  if (now.token_version !== target.connection.token_version) return { ok: true }
  return noteEnded(ctx, target, earlier ? 'lost_response' : 'grant_ended', facts)
}

type Current = { access: Secret | null; refresh: Secret | null }

async function openCurrent(ctx: Needs, { workspace_id, token_request_id }: Connection): Promise<Current> {
  if (!token_request_id) return { access: null, refresh: null }
  const row = await ctx.db
    .selectFrom('token_requests')
    .select(['access_token', 'refresh_token'])
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', token_request_id)
    .executeTakeFirstOrThrow()
  const open = async (column: 'access_token' | 'refresh_token') =>
    row[column] && (await ctx.vault.open(tokenPlace(workspace_id, token_request_id, column), row[column]))
  return { access: await open('access_token'), refresh: await open('refresh_token') }
}

async function buildRequest(
  ctx: Needs,
  integration: Integration,
  connection: Connection,
  current: Current,
): Promise<ProviderRequest | ProviderError> {
  const input = {
    profile: integration.profile,
    client: await openClient(ctx, integration),
    params: integration.params,
    metadata: JSON.parse(connection.metadata) as Record<string, string>,
    now: ctx.clock.now(),
    scopes: JSON.parse(connection.scopes_requested) as string[],
  }
  try {
    return await refreshRequest({
      ...input,
      refresh_token: current.refresh,
      access_token: current.access,
      redirect_uri: integration.redirectUri,
    })
  } catch (error) {
    if (!(error instanceof RequestError) && !(error instanceof UrlError)) throw error
    const facts = { kind: 'refused', status: null, retryAfterMs: null, sent: false } as const
    return new ProviderError({ ...facts, error: error.code, description: error.message }, { cause: error })
  }
}

/** Other connections on the same refresh token (it was imported twice): they move together. */
async function sharers(ctx: Needs, connection: Connection): Promise<Connection[]> {
  if (connection.refresh_token_hash === null) return []
  return ctx.db
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', connection.workspace_id)
    .where('integration_id', '=', connection.integration_id)
    .where('refresh_token_hash', '=', connection.refresh_token_hash)
    .where('id', '!=', connection.id)
    .where('status', '=', 'active')
    .execute()
}

async function findReceived(ctx: Needs, { connection, siblings }: Target) {
  if (connection.refresh_token_hash === null) return undefined
  return ctx.db
    .selectFrom('token_requests')
    .select('id')
    .where('workspace_id', '=', connection.workspace_id)
    .where('connection_id', 'in', [connection.id, ...siblings.map(({ id }) => id)])
    .where('spent_hash', '=', connection.refresh_token_hash)
    .where('received_at', 'is not', null)
    .where('outcome', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst()
}

/** Whether an earlier use of the same refresh token may have reached the provider without our hearing of it. */
async function hasUncertain(ctx: Needs, { siblings }: Target, row: TokenRequestRow): Promise<boolean> {
  if (row.spent_hash === null) return false
  const found = await ctx.db
    .selectFrom('token_requests')
    .select('id')
    .where('workspace_id', '=', row.workspace_id)
    .where('connection_id', 'in', [row.connection_id, ...siblings.map(({ id }) => id)])
    .where('spent_hash', '=', row.spent_hash)
    .where('id', '!=', row.id)
    .where((eb) => eb.or([eb('outcome', 'is', null), eb('outcome', '=', 'uncertain')]))
    .executeTakeFirst()
  return found !== undefined
}

async function writeJournal(
  ctx: Needs,
  { lease, connection, integration }: Target,
): Promise<TokenRequestRow> {
  const row: TokenRequestRow = {
    workspace_id: lease.workspace,
    id: newId(ctx),
    integration_id: integration.id,
    connection_id: connection.id,
    kind: integration.profile.refresh?.by === 'regrant' ? 'regrant' : 'refresh',
    fence: lease.fence,
    spent_hash: connection.refresh_token_hash,
    sent_at: ctx.clock.now(),
    received_at: null,
    access_token: null,
    refresh_token: null,
    refresh_token_hash: null,
    token_type: null,
    scopes: null,
    expires_at: null,
    lifetime: null,
    outcome: null,
    error: null,
    error_description: null,
  }
  await ctx.db.insertInto('token_requests').values(row).execute()
  return row
}
