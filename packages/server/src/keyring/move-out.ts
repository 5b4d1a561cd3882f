import type { Context } from '../context.ts'
import { sealedColumns } from '../sealed-columns.ts'
import type { Waiting } from '../vault/moves.ts'
import { resealBatch } from '../vault/reseal.ts'
import type { SealedColumn } from '../vault/sealed-column.ts'
import { readRow, type SealedValue } from '../vault/sealed-values.ts'
import { requestReseal } from './reseals.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'moves' | 'stores' | 'vault'>

const atOnce = 100

/**
 * Moves what this process has sealed into its rows to the back end that is to hold it. Where that is out of reach the values
 * stay in their rows, sealed, and are tried again.
 */
export async function moveOut(ctx: Needs, signal?: AbortSignal): Promise<void> {
  for (const workspace of ctx.moves.tooMany()) await requestReseal(ctx, ctx.db, workspace)
  let due: Waiting[]
  do {
    due = ctx.moves.take(atOnce)
    for (const column of sealedColumns) {
      const own = due.filter(({ place }) => place.table === column.table && place.column === column.column)
      if (column.brief) own.forEach(ctx.moves.done)
      else if (own.length > 0) await moveOf(ctx, column, own)
    }
  } while (due.length === atOnce && !signal?.aborted)
}

/**
 * What a process that was killed had sealed and not yet moved is found by a walk, of the workspaces that have values in the
 * configured back end. Of others nobody has asked yet that they be moved there.
 */
export async function findUnmoved(ctx: Pick<Needs, 'clock' | 'db' | 'stores'>): Promise<void> {
  const { wanted } = ctx.stores
  if (!wanted) return
  const workspaces = await ctx.db
    .selectFrom('vault_items')
    .select('workspace_id')
    .distinct()
    .where('back_end', '=', wanted)
    .execute()
  for (const { workspace_id } of workspaces) await requestReseal(ctx, ctx.db, workspace_id)
}

async function moveOf(ctx: Needs, column: SealedColumn, own: Waiting[]): Promise<void> {
  const found: SealedValue[] = []
  const there: Waiting[] = []
  try {
    for (const one of own) {
      const { workspace, row } = one.place
      const read = await readRow({ db: ctx.db, column, workspace }, row)
      // Its transaction may still be open.
      if (!read) continue
      there.push(one)
      const form = await ctx.vault.form(workspace, column)
      if (read.sealed && !startsWith(read.sealed, form)) found.push({ row: read.row, sealed: read.sealed })
    }
    if (found.length > 0) await resealBatch(ctx, column, found)
    there.forEach(ctx.moves.done)
  } catch (error) {
    own.forEach(ctx.moves.again)
    throw error
  }
}

function startsWith(bytes: Uint8Array, form: Uint8Array): boolean {
  return Buffer.from(form).equals(bytes.subarray(0, form.length))
}
