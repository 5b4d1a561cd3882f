import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { dialectOf } from '../db/connect.ts'
import { idList } from '../db/id-list.ts'
import type { VaultItemRow } from '../db/schema.ts'
import type { SealedColumn } from './sealed-column.ts'
import { readPointer } from './sealed-record.ts'
import type { Stores } from './stores/open-stores.ts'
import { type BackEnd, backEnds, keepMs, type SecretStore } from './stores/secret-store.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'log'> & { stores: Stores }

/** What has not come into its row by then is not going to: putting it there takes seconds. */
const unplacedMs = 3_600_000
const atOnce = 500
const removedAtOnce = 100
/** AWS lets an account delete some 50 values a second. */
const lanes = 4
/** Longer than the removal of a batch takes. What a process that was killed had claimed is then removed by another. */
const claimMs = 120_000
/** Of marking, and of removing from each back end, in one sweep. */
const longestMs = 60_000

/** Where in the list of items the sweep of this process is. */
export type ItemSweep = { after: { workspace_id: string; id: string } | null }

/**
 * Removes from back ends what no row points at any more: goes through the list of items, marks those that nobody needs, and
 * removes those that have been marked for as long as their back end keeps them. So nobody who changes or deletes a row has to
 * think of what it points at. Several processes may do so at once, and share what is to be removed. Ends after a minute or
 * two; the next sweep goes on from there.
 */
export async function sweepItems(
  ctx: Needs,
  columns: readonly SealedColumn[],
  sweep: ItemSweep,
  signal?: AbortSignal,
): Promise<void> {
  const whileAllowed = () => {
    const end = ctx.clock.now() + longestMs
    return () => !signal?.aborted && ctx.clock.now() < end
  }
  const mayMark = whileAllowed()
  for (;;) {
    const began = ctx.clock.now()
    await markOrphans(ctx, columns, sweep)
    if (sweep.after === null || !mayMark()) break
    // The list is long, and nobody waits for this.
    await ctx.clock.sleep(Math.min(1000, Math.max(1, ctx.clock.now() - began)), signal)
  }
  for (const backEnd of backEnds)
    await removeOrphans(ctx, backEnd, whileAllowed()).catch((error: unknown) =>
      // One that is not configured any more does not hold up the other.
      ctx.log.warn(
        { err: error, back_end: backEnd },
        'values that nobody needs stay in the back end for now',
      ),
    )
}

async function markOrphans(ctx: Needs, columns: readonly SealedColumn[], sweep: ItemSweep): Promise<void> {
  const { after } = sweep
  const items = await ctx.db
    .selectFrom('vault_items')
    .selectAll()
    .where('orphaned_at', 'is', null)
    .$if(after !== null, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('workspace_id', 'id'), '>', tuple(after!.workspace_id, after!.id)),
      ),
    )
    .orderBy('workspace_id')
    .orderBy('id')
    .limit(atOnce)
    .execute()
  const last = items.length === atOnce ? items.at(-1)! : null
  sweep.after = last && { workspace_id: last.workspace_id, id: last.id }
  const now = ctx.clock.now()
  const late = items.filter((item) => item.placed_at === null && item.created_at < now - unplacedMs)
  await mark(ctx, late, 'unplaced')
  // What a row has pointed at and points at no more will never be pointed at again.
  const placed = items.filter((item) => item.placed_at !== null)
  await mark(ctx, await withoutRow(ctx, columns, placed))
}

/** @param only those that are still not placed: compare-and-swap with whoever is placing one */
async function mark({ clock, db }: Needs, items: readonly VaultItemRow[], only?: 'unplaced'): Promise<void> {
  if (items.length === 0) return
  await db
    .updateTable('vault_items')
    .set({ orphaned_at: clock.now() })
    .where('workspace_id', 'in', idList(db, [...new Set(items.map(({ workspace_id }) => workspace_id))]))
    .where(
      'id',
      'in',
      idList(
        db,
        items.map(({ id }) => id),
      ),
    )
    .where('orphaned_at', 'is', null)
    .$if(only === 'unplaced', (query) => query.where('placed_at', 'is', null))
    .execute()
}

/**
 * Those that their row does not point at, by whatever column: a value may go from one to another of the same row. Of a column
 * that is not among these, which a process of a newer version may fill, nobody here can tell.
 */
async function withoutRow(
  { db }: Needs,
  columns: readonly SealedColumn[],
  items: readonly VaultItemRow[],
): Promise<VaultItemRow[]> {
  const idsOf = (of: readonly VaultItemRow[], name: 'workspace_id' | 'row_id') =>
    idList(db, [...new Set(of.map((item) => item[name]))])
  const judged = items.filter((item) =>
    columns.some(({ table, column }) => table === item.table_name && column === item.column_name),
  )
  const pointedAt = new Set<string>()
  for (const table of new Set(judged.map(({ table_name }) => table_name))) {
    const names = columns.filter((column) => column.table === table).map(({ column }) => column)
    const own = judged.filter(({ table_name }) => table_name === table)
    const { rows } = await sql<Record<string, Uint8Array | null>>`
      select ${sql.join(names.map((name) => sql.ref(name)))} from ${sql.table(table)}
      where workspace_id in ${idsOf(own, 'workspace_id')} and id in ${idsOf(own, 'row_id')}`.execute(db)
    for (const sealed of rows.flatMap((row) => Object.values(row))) {
      const pointer = sealed && readPointer(sealed)
      if (pointer) pointedAt.add(pointer.item)
    }
  }
  return judged.filter(({ id }) => !pointedAt.has(id))
}

async function removeOrphans(ctx: Needs, backEnd: BackEnd, mayGoOn: () => boolean): Promise<void> {
  let claimed: VaultItemRow[]
  do {
    claimed = await claimOrphans(ctx, backEnd)
    if (claimed.length === 0) return
    const store = await ctx.stores.open(backEnd)
    const left = claimed.values()
    let failed = false
    const removeNext = async () => {
      for (const item of left) {
        if (failed || !mayGoOn()) return
        await remove(ctx, store, item).catch((error: unknown) => {
          failed = true
          throw error
        })
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: lanes }, removeNext))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  } while (claimed.length === removedAtOnce && mayGoOn())
}

/** Takes the next whose time has come, by having it come again a little later: what was not removed by then is anybody's. */
async function claimOrphans({ clock, db }: Needs, backEnd: BackEnd): Promise<VaultItemRow[]> {
  const due = clock.now() - keepMs[backEnd]
  const next = db
    .selectFrom('vault_items')
    .select(['workspace_id', 'id'])
    .where('orphaned_at', '<=', due)
    .where('back_end', '=', backEnd)
    .orderBy('orphaned_at')
    .limit(removedAtOnce)
    .$if(dialectOf(db) === 'postgres', (query) => query.forUpdate().skipLocked())
  return db
    .updateTable('vault_items')
    .set({ orphaned_at: due + claimMs })
    .where(({ eb, refTuple }) =>
      eb(refTuple('workspace_id', 'id'), 'in', next.$asTuple('workspace_id', 'id')),
    )
    .returningAll()
    .execute()
}

async function remove({ db }: Needs, store: SecretStore, item: VaultItemRow): Promise<void> {
  const { workspace_id: workspace, id, table_name: table, row_id: row, column_name: column } = item
  await store.remove({ id, place: { workspace, table, row, column } })
  await db.deleteFrom('vault_items').where('workspace_id', '=', workspace).where('id', '=', id).execute()
}
