import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../../test/support/databases.ts'
import { system } from '../../audit/event.ts'
import { toRow } from '../../audit/record.ts'
import { type Db, dialectOf } from '../connect.ts'
import { migrate } from '../migrate.ts'
import { eventChain } from './0021-event-chain.ts'
import { migrations } from './index.ts'

const now = () => 1_800_000_000_000
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const [workspace, connection] = [crypto.randomUUID(), crypto.randomUUID()]

/** What a process of the version before events had a chain goes on doing while a new one upgrades the database. */
eachDatabase(
  'a process of the version before',
  (open) => {
    const write = async (db: Db) => {
      const row = toRow({ clock: { now }, random } as never, { workspace, type: 'token.read', actor: system })
      await db.insertInto('events').values(row).execute()
      return row.id
    }

    test('loses no event that it commits meanwhile, and counts budgets as ever', async () => {
      const db = await open()
      const ids = [await write(db)]
      let upgrade: Promise<string[]>
      if (dialectOf(db) === 'sqlite') upgrade = migrate(db, migrations, now)
      else {
        const upgrading = await open()
        const waits = async () =>
          (
            await sql`select 1 from pg_locks where not granted and locktype = 'relation'
            and relation = 'events'::regclass`.execute(db)
          ).rows.length
        await db.transaction().execute(async (tx) => {
          ids.push(await write(tx))
          upgrade = migrate(upgrading, migrations, now)
          await expect.poll(waits).toBeGreaterThan(0)
        })
      }
      await upgrade!
      ids.push(await write(db))
      const waiting = await db.selectFrom('unlinked_events').select('id').execute()
      expect(waiting.map(({ id }) => id).sort()).toEqual(ids.sort())

      const count = sql<{ calls: number }>`
        insert into proxy_calls (workspace_id, connection_id, period_begins, calls)
        values (${workspace}, ${connection}, 1, 1)
        on conflict (workspace_id, connection_id) do update set calls = proxy_calls.calls + 1 returning calls`
      expect((await count.execute(db)).rows[0]!.calls).toBe(1)
      expect((await count.execute(db)).rows[0]!.calls).toBe(2)
    })
  },
  { migrations: migrations.slice(0, migrations.indexOf(eventChain)) },
)
