import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../../test/support/databases.ts'
import { dialectOf } from '../../db/connect.ts'
import { createLeaseClock } from '../../db/lease-clock.ts'
import { newId } from '../../db/new-id.ts'
import { acquireLease, type LeaseKey, releaseLease, remainingLease } from './lease.ts'
import { refreshRules } from './rules.ts'

const { leaseMs } = refreshRules

const clock = { now: () => Date.now(), sleep: async () => {} }
const random = (bytes: number) => randomBytes(bytes)

eachDatabase('the right to spend a refresh token', (open) => {
  /** Two processes on one database: on SQLite two boots of the one process. `pass` ends what was taken so far. */
  async function twoHolders() {
    let elapsed = 0
    const process = async (bootId: string) => ({
      db: await open(),
      clock,
      random,
      leaseClock: createLeaseClock(clock.now, () => elapsed, bootId),
    })
    const one = await process('one')
    // The database's clock cannot be moved, so there the rows are.
    const pass = async (ms: number) => {
      if (dialectOf(one.db) === 'sqlite') elapsed += ms
      else
        await one.db
          .updateTable('refresh_leases')
          .set((eb) => ({ expires_at: eb('expires_at', '-', ms) }))
          .execute()
    }
    return { one, two: dialectOf(one.db) === 'sqlite' ? one : await process('two'), other: process, pass }
  }
  const newKey = (): LeaseKey => ({
    workspace: newId({ clock, random }),
    integration: newId({ clock, random }),
    tokenKey: 'hash',
  })

  test('one holder at a time; the next, after it let go, has a higher fence', async () => {
    const { one, two } = await twoHolders()
    const key = newKey()
    const lease = (await acquireLease(one, key))!
    expect(lease).toMatchObject({ ...key, fence: 1 })
    expect(await acquireLease(two, key)).toBeNull()
    expect(await remainingLease(one, lease)).toBeGreaterThan(leaseMs - 5000)
    expect(await remainingLease(one, lease)).toBeLessThanOrEqual(leaseMs)
    await releaseLease(one, lease)
    expect(await acquireLease(two, key)).toMatchObject({ fence: 2 })
  })

  test('of 20 that ask at once, one gets it', async () => {
    const { one, two } = await twoHolders()
    const key = newKey()
    const leases = await Promise.all(
      Array.from({ length: 20 }, (_, i) => acquireLease(i % 2 ? one : two, key)),
    )
    expect(leases.filter(Boolean)).toHaveLength(1)
  })

  test('a lease that was outlived: another takes over, and the first has nothing left and nothing to release', async () => {
    const { one, two, pass } = await twoHolders()
    const key = newKey()
    const outlived = (await acquireLease(one, key))!
    await pass(leaseMs)
    expect(await remainingLease(one, outlived)).toBeLessThanOrEqual(0)
    const taken = (await acquireLease(two, key))!
    expect(taken.fence).toBe(outlived.fence + 1)
    expect(await remainingLease(one, outlived)).toBe(0)
    await releaseLease(one, outlived)
    expect(await remainingLease(two, taken)).toBeGreaterThan(leaseMs - 5000)
    expect(await acquireLease(one, key)).toBeNull()
  })

  test('a lease of a process that is gone binds nobody on SQLite, and on PostgreSQL until it has run out', async () => {
    const { one, other, pass } = await twoHolders()
    const key = newKey()
    expect(await acquireLease(one, key)).not.toBeNull()
    const restarted = await other('after the restart')
    const first = await acquireLease(restarted, key)
    if (open.dialect === 'sqlite') expect(first).toMatchObject({ fence: 2 })
    else {
      expect(first).toBeNull()
      await pass(leaseMs)
      expect(await acquireLease(restarted, key)).toMatchObject({ fence: 2 })
    }
  })

  test('leases of other tokens, integrations and workspaces do not meet', async () => {
    const { one } = await twoHolders()
    const key = newKey()
    for (const other of [
      key,
      { ...key, tokenKey: 'another' },
      { ...key, integration: newKey().integration },
      { ...key, workspace: newKey().workspace },
    ])
      expect(await acquireLease(one, other)).toMatchObject({ fence: 1 })
  })
})
