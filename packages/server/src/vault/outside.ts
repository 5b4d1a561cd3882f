import type { Clock, Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import { createTurns } from '../turns.ts'
import { VaultError } from './errors.ts'
import { createKeyCache } from './key-cache.ts'
import { type Pointer, readPointer, readRecord, writePointer } from './sealed-record.ts'
import type { Stores } from './stores/open-stores.ts'
import type { BackEnd } from './stores/secret-store.ts'
import type { Place } from './vault.ts'

type Needs = Pick<Context, 'db' | 'random'> & { clock: Pick<Clock, 'now'>; stores: Stores }

/** Sealed records whose values rest in a back end outside, each as an item that never changes. */
export type Outside = {
  /** Puts it there and reads it back. What it answers goes into the row, by way of `place`. */
  put(backEnd: BackEnd, place: Place, record: Uint8Array): Promise<Uint8Array>
  get(place: Place, pointer: Pointer): Promise<Uint8Array>
  /**
   * Part of the transaction in which a row comes to point at it, once. False where the item has been given up meanwhile:
   * then the row must stay as it is. True for what is no pointer.
   */
  place(tx: Db, place: Place, sealed: Uint8Array): Promise<boolean>
}

/** As what one unwraps: what is refused there ends here within as long. */
const LIFETIME_MS = 60_000
const RECORDS_KEPT = 10_000
/** A back end gets no more puts than this at once; what is read is not held up by them. */
const putsAtOnce = 8

export function createOutside(ctx: Needs, graceMs: number): Outside {
  // Still sealed. An item never changes, so nothing that a process may have missed makes one of them wrong.
  const records = createKeyCache<Uint8Array>(
    { clock: ctx.clock, invalidation: { isComplete: () => true, onChange() {} } },
    { lifetime: LIFETIME_MS, size: RECORDS_KEPT, grace: graceMs },
  )
  const turn = createTurns(putsAtOnce)

  async function read(place: Place, { backEnd, item }: Pointer): Promise<Uint8Array> {
    const store = await ctx.stores.open(backEnd)
    const record = await store.get({ id: item, place })
    if (record) return record
    const { table, column, row } = place
    throw new VaultError(
      'vault_item_missing',
      `${backEnd} does not have ${item}, which ${table}.${column} of ${row} is in`,
    )
  }
  const get: Outside['get'] = (place, pointer) =>
    records.get(`${place.workspace}/${pointer.backEnd}/${pointer.item}`, () => read(place, pointer))

  return {
    get,
    put: (backEnd, place, record) =>
      turn(async () => {
        const store = await ctx.stores.open(backEnd)
        const pointer = { backEnd, keyId: readRecord(record)!.keyId, item: newId(ctx) }
        // Before it is put: whatever happens from here on, it is known to be there, and removed if nobody needs it.
        await ctx.db
          .insertInto('vault_items')
          .values({
            workspace_id: place.workspace,
            id: pointer.item,
            back_end: backEnd,
            table_name: place.table,
            row_id: place.row,
            column_name: place.column,
            created_at: ctx.clock.now(),
            placed_at: null,
            orphaned_at: null,
          })
          .execute()
        await store.put({ id: pointer.item, place }, record)
        const back = await get(place, pointer)
        if (!Buffer.from(record).equals(back))
          throw new VaultError('vault_tampered', `${backEnd} gives back something else than was put there`)
        return writePointer(pointer)
      }),
    async place(tx, { workspace }, sealed) {
      const pointer = readPointer(sealed)
      if (!pointer) return true
      const placed = await tx
        .updateTable('vault_items')
        .set({ placed_at: ctx.clock.now() })
        .where('workspace_id', '=', workspace)
        .where('id', '=', pointer.item)
        .where('placed_at', 'is', null)
        .where('orphaned_at', 'is', null)
        .executeTakeFirst()
      return placed.numUpdatedRows > 0n
    },
  }
}
