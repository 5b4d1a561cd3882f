import type { BreakGlassOutcome } from '@grantry/api'
import { tokenToRevoke } from '@grantry/oauth'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import { insertRows } from '../../db/insert-rows.ts'
import { newId } from '../../db/new-id.ts'
import type { ConnectionRow, RevocationRow } from '../../db/schema.ts'
import { paceOf } from '../pace-imports.ts'
import { revocationPatienceMs } from '../queue-revocation.ts'
import type { Grants } from './read-grants.ts'

/** When providers may be asked next, in milliseconds since the epoch: `from` where an integration has no time of its own yet. */
export type NextCalls = { from: number; byIntegration: Map<string, number> }

type Needs = Pick<Context, 'clock' | 'random'>

/**
 * Queues the revoking of what has just ended here, each at a time of its own: half of what a provider config may be asked is
 * left to everything else, and `next` goes on behind them. The tokens stay where they rest.
 * @returns what is to become of each
 */
export async function planRevocations(
  ctx: Needs,
  tx: Db,
  {
    ended,
    grants,
    shared,
    next,
  }: {
    ended: readonly ConnectionRow[]
    grants: Grants
    shared: ReadonlySet<string>
    next: NextCalls
  },
): Promise<Map<BreakGlassOutcome, ConnectionRow[]>> {
  const outcomes = new Map<BreakGlassOutcome, ConnectionRow[]>()
  const rows: RevocationRow[] = []
  for (const one of ended) {
    const tokens = one.token_request_id === null ? undefined : grants.tokens.get(one.token_request_id)
    const profile = grants.profiles.get(one.integration_id)
    const kind = tokens && profile?.revocation && tokenToRevoke(profile.revocation, tokens)
    const hasToken = tokens?.access_token || tokens?.refresh_token
    const outcome = !hasToken ? 'no_token' : shared.has(one.id) ? 'shared' : kind ? 'waiting' : 'unsupported'
    const same = outcomes.get(outcome) ?? []
    same.push(one)
    outcomes.set(outcome, same)
    if (outcome !== 'waiting') continue
    const at = next.byIntegration.get(one.integration_id) ?? next.from
    next.byIntegration.set(one.integration_id, at + paceOf(profile!))
    rows.push(toRow(ctx, one, kind!, Math.floor(at)))
  }
  await insertRows(tx, 'revocations', rows)
  return outcomes
}

function toRow(
  ctx: Needs,
  one: ConnectionRow,
  kind: RevocationRow['token_kind'],
  dueAt: number,
): RevocationRow {
  const now = ctx.clock.now()
  return {
    workspace_id: one.workspace_id,
    id: newId(ctx),
    integration_id: one.integration_id,
    connection_id: one.id,
    token: null,
    token_request_id: one.token_request_id,
    token_kind: kind,
    attempts: 0,
    next_attempt_at: dueAt,
    gives_up_at: Math.max(now, dueAt) + revocationPatienceMs,
    created_at: now,
    metadata: one.metadata,
    account_id: one.account_id,
  }
}
