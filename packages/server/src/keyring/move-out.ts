import type { Context } from '../context.ts'
import { sealedColumns } from '../sealed-columns.ts'
import type { Waiting } from '../vault/moves.ts'
import { resealBatch } from '../vault/reseal.ts'
import type { SealedColumn } from '../vault/sealed-column.ts'
import { readRow, type SealedValue } from '../vault/sealed-values.ts'
import { requestReseal, requestReseals } from './reseals.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'moves' | 'stores' | 'vault'>

const atOnce = 100

/**
 * Moves what this process has sealed into its rows to the back end that is to hold it. Where that is out of reach the values
 * stay in their rows, sealed, and are tried again.
 */
export async function moveOut(ctx: Needs, signal?: AbortSignal): Promise<void> {
  const { tooMany } = ctx.moves
  for (const workspace of [...tooMany]) {
    // Before: what is too much from here on is not found by this walk.
    tooMany.delete(workspace)
    await requestReseal(ctx, ctx.db, workspace).catch((error: unknown) => {
      tooMany.add(workspace)
      throw error
    })
  }
  let due: Waiting[]
  do {
    due = ctx.moves.take(atOnce)
    const { moving = [], staying = [] } = Object.groupBy(due, (one) => (columnOf(one) ? 'moving' : 'staying'))
    staying.forEach(ctx.moves.done)
    try {
      for (const [column, own] of Map.groupBy(moving, columnOf)) await moveOf(ctx, column!, own)
    } catch (error) {
      // Whether it was their turn or not: none may run out of tries by what befell another.
      moving.forEach(ctx.moves.again)
      throw error
    }
  } while (due.length === atOnce && !signal?.aborted)
}

/** Undefined for what stays where it is: it is over in minutes, or rests in no row. */
function columnOf({ place }: Waiting): SealedColumn | undefined {
  return sealedColumns.find(
    ({ table, column, brief }) => table === place.table && column === place.column && !brief,
  )
}

/**
 * What a process that was killed had sealed and not yet moved is found by a walk, of the workspaces that have values in the
 * configured back end, or began when it was in use. Of others nobody has asked yet that they be moved there: processes that
 * cannot reach it may still run. Each walk reads by SQL what is not in its form: some 40 indexed queries where all is.
 */
export async function findUnmoved(ctx: Pick<Needs, 'clock' | 'db' | 'stores'>): Promise<void> {
  const { wanted } = ctx.stores
  if (!wanted) return
  const some = ctx.db
    .selectFrom('vault_items')
    .select('workspace_id')
    .where('back_end', '=', wanted)
    .union((eb) =>
      eb
        .selectFrom('workspaces')
        .select('id as workspace_id')
        .where('deleted_at', 'is', null)
        .where('created_at', '>=', ({ selectFrom }) =>
          selectFrom('vault_items')
            .select(({ fn }) => fn.min('created_at').as('at'))
            .where('back_end', '=', wanted),
        ),
    )
  await requestReseals(ctx, ctx.db, { of: some })
}

async function moveOf(ctx: Needs, column: SealedColumn, own: Waiting[]): Promise<void> {
  const found: SealedValue[] = []
  const tried: Waiting[] = []
  for (const one of own) {
    const left = await readUnmoved(ctx, column, one)
    if (!left) continue
    found.push(left)
    tried.push(one)
  }
  if (found.length > 0) await resealBatch(ctx, column, found)
  // A row that somebody was just changing has been passed over: it waits for its next turn, and then for a walk.
  for (const one of tried)
    if ((await readUnmoved(ctx, column, one)) && one.last)
      await requestReseal(ctx, ctx.db, one.place.workspace)
}

/** Null where nothing is to be done now: it rests as it should, which ends the waiting, or its row is not there (yet). */
async function readUnmoved(ctx: Needs, column: SealedColumn, one: Waiting): Promise<SealedValue | null> {
  const { workspace, row } = one.place
  const read = await readRow({ db: ctx.db, column, workspace }, row)
  // Its transaction may still be open.
  if (!read) return null
  const { sealed } = read
  if (sealed && !startsWith(sealed, await ctx.vault.form(workspace, column))) return { row: read.row, sealed }
  ctx.moves.done(one)
  return null
}

function startsWith(bytes: Uint8Array, form: Uint8Array): boolean {
  return Buffer.from(form).equals(bytes.subarray(0, form.length))
}
