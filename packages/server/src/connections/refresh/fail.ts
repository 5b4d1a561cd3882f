import type { ProviderErrorFacts } from '@grantry/oauth'
import { system } from '../../audit/event.ts'
import { record } from '../../audit/record.ts'
import type { Context } from '../../context.ts'
import { transaction } from '../../db/transaction.ts'
import { eventOf } from '../store.ts'
import { noteGateFailure, noteSuccess } from './gates.ts'
import { closeAttempt } from './journal.ts'
import { isNewest, type Lease } from './lease.ts'
import type { Attempt, Closing, EndReason, Failure, Scene } from './store.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random'>

/** RefreshStore.fail. One event for the first failure of a row, not one per try. */
export async function failConnection(
  ctx: Needs,
  { connection, siblings }: Scene,
  attempt: Attempt | null,
  closing: Closing,
  { facts, retryAt, gate, retryAfterMs, refused }: Failure,
): Promise<{ opened: boolean }> {
  const now = ctx.clock.now()
  return transaction(ctx.db, async (tx) => {
    if (attempt) await closeAttempt(tx, attempt, closing)
    for (const one of refused ? [connection, ...siblings] : [connection]) {
      const result = await tx
        .updateTable('connections')
        .set((eb) => ({
          refresh_failures: one.refresh_failures + 1,
          refresh_at: retryAt,
          claimed_until: null,
          last_refresh_at: now,
          last_refresh_ok: 0,
          last_refresh_error: words(facts),
          updated_at: now,
          ...(refused && { refused_at: eb.fn.coalesce('refused_at', eb.val(now)) }),
        }))
        .where('workspace_id', '=', one.workspace_id)
        .where('id', '=', one.id)
        .where('status', '=', 'active')
        .where('token_version', '=', one.token_version)
        .executeTakeFirst()
      if (result.numUpdatedRows === 0n || one.refresh_failures > 0 || refused) continue
      const data = { error: facts.error, description: facts.description, status: facts.status }
      await record(ctx, tx, { ...eventOf(one), type: 'connection.refresh_failed', actor: system, data })
    }
    const key = { workspace: connection.workspace_id, integration: connection.integration_id }
    if (gate === 'answered') await noteSuccess(tx, key)
    const opened =
      gate === 'failed' && (await noteGateFailure(tx, key, { now, connection: connection.id, retryAfterMs }))
    return { opened }
  })
}

/** RefreshStore.end: a person must consent again. */
export async function endConnections(
  ctx: Needs,
  lease: Lease,
  { connection, siblings }: Scene,
  attempt: Attempt,
  reason: EndReason,
  facts: ProviderErrorFacts,
): Promise<boolean> {
  const now = ctx.clock.now()
  return transaction(ctx.db, async (tx) => {
    const { workspace_id, integration_id } = attempt
    let uses = tx
      .updateTable('token_requests')
      .where('workspace_id', '=', workspace_id)
      .where('integration_id', '=', integration_id)
      .where('settle_at', 'is not', null)
    uses =
      attempt.spent_hash === null
        ? uses.where('spent_hash', 'is', null).where('connection_id', '=', attempt.connection_id)
        : uses.where('spent_hash', '=', attempt.spent_hash)
    const turnedUp = await uses
      .where('received_at', 'is not', null)
      .set({ settle_at: now })
      .executeTakeFirst()
    if (turnedUp.numUpdatedRows > 0n) return false

    let ended = false
    for (const one of [connection, ...siblings]) {
      const result = await tx
        .updateTable('connections')
        .set({
          status: 'needs_reauth',
          reason,
          reason_detail: words(facts),
          refresh_at: null,
          claimed_until: null,
          ends_at: null,
          warn_at: null,
          last_refresh_at: now,
          last_refresh_ok: 0,
          last_refresh_error: words(facts),
          updated_at: now,
        })
        .where('workspace_id', '=', one.workspace_id)
        .where('id', '=', one.id)
        .where('status', '=', 'active')
        .where('token_version', '=', one.token_version)
        .where(isNewest(lease))
        .executeTakeFirst()
      if (result.numUpdatedRows === 0n) continue
      ended = true
      const data = { reason, error: facts.error, description: facts.description }
      await record(ctx, tx, { ...eventOf(one), type: 'connection.needs_reauth', actor: system, data })
    }
    await closeAttempt(tx, attempt, { outcome: 'refused', facts, settleAt: null })
    await noteSuccess(tx, lease)
    if (ended) await uses.set({ outcome: 'lost', settle_at: null }).where('id', '!=', attempt.id).execute()
    return ended
  })
}

const words = ({ error, description }: Pick<ProviderErrorFacts, 'error' | 'description'>) =>
  description ? `${error}: ${description}` : error
