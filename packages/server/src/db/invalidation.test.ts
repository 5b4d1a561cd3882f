import { randomBytes } from 'node:crypto'
import { Secret } from '@grantry/oauth'
import pg from 'pg'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { type DatabaseProxy, startDatabaseProxy } from '../../../../test/support/database-proxy.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { createTestClock } from '../../../../test/support/grantry.ts'
import type { Db } from './connect.ts'
import { createInvalidation, type Invalidation } from './invalidation.ts'
import { createLeaseClock } from './lease-clock.ts'

const workspace = '00000000-0000-7000-8000-000000000001'

eachDatabase('what is kept in memory', (open) => {
  const opened: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of opened.splice(0)) await close()
  })

  /** One process: its invalidation, and what it was told. `elapsed` may stop the time that it sees. */
  async function process(listenUrl = open.url, elapsed = () => performance.now()) {
    const db: Db = await open()
    const log = pino({ level: 'silent' })
    const clock = createTestClock()
    const leaseClock = createLeaseClock(Date.now, elapsed, 'boot')
    const ctx = { db, clock, leaseClock, log, random: randomBytes }
    const invalidation = createInvalidation(ctx, open.dialect === 'postgres' ? new Secret(listenUrl) : null)
    opened.push(() => invalidation.close())
    const told: (string | null)[] = []
    invalidation.onChange((about) => void told.push(about))
    return { db, invalidation, told }
  }
  const complete = (invalidation: Invalidation) =>
    expect.poll(() => invalidation.isComplete(), { timeout: 10_000, interval: 5 })

  test('is forgotten by the process that changes it before it answers', async () => {
    const { invalidation, told } = await process()
    await complete(invalidation).toBe(true)
    told.length = 0
    let within: unknown[] = []
    const result = await invalidation.change(workspace, async () => {
      within = [...told]
      return 'done'
    })
    expect([result, within, told[0]]).toEqual(['done', [], workspace])
  })

  test('is forgotten where a change fails, whose commit may have been made', async () => {
    const { invalidation, told } = await process()
    await complete(invalidation).toBe(true)
    told.length = 0
    const failed = invalidation.change(workspace, () => Promise.reject(new Error('cut')))
    await expect(failed).rejects.toThrow('cut')
    expect(told).toEqual([workspace])
  })

  if (open.dialect === 'sqlite') return

  test('is forgotten by every other process, at the commit and not before', async () => {
    const [first, ...others] = [await process(), await process(), await process()]
    for (const { invalidation, told } of others) {
      await complete(invalidation).toBe(true)
      told.length = 0
    }
    await first!.invalidation.change(workspace, async (tx) => {
      await tx.selectFrom('workspaces').select('id').execute()
      // Whatever was told before the commit would have arrived before this.
      await first!.invalidation.change('other', async () => {})
      for (const { told } of others) await expect.poll(() => told).toEqual(['other'])
    })
    for (const { told } of others) await expect.poll(() => told).toEqual(['other', workspace])
  })

  async function proxied(): Promise<DatabaseProxy> {
    const proxy = await startDatabaseProxy(open.url)
    opened.push(proxy.close)
    return proxy
  }

  test('is not used while the connection is cut, nor before everything was forgotten', async () => {
    const proxy = await proxied()
    const { invalidation, told } = await process(proxy.url)
    await complete(invalidation).toBe(true)
    proxy.set('refuse')
    await complete(invalidation).toBe(false)
    const tries = proxy.connections()
    await expect.poll(() => proxy.connections()).toBeGreaterThan(tries)
    expect(invalidation.isComplete()).toBe(false)
    told.length = 0
    proxy.set('pass')
    await complete(invalidation).toBe(true)
    expect(told).toEqual([null])
  })

  test('is not used for longer than a second over a connection that has gone silent, which is replaced', async () => {
    const proxy = await proxied()
    let later = 0
    const { invalidation, told } = await process(proxy.url, () => performance.now() + later)
    await complete(invalidation).toBe(true)
    proxy.set('silence')
    later = 1000
    expect(invalidation.isComplete()).toBe(false)
    const tries = proxy.connections()
    await expect
      .poll(() => [invalidation.isComplete(), proxy.connections() > tries], { timeout: 15_000 })
      .toEqual([false, true])
    told.length = 0
    proxy.set('pass')
    await complete(invalidation).toBe(true)
    expect(told).toEqual([null])
  })

  test('is never used behind a pooler that gives a connection to whoever asks', async () => {
    const proxy = await proxied()
    proxy.set('pooled')
    const { invalidation } = await process(proxy.url)
    // It gives up on one connection after the other, and asks nobody else.
    await expect
      .poll(() => [invalidation.isComplete(), proxy.connections() > 1], { timeout: 15_000 })
      .toEqual([false, true])
    proxy.set('pass')
    await complete(invalidation).toBe(true)
  })

  test('is heard of again after the server has ended the connection', async () => {
    const { invalidation, told } = await process()
    await complete(invalidation).toBe(true)
    told.length = 0
    const admin = new pg.Client({ connectionString: open.url })
    await admin.connect()
    const { rowCount } = await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'grantry changes' and datname = current_database()`,
    )
    await admin.end()
    expect(rowCount).toBeGreaterThan(0)
    await expect.poll(() => told).toEqual([null])
    const another = await process()
    await another.invalidation.change(workspace, async () => {})
    await expect.poll(() => told).toEqual([null, workspace])
  })
})
