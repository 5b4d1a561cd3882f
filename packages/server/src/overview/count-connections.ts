import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { ConnectionRow } from '../db/schema.ts'

type Status = ConnectionRow['status']
type ByStatus = Record<Status, number>

/** How the connections of a workspace stand. */
export type ConnectionCounts = {
  /** When they were counted. */
  at: number
  total: ByStatus
  /** By UUID. */
  integrations: Map<string, ByStatus>
  /** Why some need a person, the most frequent first. */
  reasons: { reason: string; connections: number }[]
}

/** From so many on a count is told again for a while, which grows with what it costs. */
const many = 20_000
const keepMsEach = 0.15
const longestMs = 60_000
const mostKept = 1000

/** @param integrations UUIDs of those that may have connections that are alive */
export type CountConnections = (
  workspace: string,
  integrations: readonly string[],
) => Promise<ConnectionCounts>

/** Counts by the indexes alone: no row of a connection is read. */
export function createConnectionCounts(ctx: Pick<Context, 'clock' | 'db'>): CountConnections {
  const kept = new Map<string, { counts: ConnectionCounts; until: number }>()
  return async (workspace, integrations) => {
    const known = kept.get(workspace)
    const now = ctx.clock.now()
    if (known && now >= known.counts.at && now < known.until) return known.counts
    kept.delete(workspace)
    const counts = await count(ctx, workspace, integrations)
    const all = Object.values(counts.total).reduce((sum, each) => sum + each)
    if (all < many) return counts
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value as string)
    kept.set(workspace, { counts, until: now + Math.min(longestMs, all * keepMsEach) })
    return counts
  }
}

async function count(
  { clock, db }: Pick<Context, 'clock' | 'db'>,
  workspace: string,
  ids: readonly string[],
): Promise<ConnectionCounts> {
  const at = clock.now()
  const all: { integration_id: string; connections: number }[] = []
  for (const id of ids) {
    const row = await db
      .selectFrom('connections')
      .select(({ fn }) => fn.countAll<number | string>().as('connections'))
      .where('workspace_id', '=', workspace)
      .where('integration_id', '=', id)
      .executeTakeFirstOrThrow()
    all.push({ integration_id: id, connections: Number(row.connections) })
    // Of a million each takes a while, and SQLite answers nobody meanwhile.
    await nextTurn()
  }
  const others = await db
    .selectFrom('connections')
    .select([
      'integration_id',
      'status',
      'reason',
      ({ fn }) => fn.countAll<number | string>().as('connections'),
    ])
    .where('workspace_id', '=', workspace)
    // As the partial index has it, word for word.
    .where('status', '<>', sql.lit('active'))
    .groupBy(['integration_id', 'status', 'reason'])
    .execute()

  const total = none()
  const integrations = new Map<string, ByStatus>()
  const reasons = new Map<string, number>()
  const of = (id: string) => {
    const known = integrations.get(id) ?? none()
    integrations.set(id, known)
    return known
  }
  for (const row of all) of(row.integration_id).active += row.connections
  for (const row of others) {
    const found = of(row.integration_id)
    const connections = Number(row.connections)
    found[row.status] += connections
    // Counted among all before.
    found.active -= connections
    if (row.status === 'needs_reauth') {
      const reason = row.reason ?? 'unknown'
      reasons.set(reason, (reasons.get(reason) ?? 0) + connections)
    }
  }
  for (const found of integrations.values())
    for (const status of Object.keys(total) as Status[]) {
      // The queries are of several moments, and an integration that is gone was not asked for.
      found[status] = Math.max(0, found[status])
      total[status] += found[status]
    }
  return {
    at,
    total,
    integrations,
    reasons: [...reasons]
      .map(([reason, connections]) => ({ reason, connections }))
      .sort((a, b) => b.connections - a.connections || (a.reason < b.reason ? -1 : 1)),
  }
}

const none = (): ByStatus => ({ pending: 0, active: 0, needs_reauth: 0, revoked: 0 })

/** Those that are alive. */
export const livingOf = ({ pending, active, needs_reauth }: ByStatus): number =>
  pending + active + needs_reauth
