import {
  ProviderError,
  type ProviderErrorFacts,
  requestRevocation,
  revocationRequest,
  type Secret,
} from '@grantry/oauth'
import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { RevocationRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { outbound } from '../egress/outbound.ts'
import { type Integration, loadIntegration, openClient } from '../integrations/store.ts'
import { isUnreadable } from '../vault/errors.ts'
import { destroyUnused } from './break-glass/destroy-unused.ts'
import { noteEnd, noteFailure } from './break-glass/note-answer.ts'
import { revocationPlace } from './queue-revocation.ts'
import { draw } from './refresh/schedule.ts'
import { eventOf, loadConnection } from './store.ts'
import { tokenPlace } from './token-set.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'random' | 'vault'>

const longestPauseMs = 6 * 3_600_000

/**
 * Asks the provider to end what a queued row holds. Done, given up or overtaken by a new consent, the row and its token are destroyed; otherwise it
 * is due again after a growing, jittered pause.
 * @throws VaultError where the vault cannot be asked
 */
export async function revokeUpstream(
  ctx: Needs,
  row: RevocationRow,
): Promise<'revoked' | 'given_up' | { pending: Failed }> {
  const integration = await loadIntegration(ctx, row.workspace_id, row.integration_id)
  if (await endsNewer(ctx.db, integration, row)) return endRevocation(ctx, row, connectedAgain)
  const answer = await send(ctx, integration, row)
  if ('revoked' in answer || ctx.clock.now() >= row.gives_up_at || answer.final)
    return endRevocation(ctx, row, answer)
  const pause = Math.max(
    answer.retryAfterMs ?? 0,
    (0.5 + draw(ctx) / 2) * Math.min(longestPauseMs, 5000 * 2 ** row.attempts),
  )
  await transaction(ctx.db, async (tx) => {
    await tx
      .updateTable('revocations')
      .set({
        attempts: row.attempts + 1,
        next_attempt_at: Math.min(row.gives_up_at, Math.ceil(ctx.clock.now() + pause)),
      })
      .where('workspace_id', '=', row.workspace_id)
      .where('id', '=', row.id)
      .execute()
    await noteFailure(ctx, tx, row, answer)
  })
  return { pending: answer }
}

/** What came of asking once. `status` null: no answer came. `final`: there is nothing more to ask with. */
export type Answer = { revoked: true; status: number | null; error: string | null } | Failed
export type Failed = Pick<ProviderErrorFacts, 'error' | 'description' | 'status'> & {
  kind?: ProviderErrorFacts['kind']
  retryAfterMs?: number | null
  final?: boolean
}

/** Destroys a queued row with its token: the provider has ended the grant, or asking it has gone on for too long. */
export async function endRevocation(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  row: RevocationRow,
  answer: Answer,
): Promise<'revoked' | 'given_up'> {
  const failure = 'revoked' in answer ? null : answer
  const connection = await loadConnection(ctx, row.workspace_id, row.connection_id)
  await transaction(ctx.db, async (tx) => {
    await tx
      .deleteFrom('revocations')
      .where('workspace_id', '=', row.workspace_id)
      .where('id', '=', row.id)
      .execute()
    if (row.token_request_id !== null) await destroyUnused(tx, row.workspace_id, [row.token_request_id])
    await noteEnd(ctx, tx, row, answer)
    await record(ctx, tx, {
      ...eventOf(connection),
      type: failure ? 'connection.revocation_failed' : 'connection.revoked_upstream',
      actor: system,
      data: failure
        ? { error: failure.error, description: failure.description, attempts: row.attempts + 1 }
        : {},
    })
  })
  return failure ? 'given_up' : 'revoked'
}

const connectedAgain = {
  status: null,
  error: 'connected_again',
  description: 'This account was connected again meanwhile, and revoking would have ended that too.',
}

/** Whether a living connection of the same account was granted after this was queued, at a provider that would end it too. */
async function endsNewer(db: Db, { profile }: Integration, row: RevocationRow): Promise<boolean> {
  if (!profile.revocation?.ends_siblings || row.account_id === null) return false
  const newer = await db
    .selectFrom('connections as connection')
    .innerJoin('token_requests as request', (join) =>
      join
        .onRef('request.workspace_id', '=', 'connection.workspace_id')
        .onRef('request.connection_id', '=', 'connection.id'),
    )
    .select('connection.id')
    .where('connection.workspace_id', '=', row.workspace_id)
    .where('connection.integration_id', '=', row.integration_id)
    .where('connection.account_id', '=', row.account_id)
    .where('connection.status', '!=', 'revoked')
    .where('request.kind', '=', 'code')
    .where('request.received_at', '>=', row.created_at)
    .executeTakeFirst()
  return newer !== undefined
}

async function send(ctx: Needs, integration: Integration, row: RevocationRow): Promise<Answer> {
  const token = await openToken(ctx, row)
  if (!token) return tokenGone
  if (token === 'unreadable') return tokenUnreadable
  const connection = await loadConnection(ctx, row.workspace_id, row.connection_id)
  const client = await openClient(ctx, integration).catch(asUnreadable)
  if (client === 'unreadable') return clientUnreadable
  const request = await revocationRequest({
    profile: integration.profile,
    client,
    params: integration.params,
    metadata: JSON.parse(row.metadata ?? connection.metadata) as Record<string, string>,
    now: ctx.clock.now(),
    refresh_token: row.token_kind === 'refresh_token' ? token : null,
    access_token: row.token_kind === 'access_token' ? token : null,
  })
  if (request === 'unsupported') return notAskable
  try {
    return await requestRevocation(outbound(ctx, row.workspace_id), integration.profile, request, {
      now: ctx.clock.now,
    })
  } catch (error) {
    if (error instanceof ProviderError) return error.facts
    throw error
  }
}

const notAskable: Answer = {
  final: true,
  status: null,
  error: 'unsupported',
  description: 'What is left of the grant is not what this provider takes for ending it.',
}

const tokenGone: Answer = {
  final: true,
  status: null,
  error: 'token_gone',
  description: 'The token was destroyed before the provider could be asked.',
}

const tokenUnreadable: Answer = {
  final: true,
  status: null,
  error: 'token_unreadable',
  description: 'What is stored of the token cannot be opened any more, so the provider could not be asked.',
}

/** Of all of the integration, until somebody gives it its secret again. */
const clientUnreadable: Answer = {
  status: null,
  error: 'client_unreadable',
  description: 'The client secret of the integration cannot be opened any more.',
}

/** @throws what it was given, where that may open another time */
function asUnreadable(error: unknown): 'unreadable' {
  if (isUnreadable(error)) return 'unreadable'
  throw error
}

/** From where it waits: its own place, or the token request that it came with. */
async function openToken(ctx: Needs, row: RevocationRow): Promise<Secret | 'unreadable' | null> {
  const { workspace_id: workspace, id, token_request_id: request, token_kind } = row
  const place = request === null ? revocationPlace(workspace, id) : tokenPlace(workspace, request, token_kind)
  const sealed = request === null ? row.token : await readSealed(ctx.db, row)
  if (!sealed) return null
  try {
    return await ctx.vault.open(place, sealed)
  } catch (error) {
    const came = asUnreadable(error)
    // It may have been sealed anew since it was read, under another key or elsewhere: then it is due again soon.
    const now = await readSealed(ctx.db, row)
    if (now && Buffer.compare(now, sealed) !== 0) throw error
    return came
  }
}

async function readSealed(
  db: Db,
  { workspace_id, id, token_request_id, token_kind }: RevocationRow,
): Promise<Uint8Array | null> {
  if (token_request_id === null) {
    const row = await db
      .selectFrom('revocations')
      .select('token')
      .where('workspace_id', '=', workspace_id)
      .where('id', '=', id)
      .executeTakeFirst()
    return row?.token ?? null
  }
  const request = await db
    .selectFrom('token_requests')
    .select(token_kind)
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', token_request_id)
    .executeTakeFirst()
  return request?.[token_kind] ?? null
}
