import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import { timeOf } from '../db/new-id.ts'
import type { TokenRequestRow } from '../db/schema.ts'
import type { Page } from '../http/cursor.ts'
import type { Connection } from './store.ts'

/** Columns that may be shown; the others hold tokens and their hashes. */
const shown = ['id', 'kind', 'sent_at', 'received_at', 'outcome', 'error', 'error_description'] as const

export type Attempt = Pick<TokenRequestRow, (typeof shown)[number]> & {
  /** Milliseconds since the epoch; null but for the newest. */
  nextTryAt: number | null
}

/** As long as a lease: who has not said how it went by then will not. */
const inFlightMs = 15_000

/** A connection's requests for tokens, newest first; `limit + 1` rows. */
export async function listAttempts(
  ctx: Pick<Context, 'db'>,
  { workspace_id, id, refresh_at }: Pick<Connection, 'workspace_id' | 'id' | 'refresh_at'>,
  page: Page,
): Promise<Attempt[]> {
  let query = ctx.db
    .selectFrom('token_requests')
    .select(shown)
    .where('workspace_id', '=', workspace_id)
    .where('connection_id', '=', id)
  if (page.after) query = query.where('id', '<', page.after)
  const rows = await query
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
  return rows.map((row, i) => ({ ...row, nextTryAt: page.after === null && i === 0 ? refresh_at : null }))
}

/** An attempt as the API shows it at `now` (milliseconds since the epoch). */
export function presentAttempt(attempt: Attempt, now: number) {
  const at = attempt.sent_at ?? timeOf(attempt.id)
  const outcome = attempt.outcome ?? (now - at < inFlightMs ? ('in_flight' as const) : ('uncertain' as const))
  return {
    id: encodeId('att', attempt.id),
    kind: attempt.kind,
    at: iso(at),
    received_at: attempt.received_at === null ? null : iso(attempt.received_at),
    outcome,
    provider_error: attempt.error,
    provider_error_description: attempt.error_description,
    // While it is under way, what was due is this very try.
    next_try_at: attempt.nextTryAt === null || outcome === 'in_flight' ? null : iso(attempt.nextTryAt),
  }
}

const iso = (ms: number) => new Date(ms).toISOString()
