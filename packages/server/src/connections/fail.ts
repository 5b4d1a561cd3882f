import type { ProviderErrorFacts } from '@grantry/oauth'
import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import type { Target } from './adopt.ts'
import type { RenewResult } from './renew.ts'
import { eventOf } from './store.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random'>

const backoffBaseMs = 1000
const backoffCapMs = 300_000

/**
 * A refresh that failed and says nothing about the grant: the connection stays active and is tried again after a
 * backoff with full jitter, or when the provider said. One event for the first failure of a row, not one per try.
 */
export async function noteFailure(
  ctx: Needs,
  target: Target,
  facts: ProviderErrorFacts,
): Promise<RenewResult> {
  const { connection } = target
  const failures = connection.refresh_failures + 1
  const draw = Buffer.from(ctx.random(4)).readUInt32BE() / 2 ** 32
  const backoff = draw * Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.min(failures, 20))
  const retryAfterMs = Math.ceil(Math.max(facts.retryAfterMs ?? 0, backoff))
  const now = ctx.clock.now()
  await transaction(ctx.db, async (tx) => {
    const result = await tx
      .updateTable('connections')
      .set({
        refresh_failures: failures,
        refresh_at: now + retryAfterMs,
        last_refresh_at: now,
        last_refresh_ok: 0,
        last_refresh_error: words(facts),
        updated_at: now,
      })
      .where('workspace_id', '=', connection.workspace_id)
      .where('id', '=', connection.id)
      .where('status', '=', 'active')
      .where('token_version', '=', connection.token_version)
      .executeTakeFirst()
    if (result.numUpdatedRows === 0n || failures > 1) return
    const data = { error: facts.error, description: facts.description, status: facts.status }
    await record(ctx, tx, { ...eventOf(connection), type: 'connection.refresh_failed', actor: system, data })
  })
  return { ok: false, ended: false, error: facts.error, detail: facts.description, retryAfterMs, facts }
}

/** The provider's own word that the grant is over (or that our hearing of a renewal was lost): a person must consent again. */
export async function noteEnded(
  ctx: Needs,
  { connection, siblings }: Target,
  reason: 'grant_ended' | 'lost_response' | 'expired',
  facts: ProviderErrorFacts,
): Promise<RenewResult> {
  const now = ctx.clock.now()
  await transaction(ctx.db, async (tx) => {
    for (const one of [connection, ...siblings]) {
      const result = await tx
        .updateTable('connections')
        .set({
          status: 'needs_reauth',
          reason,
          reason_detail: words(facts),
          refresh_at: null,
          last_refresh_at: now,
          last_refresh_ok: 0,
          last_refresh_error: words(facts),
          updated_at: now,
        })
        .where('workspace_id', '=', one.workspace_id)
        .where('id', '=', one.id)
        .where('status', '=', 'active')
        .where('token_version', '=', one.token_version)
        .executeTakeFirst()
      if (result.numUpdatedRows === 0n) continue
      const data = { reason, error: facts.error, description: facts.description }
      await record(ctx, tx, { ...eventOf(one), type: 'connection.needs_reauth', actor: system, data })
    }
  })
  return { ok: false, ended: true, error: facts.error, detail: facts.description, retryAfterMs: null, facts }
}

const words = ({ error, description }: Pick<ProviderErrorFacts, 'error' | 'description'>) =>
  description ? `${error}: ${description}` : error
