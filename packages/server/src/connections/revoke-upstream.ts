import { ProviderError, type ProviderErrorFacts, requestRevocation, revocationRequest } from '@grantry/oauth'
import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { RevocationRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { outbound } from '../egress/outbound.ts'
import { type Integration, loadIntegration, openClient } from '../integrations/store.ts'
import { revocationPlace } from './queue-revocation.ts'
import { draw } from './refresh/schedule.ts'
import { eventOf, loadConnection } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'random' | 'vault'>

const longestPauseMs = 6 * 3_600_000

/**
 * Asks the provider to end what a queued row holds. Done, given up or overtaken by a new consent, the row and its token are destroyed; otherwise it
 * is due again after a growing, jittered pause.
 */
export async function revokeUpstream(
  ctx: Needs,
  row: RevocationRow,
): Promise<'revoked' | 'pending' | 'given_up'> {
  const integration = await loadIntegration(ctx, row.workspace_id, row.integration_id)
  if (await endsNewer(ctx.db, integration, row)) return endRevocation(ctx, row, connectedAgain)
  const failure = await send(ctx, integration, row)
  if (!failure || ctx.clock.now() >= row.gives_up_at) return endRevocation(ctx, row, failure)
  const pause = Math.max(
    failure.retryAfterMs ?? 0,
    (0.5 + draw(ctx) / 2) * Math.min(longestPauseMs, 5000 * 2 ** row.attempts),
  )
  await ctx.db
    .updateTable('revocations')
    .set({
      attempts: row.attempts + 1,
      next_attempt_at: Math.min(row.gives_up_at, Math.ceil(ctx.clock.now() + pause)),
    })
    .where('workspace_id', '=', row.workspace_id)
    .where('id', '=', row.id)
    .execute()
  return 'pending'
}

/** Destroys a queued row with its token: the provider has ended the grant, or asking it has gone on for too long. */
export async function endRevocation(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  row: RevocationRow,
  failure: Pick<ProviderErrorFacts, 'error' | 'description'> | null,
): Promise<'revoked' | 'given_up'> {
  const connection = await loadConnection(ctx, row.workspace_id, row.connection_id)
  await transaction(ctx.db, async (tx) => {
    await tx
      .deleteFrom('revocations')
      .where('workspace_id', '=', row.workspace_id)
      .where('id', '=', row.id)
      .execute()
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

async function send(ctx: Needs, integration: Integration, row: RevocationRow) {
  const token = await ctx.vault.open(revocationPlace(row.workspace_id, row.id), row.token)
  const connection = await loadConnection(ctx, row.workspace_id, row.connection_id)
  const request = await revocationRequest({
    profile: integration.profile,
    client: await openClient(ctx, integration),
    params: integration.params,
    metadata: JSON.parse(row.metadata ?? connection.metadata) as Record<string, string>,
    now: ctx.clock.now(),
    refresh_token: row.token_kind === 'refresh_token' ? token : null,
    access_token: row.token_kind === 'access_token' ? token : null,
  })
  if (request === 'unsupported') return null
  try {
    await requestRevocation(outbound(ctx, row.workspace_id), integration.profile, request, {
      now: ctx.clock.now,
    })
    return null
  } catch (error) {
    if (error instanceof ProviderError) return error.facts
    throw error
  }
}
