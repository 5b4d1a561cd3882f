import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeId } from '@grantry/api'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../../../test/support/connecting.ts'
import { createTestDatabase, eachDatabase } from '../../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  eventsOf,
  importTokens,
  mintTokens,
  passTime,
  readToken,
  refreshCalls,
  showConnection,
} from '../../../../../test/support/importing.ts'
import { createRefreshing } from './create.ts'
import type { Failpoint } from './engine.ts'

eachDatabase('the background', (open) => {
  let grantry: TestGrantry
  let integration: string
  let at: (point: Failpoint) => Promise<void>
  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      world: { background: false, at: (point) => at(point) },
      providers: { pipedrive: { refresh: { budget: { calls: 2, seconds: 60 } } } },
    })
  })
  afterAll(() => grantry?.close())
  beforeEach(async () => {
    at = async () => {}
    const { db } = grantry.ctx
    // What other tests have left is not this one's work.
    await db.updateTable('connections').set({ refresh_at: null }).execute()
    await db.updateTable('token_requests').set({ settle_at: null }).execute()
    grantry.sandbox!.control.clearFaults()
    grantry.sandbox!.control.settings('plain', { leeway: 0, reuse_detection: true })
    integration = (await addPlainIntegration(grantry)).id
  })

  /** One look at what is due, until all that it started has ended. */
  const look = (refreshing = grantry.ctx) => refreshing.sweep(AbortSignal.abort())
  const calls = () => refreshCalls(grantry).length
  const row = (id: string) =>
    grantry.ctx.db
      .selectFrom('connections')
      .selectAll()
      .where('id', '=', decodeId('con', id)!)
      .executeTakeFirstOrThrow()
  const attempts = async (id: string) => {
    const { body } = await grantry.call('GET', `/api/v1/connections/${id}/attempts`)
    return body.data.map(({ outcome }: { outcome: string }) => outcome)
  }
  const connect = async (expiresIn: number, account?: string): Promise<string> =>
    (await importTokens(grantry, integration, await mintTokens(grantry, account), { expiresIn })).id
  /** Every refresh is answered so. Of a 503 it is not known whether it did something; of a 429 it is. */
  const answerAll = (status: 429 | 503) =>
    grantry.sandbox!.control.fault({
      fault: 'status',
      status,
      endpoint: 'token',
      times: 'forever',
      when: { grant_type: 'refresh_token' },
    })

  test('a connection that is due is refreshed without anybody reading it, and one that is not is left alone', async () => {
    const id = await connect(3600)
    const before = calls()
    const { refresh_at, expires_at } = await row(id)
    expect(refresh_at).toBeLessThanOrEqual(expires_at! - 300_000)
    passTime(grantry, (refresh_at! - grantry.clock.now()) / 1000 - 5)
    await look()
    expect(calls()).toBe(before)
    passTime(grantry, 6)
    await look()
    expect(calls()).toBe(before + 1)
    expect(await eventsOf(grantry, id)).toEqual(['connection.imported', 'connection.refreshed'])
    const { access_token, expires_in } = (await readToken(grantry, id)).body.data
    expect(expires_in).toBeGreaterThan(3500)
    expect(grantry.sandbox!.control.token(access_token)).toMatchObject({ live: true })
    await look()
    expect(calls()).toBe(before + 1)
  })

  test('a token that does not say how long it lives is renewed within the hour', async () => {
    grantry.sandbox!.control.fault({ fault: 'missing_expires_in', endpoint: 'token' })
    const tokens = await mintTokens(grantry)
    const { id } = await importTokens(grantry, integration, tokens)
    const before = calls()
    passTime(grantry, 2800)
    await look()
    expect(calls()).toBe(before)
    passTime(grantry, 801)
    await look()
    expect(calls()).toBe(before + 1)
    expect((await readToken(grantry, id)).body.data.access_token).not.toBe(tokens.access_token)
  })

  test('what fails is tried again by itself once its time has come, and then it is well', async () => {
    const id = await connect(-1)
    const fault = answerAll(503)
    await look()
    expect(await showConnection(grantry, id)).toMatchObject({ status: 'active', last_refresh: { ok: false } })
    grantry.sandbox!.control.clearFaults(fault)
    passTime(grantry, 60)
    await look()
    expect(await showConnection(grantry, id)).toMatchObject({ status: 'active', last_refresh: { ok: true } })
    expect((await eventsOf(grantry, id)).at(-1)).toBe('connection.recovered')
  })

  /** Another process refreshes the connection, and is never heard of again after that point; its lease has run out. */
  async function dieAt(id: string, last: Failpoint): Promise<{ wake: () => void; woken: Promise<unknown> }> {
    let reached = () => {}
    let wake = () => {}
    const there = new Promise<void>((resolve) => {
      reached = resolve
    })
    const sleeping = new Promise<void>((resolve) => {
      wake = resolve
    })
    const other = createRefreshing(grantry.ctx, async (point) => {
      if (point !== last) return
      reached()
      await sleeping
    })
    const woken = other.refresh(await row(id))
    await there
    await grantry.ctx.db.updateTable('refresh_leases').set({ expires_at: 0 }).execute()
    passTime(grantry, 16)
    return { wake, woken }
  }

  test.each([
    ['before it sent', 'journalled', 0, 1],
    ['when the provider had answered, inside the leeway', 'answered', 60, 1],
    ['when the pair was stored, and not yet in use', 'kept', 0, 0],
  ] as const)('an attempt of a process that died %s is settled', async (_, point, leeway, more) => {
    const { control } = grantry.sandbox!
    control.settings('plain', { leeway })
    // Its token is not due: only the attempt is.
    const id = await connect(3600)
    const killed = control.stats().families_killed
    const { token_version } = await row(id)
    const { wake, woken } = await dieAt(id, point)
    const before = calls()
    await look()
    expect(calls()).toBe(before + more)
    expect(await row(id)).toMatchObject({ status: 'active', token_version: token_version + 1 })
    const answer = await readToken(grantry, id)
    expect(control.token(answer.body.data.access_token)).toMatchObject({ live: true })
    expect(control.stats().families_killed).toBe(killed)
    wake()
    await woken
    await look()
    expect((await readToken(grantry, id)).body.data.access_token).toBe(answer.body.data.access_token)
  })

  test('an attempt whose answer nobody has, and whose token is dead: the connection is said to be lost', async () => {
    const id = await connect(-1)
    await dieAt(id, 'answered')
    await look()
    expect(await showConnection(grantry, id)).toMatchObject({
      status: 'needs_reauth',
      reason: 'lost_response',
    })
    expect(await attempts(id)).toEqual(['refused', 'refused', 'lost', 'stored'])
  })

  test('a pair that turns up after its connection was given up brings it back', async () => {
    const { control } = grantry.sandbox!
    control.settings('plain', { reuse_detection: false })
    const id = await connect(-1)
    const { wake, woken } = await dieAt(id, 'answered')
    await look()
    expect(await showConnection(grantry, id)).toMatchObject({
      status: 'needs_reauth',
      reason: 'lost_response',
    })
    wake()
    await woken
    const before = calls()
    await look()
    expect(await showConnection(grantry, id)).toMatchObject({
      status: 'active',
      reason: null,
      last_refresh: { ok: true },
    })
    expect((await eventsOf(grantry, id)).at(-1)).toBe('connection.recovered')
    const { access_token } = (await readToken(grantry, id)).body.data
    expect(control.token(access_token)).toMatchObject({ live: true })
    expect(calls()).toBe(before)
    // It goes on from there.
    passTime(grantry, 4000)
    expect((await readToken(grantry, id)).status).toBe(200)
  })

  /** From the provider's answer until it has been put away, the table of token requests is not there. */
  function databaseAwayWhileKeeping() {
    const { schema } = grantry.ctx.db
    at = async (point) => {
      if (point === 'answered') await schema.alterTable('token_requests').renameTo('away').execute()
      if (point === 'kept') await schema.alterTable('away').renameTo('token_requests').execute()
    }
  }

  test.each([
    ['this process', false],
    ['the next one', true],
  ])('a pair that the database did not take is put into use by %s, without another call', async (_, next) => {
    const { control } = grantry.sandbox!
    const id = await connect(-1)
    databaseAwayWhileKeeping()
    const reading = await readToken(grantry, id)
    expect(reading.status, reading.text).toBe(503)
    expect(reading.body).toMatchObject({
      code: 'provider_unavailable',
      provider_error: 'storage_unavailable',
      advice: { what: expect.stringContaining('gave new tokens') },
    })
    expect(reading.text).not.toContain('sandboxcanary')
    expect(await attempts(id)).not.toEqual(['stored', 'stored'])
    const before = calls()
    await look(next ? { ...grantry.ctx, ...createRefreshing(grantry.ctx) } : grantry.ctx)
    const answer = await readToken(grantry, id)
    expect(answer.status, answer.text).toBe(200)
    expect(control.token(answer.body.data.access_token)).toMatchObject({ live: true })
    expect(calls()).toBe(before)
    expect(await attempts(id)).toEqual(['stored', 'stored'])
    // For the tests that follow: what the other process has replayed is gone for this one, too.
    await look()
    expect(calls()).toBe(before)
  })

  test.runIf(open.dialect === 'postgres')(
    'a pair that the database takes late is on the disk meanwhile, and not any longer',
    async () => {
      const id = await connect(-1)
      const other = await open()
      let letGo = () => {}
      let locking: Promise<unknown> = Promise.resolve()
      at = async (point) => {
        if (point !== 'answered') return
        await new Promise<void>((locked) => {
          locking = other.transaction().execute(async (tx) => {
            const newest = tx.selectFrom('token_requests').select('id').orderBy('id', 'desc').limit(1)
            await newest.forUpdate().execute()
            locked()
            await new Promise<void>((resolve) => {
              letGo = resolve
            })
          })
        })
      }
      const spooled = async () =>
        (await readdir(join(grantry.dataDir, 'spool')).catch(() => [])).filter((name) =>
          name.endsWith('.json'),
        )
      const reading = readToken(grantry, id)
      try {
        await expect.poll(spooled, { timeout: 10_000 }).toHaveLength(1)
      } finally {
        letGo()
      }
      await locking
      const answer = await reading
      expect(answer.status, answer.text).toBe(200)
      expect(await spooled()).toEqual([])
    },
  )

  test('no more calls than the provider takes in its time: the others wait and are not counted as failed', async () => {
    await addSandboxIntegration(grantry, 'pipedrive')
    const ids: string[] = []
    for (const user of ['u1', 'u2', 'u3'])
      ids.push((await connectAccount(grantry, { provider: 'pipedrive', end_user: { id: user } })).id)
    passTime(grantry, 86_400)
    const before = calls()
    await look()
    expect(calls()).toBe(before + 2)
    const rows = await Promise.all(ids.map(row))
    const late = ids.filter((_, n) => rows[n]!.last_refresh_ok === null)
    expect(late).toHaveLength(1)
    const { refresh_at, ...waits } = await row(late[0]!)
    expect(waits).toMatchObject({ refresh_failures: 0, last_refresh_error: null, claimed_until: null })
    expect(refresh_at).toBeGreaterThan(grantry.clock.now())
    const reading = await readToken(grantry, late[0]!)
    expect(reading.status).toBe(503)
    expect(reading.body).toMatchObject({
      provider_error: 'over_budget',
      advice: { what: expect.stringContaining('has spent the calls') },
    })
    expect(Number(reading.headers.get('retry-after'))).toBeGreaterThan(20)
    expect(calls()).toBe(before + 2)
    passTime(grantry, 120)
    await look()
    expect(calls()).toBe(before + 3)
    expect((await readToken(grantry, late[0]!)).status).toBe(200)
  })

  test('while the breaker is open nobody calls: due connections are put off, readers told how long; the first success lets all go on', async () => {
    const { control } = grantry.sandbox!
    const fault = answerAll(429)
    for (let n = 0; n < 3; n++) expect((await readToken(grantry, await connect(-1))).status).toBe(503)
    const waiting = await Promise.all([1, 2, 3].map(() => connect(-1)))
    const before = calls()
    await look()
    expect(calls()).toBe(before)
    for (const id of waiting) {
      const { refresh_at, claimed_until, refresh_failures } = await row(id)
      expect(refresh_at).toBeGreaterThan(grantry.clock.now() + 20_000)
      expect([claimed_until, refresh_failures]).toEqual([null, 0])
    }
    const reading = await readToken(grantry, waiting[0]!)
    expect(reading.status).toBe(503)
    expect(reading.body).toMatchObject({
      provider_error: 'breaker_open',
      advice: { what: expect.stringContaining('several connections') },
    })
    expect(Number(reading.headers.get('retry-after'))).toBeGreaterThan(20)
    const now = await grantry.call('POST', `/api/v1/connections/${waiting[0]}/refresh`)
    expect([now.status, now.body.code, now.body.provider_error]).toEqual([
      503,
      'provider_unavailable',
      'breaker_open',
    ])
    expect(calls()).toBe(before)
    expect(await showConnection(grantry, waiting[0]!)).toMatchObject({ status: 'active', advice: null })

    // One call in 30 s, however many are due.
    passTime(grantry, 100)
    await look()
    await look()
    expect(calls()).toBe(before + 1)
    control.clearFaults(fault)
    passTime(grantry, 100)
    await look()
    for (let round = 0; round < 3; round++) {
      passTime(grantry, 100)
      await look()
    }
    for (const id of waiting) expect((await row(id)).last_refresh_ok).toBe(1)
  })

  test('the connection that the breaker asked last is asked again when nobody else is left', async () => {
    const fault = answerAll(429)
    const ids = await Promise.all(
      [1, 2, 3].map((n) => connect(-1, n === 3 ? 'grace@example.com' : undefined)),
    )
    for (const id of ids) expect((await readToken(grantry, id)).status).toBe(503)
    grantry.sandbox!.control.clearFaults(fault)
    for (const id of ids.slice(0, 2)) await grantry.call('DELETE', `/api/v1/connections/${id}`)
    for (let round = 0; round < 12; round++) {
      passTime(grantry, 20)
      await look()
    }
    expect(await showConnection(grantry, ids[2]!)).toMatchObject({ last_refresh: { ok: true } })
  })

  test('a connection whose tokens cannot be opened holds up nothing else', async () => {
    const [broken, fine] = [await connect(-1), await connect(-1)]
    const { db } = grantry.ctx
    const damaged = { refresh_token: Buffer.from('damaged') }
    const { token_request_id } = await row(broken)
    await db.updateTable('token_requests').set(damaged).where('id', '=', token_request_id!).execute()
    await look()
    expect(await showConnection(grantry, fine)).toMatchObject({ last_refresh: { ok: true } })
    expect(await showConnection(grantry, broken)).toMatchObject({ status: 'active', last_refresh: null })
  })
})

test.each(['sqlite', 'postgres'] as const)(
  'a started server does all this by itself (%s)',
  async (dialect) => {
    const database = await createTestDatabase(dialect)
    const grantry = await startTestGrantry({ databaseUrl: database.url })
    try {
      const { id: integration } = await addPlainIntegration(grantry)
      const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
      passTime(grantry, 3600 - 299)
      await expect
        .poll(async () => (await showConnection(grantry, id)).last_refresh, { timeout: 10_000 })
        .toMatchObject({ ok: true })
    } finally {
      await grantry.close()
      await database.drop()
    }
  },
)
