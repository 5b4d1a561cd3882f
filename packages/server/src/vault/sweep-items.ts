import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { VaultItemRow } from '../db/schema.ts'
import type { SealedColumn } from './sealed-column.ts'
import { readPointer } from './sealed-record.ts'
import type { Stores } from './stores/open-stores.ts'
import { type BackEnd, backEnds, keepMs } from './stores/secret-store.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'log'> & { stores: Stores }

/** What has not come into its row by then is not going to: putting it there takes seconds. */
const unplacedMs = 3_600_000
const atOnce = 500
const removedAtOnce = 100

/** Where in the list of items the sweep of this process is. */
export type ItemSweep = { after: { workspace_id: string; id: string } | null }

/**
 * Removes from back ends what no row points at any more: looks at the next items in the list, marks those that nobody needs,
 * and removes those that have been marked for as long as their back end keeps them. So nobody who changes or deletes a row
 * has to think of what it points at. Several processes may do so at once.
 */
export async function sweepItems(
  ctx: Needs,
  columns: readonly SealedColumn[],
  sweep: ItemSweep,
): Promise<void> {
  await markOrphans(ctx, columns, sweep)
  for (const backEnd of backEnds)
    await removeOrphans(ctx, backEnd).catch((error: unknown) =>
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
async function mark(ctx: Needs, items: readonly VaultItemRow[], only?: 'unplaced'): Promise<void> {
  for (const { workspace_id, id } of items)
    await ctx.db
      .updateTable('vault_items')
      .set({ orphaned_at: ctx.clock.now() })
      .where('workspace_id', '=', workspace_id)
      .where('id', '=', id)
      .where('orphaned_at', 'is', null)
      .$if(only === 'unplaced', (query) => query.where('placed_at', 'is', null))
      .execute()
}

/** Those that their row does not point at, by whatever column: a value may go from one to another of the same row. */
async function withoutRow(
  { db }: Needs,
  columns: readonly SealedColumn[],
  items: readonly VaultItemRow[],
): Promise<VaultItemRow[]> {
  const pointedAt = new Set<string>()
  for (const table of new Set(items.map(({ table_name }) => table_name))) {
    const names = columns.filter((column) => column.table === table).map(({ column }) => column)
    const own = items.filter(({ table_name }) => table_name === table)
    if (names.length === 0) continue
    const { rows } = await sql<Record<string, Uint8Array | null>>`
      select ${sql.join(names.map((name) => sql.ref(name)))} from ${sql.table(table)}
      where workspace_id in (${sql.join([...new Set(own.map(({ workspace_id }) => workspace_id))])})
        and id in (${sql.join([...new Set(own.map(({ row_id }) => row_id))])})`.execute(db)
    for (const sealed of rows.flatMap((row) => Object.values(row))) {
      const pointer = sealed && readPointer(sealed)
      if (pointer) pointedAt.add(pointer.item)
    }
  }
  return items.filter(({ id }) => !pointedAt.has(id))
}

async function removeOrphans(ctx: Needs, backEnd: BackEnd): Promise<void> {
  const orphans = await ctx.db
    .selectFrom('vault_items')
    .selectAll()
    .where('orphaned_at', '<=', ctx.clock.now() - keepMs[backEnd])
    .where('back_end', '=', backEnd)
    .orderBy('orphaned_at')
    .limit(removedAtOnce)
    .execute()
  if (orphans.length === 0) return
  const store = await ctx.stores.open(backEnd)
  for (const { workspace_id, id, table_name, row_id, column_name } of orphans) {
    await store.remove({
      id,
      place: { workspace: workspace_id, table: table_name, row: row_id, column: column_name },
    })
    await ctx.db
      .deleteFrom('vault_items')
      .where('workspace_id', '=', workspace_id)
      .where('id', '=', id)
      .execute()
  }
}
