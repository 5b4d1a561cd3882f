import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import type { Migration } from './migrate.ts'
import { transaction } from './transaction.ts'

type Tables = { counters: { id: number; count: number } }

const counters: Migration = {
  name: 'counters',
  async up(db, types) {
    await db.schema
      .createTable('counters')
      .addColumn('id', types.integer, (column) => column.primaryKey())
      .addColumn('count', types.integer)
      .execute()
    await db
      .insertInto('counters')
      .values([
        { id: 1, count: 0 },
        { id: 2, count: 0 },
      ])
      .execute()
  },
}

eachDatabase(
  'a transaction',
  (open) => {
    test('answers what its work answers, and within another joins that one', async () => {
      const db = await open<Tables>()
      const outer = transaction(db, async (tx) => {
        const answer = await transaction(tx, async (inner) => {
          await inner.updateTable('counters').set({ count: 5 }).where('id', '=', 1).execute()
          return inner === tx
        })
        expect(answer).toBe(true)
        throw new Error('all of it')
      })
      await expect(outer).rejects.toThrow('all of it')
      expect(await db.selectFrom('counters').select('count').where('id', '=', 1).execute()).toEqual([
        { count: 0 },
      ])
    })

    test('does not repeat work that failed by itself', async () => {
      const db = await open<Tables>()
      let runs = 0
      const failed = transaction(db, async (tx) => {
        runs++
        await tx.insertInto('counters').values({ id: 1, count: 1 }).execute()
      })
      await expect(failed).rejects.toThrow(/unique/i)
      expect(runs).toBe(1)
    })

    test.runIf(open.dialect === 'postgres')('repeats the one that a deadlock ended', async () => {
      const db = await open<Tables>()
      const add = (tx: typeof db, id: number) =>
        tx.updateTable('counters').set({ count: sql`count + 1` }).where('id', '=', id).execute()
      let runs = 0
      const meeting = meetingOf(2)
      const inOrder = (first: number, second: number) =>
        transaction(db, async (tx) => {
          runs++
          await add(tx, first)
          await meeting()
          await add(tx, second)
        })
      await Promise.all([inOrder(1, 2), inOrder(2, 1)])
      expect(runs).toBe(3)
      expect(await db.selectFrom('counters').select('count').orderBy('id').execute()).toEqual([
        { count: 2 },
        { count: 2 },
      ])
    })

    test('gives up after five attempts', async () => {
      const db = await open<Tables>()
      const conflict =
        open.dialect === 'postgres' ? { code: '40001' } : { code: 'ERR_SQLITE_ERROR', errcode: (1 << 8) | 5 }
      let runs = 0
      const failed = transaction(db, async () => {
        runs++
        throw Object.assign(new Error('conflict'), conflict)
      })
      await expect(failed).rejects.toThrow('conflict')
      expect(runs).toBe(5)
    })
  },
  { migrations: [counters] },
)

/** Everybody waits for `guests` to be there; who comes later does not wait. */
function meetingOf(guests: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let present = 0
  return () => {
    if (++present === guests) resolve()
    return promise
  }
}
