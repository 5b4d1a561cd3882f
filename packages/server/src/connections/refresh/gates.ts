import type { Db } from '../../db/connect.ts'
import { dialectOf } from '../../db/connect.ts'
import { afterFailure, afterSuccess, type Budget, freshGate, type Gate } from './gate.ts'

type Key = { workspace: string; integration: string }

/** Inside a transaction: the row stays locked until its end, so that two processes do not spend the same call. */
export async function lockGate(tx: Db, key: Key, now: number, budget: Budget): Promise<Gate> {
  const found = await loadGate(tx, key)
  if (found) return found
  await tx
    .insertInto('refresh_gates')
    .values({ ...keyColumns(key), ...toColumns(freshGate(now, budget)) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return (await loadGate(tx, key))!
}

export async function saveGate(tx: Db, { workspace, integration }: Key, gate: Gate): Promise<void> {
  await tx
    .updateTable('refresh_gates')
    .set(toColumns(gate))
    .where('workspace_id', '=', workspace)
    .where('integration_id', '=', integration)
    .execute()
}

/** Somebody got through: the breaker closes. Returns whether it was open. */
export async function noteSuccess(tx: Db, key: Key): Promise<boolean> {
  const gate = await loadGate(tx, key)
  if (!gate || (gate.failing.length === 0 && gate.opened_at === null)) return false
  await saveGate(tx, key, afterSuccess(gate))
  return gate.opened_at !== null
}

/** Returns whether the breaker opened by it. */
export async function noteGateFailure(
  tx: Db,
  key: Key,
  failure: { now: number; connection: string; retryAfterMs: number | null },
): Promise<boolean> {
  const gate = await loadGate(tx, key)
  if (!gate) return false
  const after = afterFailure(gate, failure)
  await saveGate(tx, key, after)
  return gate.opened_at === null && after.opened_at !== null
}

async function loadGate(tx: Db, { workspace, integration }: Key): Promise<Gate | null> {
  let query = tx
    .selectFrom('refresh_gates')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('integration_id', '=', integration)
  if (dialectOf(tx) === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  return row ? { ...row, failing: JSON.parse(row.failing) as string[] } : null
}

const keyColumns = ({ workspace, integration }: Key) => ({
  workspace_id: workspace,
  integration_id: integration,
})

const toColumns = ({ failing, opened_at, probe_at, probed, budget, filled_at }: Gate) => ({
  failing: JSON.stringify(failing),
  opened_at,
  probe_at,
  probed,
  budget,
  filled_at,
})
