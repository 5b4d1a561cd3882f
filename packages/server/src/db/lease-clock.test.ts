import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { createLeaseClock, leaseBootId, leaseNow } from './lease-clock.ts'
import type { Migration } from './migrate.ts'

type Tables = { leases: { id: number; holder: string; boot_id: string; fence: number; expires_at: number } }

const leases: Migration = {
  name: 'leases',
  async up(db, types) {
    await db.schema
      .createTable('leases')
      .addColumn('id', types.integer, (column) => column.primaryKey())
      .addColumn('holder', types.text)
      .addColumn('boot_id', types.text)
      .addColumn('fence', types.integer)
      .addColumn('expires_at', types.time)
      .$call(types.strict)
      .execute()
  },
}

test('the lease clock follows elapsed time, not the time of the day', () => {
  const world = { now: 1_800_000_000_000, elapsed: 250.5 }
  const clock = createLeaseClock(
    () => world.now,
    () => world.elapsed,
    'boot 1',
  )
  const first = clock.monotonicNow()
  world.now -= 300_000
  world.elapsed += 1_000
  expect(clock.monotonicNow() - first).toBe(1_000)
  expect(Math.abs(first - 1_800_000_000_000)).toBeLessThanOrEqual(1)
})

eachDatabase(
  'a lease by compare-and-swap',
  (open) => {
    test('is taken when it ended, or when another boot held it, and not before', async () => {
      const db = await open<Tables>()
      const world = { elapsed: 0 }
      const boot = (id: string) =>
        createLeaseClock(
          () => 1_800_000_000_000,
          () => world.elapsed,
          id,
        )
      const [one, two] = [boot('one'), boot('two')]
      const take = async (holder: string, clock = one, lease = 15_000) => {
        const now = leaseNow(db, clock)
        const taken = await db
          .updateTable('leases')
          .set((is) => ({
            holder,
            boot_id: leaseBootId(db, clock),
            fence: is('fence', '+', 1),
            expires_at: sql<number>`${now} + ${sql.lit(lease)}`,
          }))
          .where((is) => is.or([is('expires_at', '<=', now), is('boot_id', '!=', leaseBootId(db, clock))]))
          .returning('fence')
          .executeTakeFirst()
        return taken?.fence ?? null
      }
      await db
        .insertInto('leases')
        .values({ id: 1, holder: '', boot_id: leaseBootId(db, one), fence: 0, expires_at: 0 })
        .execute()
      expect(await take('a')).toBe(1)
      expect(await take('b')).toBeNull()
      if (open.dialect === 'sqlite') {
        world.elapsed = 15_000
        expect(await take('b')).toBe(2)
        expect(await take('c', two)).toBe(3)
      } else {
        // Every process of whatever boot is on the database's clock.
        expect(await take('c', two)).toBeNull()
        const { expires_at } = await db.selectFrom('leases').select('expires_at').executeTakeFirstOrThrow()
        const read = await sql<{ now: number }>`select ${leaseNow(db, one)} as now`.execute(db)
        expect(expires_at - read.rows[0]!.now).toBeGreaterThan(0)
        expect(expires_at - read.rows[0]!.now).toBeLessThanOrEqual(15_000)
      }
    })
  },
  { migrations: [leases] },
)
