import type { RawBuilder } from 'kysely'
import type { Db } from './connect.ts'
import { idListOf, idListValue } from './id-list.ts'
import { type Build, preparedQuery } from './prepared-query.ts'
import type { Database } from './schema.ts'

/** The databases could take more; this bounds how long one query keeps others waiting. */
const MOST_AT_ONCE = 500

type Asked<Row> = PromiseWithResolvers<Row | undefined>

/**
 * Reads of single rows of a workspace, by id. Those that arrive in one turn of the event loop share one query, which
 * starts when the turn ends: a row is never older than the call that asked for it. Who asks for the same id in one
 * turn gets the same object.
 *
 * @example
 * const readNote = readTogether((db, { workspace, ids }) =>
 *   db.selectFrom('notes').selectAll().where('workspace_id', '=', workspace).where('id', 'in', ids))
 * const note = await readNote(ctx.db, workspace, id)
 */
export function readTogether<Row extends { id: string }, Tables = Database>(
  build: Build<{ workspace: string; ids: RawBuilder<string> }, Row, Tables>,
): (db: Db<Tables>, workspace: string, id: string) => Promise<Row | undefined> {
  const query = preparedQuery<{ workspace: string; ids: string }, Row, Tables>((db, { workspace, ids }) =>
    build(db, { workspace, ids: idListOf(db, ids) }),
  )
  const gathering = new WeakMap<Db<Tables>, Map<string, Map<string, Asked<Row>>>>()

  /** The ids that this turn's query of a workspace will ask for. */
  function batchOf(db: Db<Tables>, workspace: string): Map<string, Asked<Row>> {
    const batches = gathering.get(db) ?? new Map<string, Map<string, Asked<Row>>>()
    gathering.set(db, batches)
    const open = batches.get(workspace)
    if (open && open.size < MOST_AT_ONCE) return open
    const batch = new Map<string, Asked<Row>>()
    batches.set(workspace, batch)
    setImmediate(() => {
      if (batches.get(workspace) === batch) batches.delete(workspace)
      void answer(db, workspace, batch)
    })
    return batch
  }

  async function answer(db: Db<Tables>, workspace: string, batch: Map<string, Asked<Row>>): Promise<void> {
    try {
      const rows = await query(db, { workspace, ids: idListValue(db, [...batch.keys()]) })
      for (const row of rows) batch.get(row.id)!.resolve(row)
      // For those that are resolved it changes nothing.
      for (const { resolve } of batch.values()) resolve(undefined)
    } catch (error) {
      for (const { reject } of batch.values()) reject(error)
    }
  }

  return (db, workspace, id) => {
    const batch = batchOf(db, workspace)
    const asked = batch.get(id) ?? Promise.withResolvers<Row | undefined>()
    batch.set(id, asked)
    return asked.promise
  }
}
