import { beforeEach, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import type { AnyDb, Db } from './connect.ts'
import { type Migration, migrate } from './migrate.ts'
import { vaultTables } from './migrations/0000-vault.ts'

const now = () => 1_800_000_000_000

const table = (name: string): Migration => ({
  name,
  async up(tx, types) {
    await tx.schema.createTable(name).addColumn('id', types.uuid).$call(types.strict).execute()
  },
})

type Ledger = { migrations: { name: string; applied_at: number } }

eachDatabase(
  'migrations',
  (open) => {
    let db: Db<Ledger>
    const ledger = async () =>
      (await db.selectFrom('migrations').selectAll().orderBy('name').execute()).map((row) => ({ ...row }))

    beforeEach(async () => {
      db = await open<Ledger>()
      for (const name of ['one', 'two', 'three']) await db.schema.dropTable(name).ifExists().execute()
      await db.deleteFrom('migrations').execute()
    })

    test('are applied once each, in order, and noted', async () => {
      expect(await migrate(db, [table('one'), table('two')], now)).toEqual(['one', 'two'])
      expect(await migrate(db, [table('one'), table('two')], now)).toEqual([])
      expect(await migrate(db, [table('one'), table('two'), table('three')], now)).toEqual(['three'])
      expect(await ledger()).toEqual(['one', 'three', 'two'].map((name) => ({ name, applied_at: now() })))
    })

    test('leave nothing of one that fails, and keep those before it', async () => {
      const broken: Migration = {
        name: 'two',
        async up(tx, types) {
          await table('two').up(tx, types)
          throw new Error('half way')
        },
      }
      await expect(migrate(db, [table('one'), broken], now)).rejects.toThrow('half way')
      expect(await ledger()).toEqual([{ name: 'one', applied_at: now() }])
      expect(await migrate(db, [table('one'), table('two')], now)).toEqual(['two'])
    })

    test('are each applied by one of many who start at once', async () => {
      const handles = await Promise.all(Array.from({ length: 6 }, () => open<Ledger>()))
      const all = ['one', 'two', 'three'].map(table)
      const applied = await Promise.all(handles.map((handle) => migrate(handle, all, now)))
      expect(applied.flat().sort()).toEqual(['one', 'three', 'two'])
    })

    test('refuse a database of a newer Grantry, changing nothing', async () => {
      await migrate(db, [table('one'), table('two')], now)
      const failed = migrate(db, [table('one'), table('three')], now)
      await expect(failed).rejects.toMatchObject({
        name: 'DatabaseError',
        message: /newer Grantry \(it has two\)/,
      })
      expect(await ledger()).toHaveLength(2)
    })

    test('refuse one that would come before another that was applied', async () => {
      await migrate(db, [table('two')], now)
      await expect(migrate(db, [table('one'), table('two')], now)).rejects.toThrow(/one stands before two/)
    })
  },
  { migrations: [] },
)

eachDatabase(
  'the column types',
  (open) => {
    test('are kept to on both databases', async () => {
      const db: AnyDb = await open()
      const row = { id: 'x', root_key_id: 'x', sealed: new Uint8Array(1), created_at: 'yesterday' }
      await expect(db.insertInto('vault_check').values(row).execute()).rejects.toThrow(
        /yesterday|cannot store TEXT/,
      )
      await db
        .insertInto('vault_check')
        .values({ ...row, created_at: now() })
        .execute()
      expect(await db.selectFrom('vault_check').select('created_at').execute()).toEqual([
        { created_at: now() },
      ])
    })
  },
  { migrations: [vaultTables] },
)
