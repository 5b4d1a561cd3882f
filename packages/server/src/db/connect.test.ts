import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type ColumnType, type Kysely, sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { dialectOf, openDatabase } from './connect.ts'
import type { Migration } from './migrate.ts'

type Tables = {
  notes: {
    id: number
    text: ColumnType<string | null, string | undefined>
    bytes: ColumnType<Uint8Array | null, Uint8Array | undefined>
  }
}

const notes: Migration = {
  name: 'notes',
  async up(db, types) {
    await db.schema
      .createTable('notes')
      .addColumn('id', types.time, (column) => column.primaryKey())
      .addColumn('text', types.text)
      .addColumn('bytes', types.bytes)
      .execute()
  },
}

eachDatabase(
  'a database handle',
  (open) => {
    let db: Kysely<Tables>
    beforeEach(async () => {
      db = await open<Tables>()
      await db.deleteFrom('notes').execute()
    })

    test('says which database it is, also within a transaction', async () => {
      expect(dialectOf(db)).toBe(open.dialect)
      expect(await db.transaction().execute(async (tx) => dialectOf(tx))).toBe(open.dialect)
    })

    test('gives numbers, text and bytes back as they were', async () => {
      const row = { id: Number.MAX_SAFE_INTEGER, text: 'ä😀', bytes: new Uint8Array([0, 1, 255]) }
      await db.insertInto('notes').values(row).execute()
      const found = await db.selectFrom('notes').selectAll().executeTakeFirstOrThrow()
      expect({ ...found, bytes: [...found.bytes!] }).toEqual({ ...row, bytes: [0, 1, 255] })
      const { count, sum } = await db
        .selectFrom('notes')
        .select(({ fn }) => [fn.countAll<number>().as('count'), fn.sum<number>('id').as('sum')])
        .executeTakeFirstOrThrow()
      expect([count, sum]).toEqual([1, Number.MAX_SAFE_INTEGER])
    })

    test('refuses a number that JavaScript cannot hold', async () => {
      await expect(sql`select 9007199254740993 as id`.execute(db)).rejects.toThrow(/too large/i)
    })

    test('says how many rows a write changed, with and without returning', async () => {
      await db
        .insertInto('notes')
        .values([{ id: 1 }, { id: 2 }])
        .execute()
      const { numUpdatedRows } = await db.updateTable('notes').set({ text: 'x' }).executeTakeFirstOrThrow()
      expect(numUpdatedRows).toBe(2n)
      expect(await db.deleteFrom('notes').where('id', '=', 1).returning('text').execute()).toEqual([
        { text: 'x' },
      ])
      const ignored = db
        .insertInto('notes')
        .values({ id: 2 })
        .onConflict((conflict) => conflict.doNothing())
      expect((await ignored.executeTakeFirstOrThrow()).numInsertedOrUpdatedRows).toBe(0n)
    })

    test('reads while a transaction of another flow is open, and sees it once it has committed', async () => {
      const read = () => db.selectFrom('notes').select('id').execute()
      await db.transaction().execute(async (tx) => {
        await tx.insertInto('notes').values({ id: 7 }).execute()
        expect(await read()).toEqual([])
        expect(await tx.selectFrom('notes').select('id').execute()).toEqual([{ id: 7 }])
      })
      expect(await read()).toEqual([{ id: 7 }])
    })

    test('keeps nothing of a transaction that failed, nor of a savepoint that was rolled back', async () => {
      const failed = db.transaction().execute(async (tx) => {
        await tx.insertInto('notes').values({ id: 1 }).execute()
        throw new Error('changed my mind')
      })
      await expect(failed).rejects.toThrow('changed my mind')
      const tx = await db.startTransaction().execute()
      await tx.insertInto('notes').values({ id: 2 }).execute()
      const point = await tx.savepoint('one "more"').execute()
      await point.insertInto('notes').values({ id: 3 }).execute()
      await point.rollbackToSavepoint('one "more"').execute()
      await tx.commit().execute()
      expect(await db.selectFrom('notes').select('id').execute()).toEqual([{ id: 2 }])
    })

    test('lets writers wait for one another, also through other handles', async () => {
      const handles = [db, await open<Tables>()]
      await db.insertInto('notes').values({ id: 1, text: '0' }).execute()
      const increment = (_: unknown, index: number) =>
        handles[index % 2]!.transaction().execute(async (tx) => {
          const { text } = await tx
            .selectFrom('notes')
            .select('text')
            .$if(open.dialect === 'postgres', (query) => query.forUpdate())
            .executeTakeFirstOrThrow()
          await tx
            .updateTable('notes')
            .set({ text: String(Number(text) + 1) })
            .execute()
        })
      await Promise.all(Array.from({ length: 20 }, increment))
      expect(await db.selectFrom('notes').select('text').execute()).toEqual([{ text: '20' }])
    })
  },
  { migrations: [notes] },
)

describe('a SQLite file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'grantry-test-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

  test('can be read by its owner only, as can its folder and its WAL', async () => {
    const file = join(folder, 'made', 'grantry.db')
    const db = await openDatabase<Tables>(`sqlite:${file}`)
    await sql`create table t (a)`.execute(db)
    expect(mode(join(folder, 'made'))).toBe('700')
    expect([file, `${file}-wal`, `${file}-shm`].map(mode)).toEqual(['600', '600', '600'])
    await db.destroy()
  })

  test('is closed to others when it was made open', async () => {
    const file = join(folder, 'open.db')
    new DatabaseSync(file).close()
    expect(mode(file)).not.toBe('600')
    await (await openDatabase(`sqlite:${file}`)).destroy()
    expect(mode(file)).toBe('600')
  })

  test('is written ahead, synchronously, with foreign keys', async () => {
    const db = await openDatabase(`sqlite:${join(folder, 'pragmas.db')}`)
    await db.transaction().execute(async (tx) => {
      const found = await sql`
        select * from pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_busy_timeout`.execute(
        tx,
      )
      expect(found.rows).toEqual([{ journal_mode: 'wal', synchronous: 2, foreign_keys: 1, timeout: 0 }])
    })
    await db.destroy()
  })

  test('is opened and migrated by several processes at once', async () => {
    const url = `sqlite:${join(folder, 'many.db')}`
    const open = () => openDatabase(url)
    const all = await Promise.all(Array.from({ length: 5 }, open))
    expect(all).toHaveLength(5)
    for (const db of all) await db.destroy()
  })

  test('in memory, lets no one see a transaction that has not committed', async () => {
    const db = await openDatabase<Tables>('sqlite::memory:')
    await sql`create table notes (id integer)`.execute(db)
    const tx = await db.startTransaction().execute()
    await tx.insertInto('notes').values({ id: 1 }).execute()
    let answered = false
    const read = db
      .selectFrom('notes')
      .select('id')
      .execute()
      .finally(() => {
        answered = true
      })
    await new Promise(setImmediate)
    expect(answered).toBe(false)
    await tx.rollback().execute()
    expect(await read).toEqual([])
    await db.destroy()
  })
})

test.each(['', 'mysql://localhost/x', 'sqlite:', 'sqlite://host/file', 'file:x'])(
  'refuses the URL %j',
  async (url) => {
    await expect(openDatabase(url)).rejects.toMatchObject({ name: 'DatabaseError' })
  },
)
