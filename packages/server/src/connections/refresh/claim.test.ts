import { type CompiledQuery, sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { eachDatabase } from '../../../../../test/support/databases.ts'
import { explain, recorder } from '../../../../../test/support/query-plans.ts'
import {
  anId,
  attemptRow,
  connectionRow,
  insertRows,
  integration,
  now,
  workspace,
} from '../../../../../test/support/token-rows.ts'
import type { Db } from '../../db/connect.ts'
import { claimDue, deferConnections } from './claim.ts'
import { refreshRules } from './rules.ts'

eachDatabase('what the background takes', (open) => {
  let db: Db
  beforeEach(async () => {
    db ??= await open()
    for (const table of ['connections', 'token_requests', 'refresh_gates'] as const)
      await db.deleteFrom(table).execute()
  })

  /** A process; on SQLite there is one. */
  const process = async (at = now) => ({
    db: open.dialect === 'sqlite' ? db : await open(),
    clock: { now: () => at, sleep: async () => {} },
  })
  const at = (ms: number) => ({ db, clock: { now: () => ms, sleep: async () => {} } })
  const insert = (table: 'connections' | 'token_requests', rows: object[]) => insertRows(db, table, rows)
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id)

  test('the longest due first, nothing that is not due, and no more than it is asked for', async () => {
    const due = [5000, 3000, 1000].map((ago) => connectionRow({ refresh_at: now - ago }))
    await insert('connections', [
      connectionRow({ refresh_at: now + 1 }),
      connectionRow({ refresh_at: null }),
      ...due.toReversed(),
    ])
    expect(ids((await claimDue(at(now), 2, refreshRules)).connections)).toEqual(ids(due.slice(0, 2)))
    expect(ids((await claimDue(at(now), 2, refreshRules)).connections)).toEqual(ids(due.slice(2)))
    expect((await claimDue(at(now), 2, refreshRules)).connections).toEqual([])
  })

  test('two processes that look at the same time: each row goes to one of them', async () => {
    const connections = Array.from({ length: 200 }, () => connectionRow())
    const attempts = Array.from({ length: 100 }, () => attemptRow())
    await insert('connections', connections)
    await insert('token_requests', attempts)
    const processes = await Promise.all([process(), process()])
    const taken = { connections: [] as string[], attempts: [] as string[] }
    for (let round = 0; taken.connections.length < 200; round++) {
      expect(round).toBeLessThan(50)
      for (const claim of await Promise.all(processes.map((one) => claimDue(one, 20, refreshRules)))) {
        taken.connections.push(...ids(claim.connections))
        taken.attempts.push(...ids(claim.attempts))
      }
    }
    expect(taken.connections.sort()).toEqual(ids(connections).sort())
    expect(taken.attempts.sort()).toEqual(ids(attempts).sort())
  })

  test('attempts come first: what is asked for is for both together', async () => {
    await insert('connections', [connectionRow(), connectionRow(), connectionRow()])
    await insert('token_requests', [attemptRow(), attemptRow()])
    const { attempts, connections } = await claimDue(at(now), 3, refreshRules)
    expect([attempts.length, connections.length]).toEqual([2, 1])
    const none = await claimDue(at(now), 0, refreshRules)
    expect([none.attempts.length, none.connections.length]).toEqual([0, 0])
  })

  test('what a process that died had taken is free again after a while, and not before', async () => {
    await insert('connections', [connectionRow()])
    await insert('token_requests', [attemptRow()])
    const count = async (ms: number) => {
      const { attempts, connections } = await claimDue(at(ms), 10, refreshRules)
      return [attempts.length, connections.length]
    }
    const { adoptMs, claimMs } = refreshRules
    expect(await count(now)).toEqual([1, 1])
    expect(await count(now + adoptMs - 1)).toEqual([0, 0])
    expect(await count(now + adoptMs)).toEqual([1, 0])
    expect(await count(now + claimMs - 1)).toEqual([1, 0])
    expect(await count(now + claimMs)).toEqual([0, 1])
  })

  test('attempts that need no settling, or not yet, are left alone; the others come longest due first', async () => {
    const due = [2000, 1000].map((ago) => attemptRow({ settle_at: now - ago }))
    await insert('token_requests', [
      attemptRow({ settle_at: null }),
      attemptRow({ settle_at: now + 1 }),
      ...due.toReversed(),
    ])
    expect(ids((await claimDue(at(now), 10, refreshRules)).attempts)).toEqual(ids(due))
  })

  test('tells which provider configs are shut, of those that it took connections of', async () => {
    const another = anId()
    const gate = {
      workspace_id: workspace,
      failing: '[]',
      probe_at: now + 1000,
      probed: 'x',
      budget: 0,
      filled_at: now,
    }
    await db
      .insertInto('refresh_gates')
      .values([
        { ...gate, integration_id: integration, opened_at: now },
        { ...gate, integration_id: another, opened_at: null },
        { ...gate, integration_id: anId(), opened_at: now },
      ])
      .execute()
    await insert('connections', [connectionRow(), connectionRow({ integration_id: another })])
    const { shut } = await claimDue(at(now), 10, refreshRules)
    expect(shut).toEqual([
      { workspace_id: workspace, integration_id: integration, probe_at: now + 1000, probed: 'x' },
    ])
  })

  test('what is put off is free at its new time; what has been refreshed meanwhile keeps its own', async () => {
    const [put, moved] = [connectionRow(), connectionRow()]
    await insert('connections', [put, moved])
    await claimDue(at(now), 10, refreshRules)
    const later = now + 3_600_000
    await db.updateTable('connections').set({ refresh_at: later }).where('id', '=', moved.id).execute()
    await deferConnections(
      at(now),
      [put, moved].map((connection) => ({ connection, until: now + 1000 })),
    )
    expect(ids((await claimDue(at(now + 999), 10, refreshRules)).connections)).toEqual([])
    expect(ids((await claimDue(at(now + 1000), 10, refreshRules)).connections)).toEqual([put.id])
  })

  test('with twenty thousand of each, few of them due, every query goes by an index', async () => {
    const spread = Array.from({ length: 20_000 }, (_, n) => n)
    await insert(
      'connections',
      spread.map((n) => connectionRow({ refresh_at: n < 300 ? now - n : now + n * 1000 })),
    )
    await insert(
      'token_requests',
      spread.map((n) => attemptRow({ settle_at: n < 30 ? now - n : n < 60 ? now + n : null })),
    )
    await sql`analyze`.execute(db)
    const queries: CompiledQuery[] = []
    const claimed = await claimDue({ ...at(now), db: db.withPlugin(recorder(db, queries)) }, 64, refreshRules)
    expect([claimed.attempts.length, claimed.connections.length]).toEqual([30, 34])

    const plans = new Map<string, string>()
    for (const query of queries)
      if (!query.sql.includes('"refresh_gates"') && !plans.has(query.sql))
        plans.set(query.sql, await explain(db, query))
    // By the index, and in it only what is due.
    for (const [table, index] of [
      ['connections', /connections_refresh_at.*(refresh_at[^)]*<\?|Index Cond: .*refresh_at <= )/],
      ['token_requests', /token_requests_settle_at.*(settle_at<\?|Index Cond: .*settle_at <= )/],
    ] as const) {
      const reads = [...plans].filter(
        ([text]) => text.startsWith('select') && text.includes(`from "${table}"`),
      )
      expect(reads.length).toBeGreaterThan(0)
      for (const [text, plan] of reads) expect(plan, text).toMatch(index)
    }
    // Rows that are due at the same time may be sorted among themselves; nothing else may.
    const whole = /seq scan on|scan (connections|token_requests)|-> {2}sort|b-tree for order by/i
    for (const [text, plan] of plans) expect(plan, text).not.toMatch(whole)
  })
})
