import { toRow } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { isUniqueViolation } from '../db/constraint.ts'
import { insertRows } from '../db/insert-rows.ts'
import type { ConnectionRow, TokenRequestRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { ApiError } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { holdIntegration } from '../integrations/hold.ts'
import type { Integration } from '../integrations/store.ts'
import { requireFeature } from '../workspaces/features.ts'
import { noRoom, roomFor } from '../workspaces/quotas.ts'
import { loadWorkspace } from '../workspaces/store.ts'
import { findImported } from './import-keys.ts'
import { type Made, makeRows } from './import-rows.ts'
import { addTerms } from './keep-terms.ts'
import { planFirstRefreshes } from './pace-imports.ts'
import { type Fault, type Judged, type ReadItem, toFault } from './read-import-items.ts'
import { eventOf } from './store.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random' | 'vault'>

/** What became of one item. */
export type Imported =
  | { result: 'created'; connection: string; firstRefreshAt: number | null }
  | { result: 'exists'; connection: string | null }
  | { result: 'checked' }
  | { result: 'failed'; fault: Fault }

export type ManyImported = { results: Imported[]; left: number | null }

const attempts = 5

/**
 * Stores many connections that were granted elsewhere in one transaction, each with its event. An item whose key was
 * brought before, by whatever process, is answered with the connection that it became then. Providers are not asked.
 * @param input.dryRun judges and stores nothing
 * @throws ApiError feature_not_in_plan
 */
export async function importMany(
  ctx: Needs,
  input: { workspace: string; judged: readonly Judged[]; dryRun: boolean; actor: Actor },
): Promise<ManyImported> {
  const { workspace, judged, dryRun, actor } = input
  requireFeature(await loadWorkspace(ctx, workspace), 'import')
  const read = new Map<string, ReadItem>()
  for (const one of judged) if ('read' in one && !read.has(one.read.hash)) read.set(one.read.hash, one.read)
  const known = await findImported(ctx.db, workspace, [...read.keys()])
  const fresh = [...read.values()].filter(({ hash }) => !known.has(hash))
  const stored = dryRun
    ? await tryOut(ctx, workspace, fresh)
    : await store(ctx, workspace, await makeRows(ctx, workspace, fresh, actor), actor)

  const told = new Set<string>()
  const results = judged.map((one): Imported => {
    if ('fault' in one) return { result: 'failed', fault: one.fault }
    const { hash } = one.read
    const before = known.get(hash)
    if (before !== undefined) return { result: 'exists', connection: before }
    const result = stored.results.get(hash)!
    // The same key twice in one request: the second finds what the first has become.
    const again = told.has(hash) && result.result !== 'failed'
    told.add(hash)
    return again
      ? { result: 'exists', connection: 'connection' in result ? result.connection : null }
      : result
  })
  return { results, left: stored.left }
}

type Stored = { results: Map<string, Imported>; left: number | null }

/** What `store` would do, as far as can be told without doing it. */
async function tryOut({ db }: Needs, workspace: string, fresh: ReadItem[]): Promise<Stored> {
  const left = await transaction(db, (tx) => roomFor(tx, workspace, 'connections'))
  const results = new Map<string, Imported>()
  for (const [index, { hash }] of fresh.entries())
    results.set(
      hash,
      left !== null && index >= left ? { result: 'failed', fault: noPlace } : { result: 'checked' },
    )
  return { results, left }
}

async function store(ctx: Needs, workspace: string, made: Made[], actor: Actor): Promise<Stored> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await storeOnce(ctx, workspace, made, actor)
    } catch (error) {
      // Another process has stored some of these since they were looked for: it is its connections that they are.
      if (attempt === attempts || !isUniqueViolation(error, 'import_keys_pkey')) throw error
    }
  }
}

function storeOnce(ctx: Needs, workspace: string, made: Made[], actor: Actor): Promise<Stored> {
  const results = new Map<string, Imported>()
  return transaction(ctx.db, async (tx) => {
    results.clear()
    const held = await holdAll(made, (integration) => holdIntegration(tx, integration))
    const left = await roomFor(tx, workspace, 'connections')
    const known = await findImported(
      tx,
      workspace,
      made.map(({ hash }) => hash),
    )
    const connections: ConnectionRow[] = []
    const requests: TokenRequestRow[] = []
    const keys: { hash: string; connection: string }[] = []
    const accepted: Made[] = []
    for (const one of made) {
      const before = known.get(one.hash)
      const fault =
        held.get(one.integration.id) ?? (left !== null && accepted.length >= left ? noPlace : null)
      if (before !== undefined) results.set(one.hash, { result: 'exists', connection: before })
      else if (fault) results.set(one.hash, { result: 'failed', fault })
      else accepted.push(one)
    }
    const now = ctx.clock.now()
    const times = await planAll(accepted, (integration, count) =>
      planFirstRefreshes(tx, integration, count, now),
    )
    for (const one of accepted) {
      const firstRefreshAt = times.get(one) ?? null
      const refresh = firstRefreshAt === null ? {} : { refresh_at: firstRefreshAt }
      connections.push({ ...one.connection, ...refresh })
      requests.push(one.request)
      keys.push({ hash: one.hash, connection: one.connection.id })
      results.set(one.hash, { result: 'created', connection: one.connection.id, firstRefreshAt })
    }
    await insertRows(
      tx,
      'import_keys',
      keys.map(({ hash, connection }) => ({
        workspace_id: workspace,
        key_hash: hash,
        connection_id: connection,
        created_at: now,
      })),
    )
    await insertRows(tx, 'connections', connections)
    await addTerms(tx, connections)
    await insertRows(tx, 'token_requests', requests)
    await insertRows(
      tx,
      'events',
      connections.map((row) =>
        toRow(ctx, {
          ...eventOf(row),
          type: 'connection.imported',
          actor,
          data: row.account_id === null ? {} : { account: row.account_id },
        }),
      ),
    )
    return { results, left }
  })
}

const noPlace: Fault = { code: 'quota_exceeded', detail: noRoom('connections'), errors: [] }

/** Holds each integration once, in the order of ids so that two imports do not wait for each other. What cannot be held, and why. */
async function holdAll(
  made: readonly Made[],
  hold: (integration: Integration) => Promise<void>,
): Promise<Map<string, Fault>> {
  const faults = new Map<string, Fault>()
  const integrations = new Map(made.map(({ integration }) => [integration.id, integration]))
  for (const id of [...integrations.keys()].sort())
    try {
      await hold(integrations.get(id)!)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      faults.set(id, toFault(error))
    }
  return faults
}

/** When those are refreshed that have no good access token. */
async function planAll(
  accepted: readonly Made[],
  plan: (integration: Integration, count: number) => Promise<number[]>,
): Promise<Map<Made, number>> {
  const due = new Map<string, Made[]>()
  for (const one of accepted.filter(({ isDue }) => isDue)) {
    const { id } = one.integration
    due.set(id, [...(due.get(id) ?? []), one])
  }
  const times = new Map<Made, number>()
  for (const id of [...due.keys()].sort()) {
    const all = due.get(id)!
    const planned = await plan(all[0]!.integration, all.length)
    for (const [index, one] of all.entries()) times.set(one, planned[index]!)
  }
  return times
}
