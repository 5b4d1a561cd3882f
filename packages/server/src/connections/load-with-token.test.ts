import { type CompiledQuery, sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { explain } from '../../../../test/support/query-plans.ts'
import { attemptRow, connectionRow, insertRows, workspace } from '../../../../test/support/token-rows.ts'
import type { Db } from '../db/connect.ts'
import { loadWithToken } from './load-with-token.ts'

eachDatabase('a connection with its token', (open) => {
  let db: Db
  beforeAll(async () => {
    db = await open()
  })

  test('goes by keys also right after very many were imported, when PostgreSQL knows their number only', async () => {
    const connections = Array.from({ length: 1000 }, () => connectionRow())
    const tokens = connections.map(({ id }) => attemptRow({ connection_id: id, settle_at: null }))
    if (open.dialect === 'postgres')
      for (const table of ['connections', 'token_requests'])
        await sql`alter table ${sql.table(table)} set (autovacuum_enabled = false)`.execute(db)
    await insertRows(
      db,
      'connections',
      connections.map((row, n) => ({ ...row, token_request_id: tokens[n]!.id })),
    )
    await insertRows(db, 'token_requests', tokens)
    // It counts pages: with so many rows on each these are hundreds of thousands.
    if (open.dialect === 'postgres')
      await sql`update pg_class set relpages = 1, reltuples = 10000
        where oid in ('connections'::regclass, 'token_requests'::regclass)`.execute(db)
    const queries: CompiledQuery[] = []
    const noted = noting(queries)
    const ids = connections.slice(100, 150).map(({ id }) => id)
    const found = await Promise.all(ids.map((id) => loadWithToken(noted, workspace, id)))
    expect(found.map((row) => row?.id)).toEqual(ids)
    expect(queries).toHaveLength(1)
    const plan = await explain(db, queries[0]!)
    expect(plan).toMatch(/connections_pkey|search connections using index \S+ \(workspace_id=\? and id=\?\)/i)
    expect(plan).toMatch(/token_requests_pkey|search request using index \S+ \(workspace_id=\? and id=\?\)/i)
    expect(plan).not.toMatch(/(hash|merge)( \w+)? join|seq scan|scan (connections|request)\b/i)
  })

  /** The text is made once in a process, and maybe long ago: it is seen where it is run. */
  function noting(queries: CompiledQuery[]): { db: Db } {
    const seen = new Proxy(db, {
      get(target, name) {
        const value = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => {
          if (name === 'executeQuery') queries.push(given[0] as CompiledQuery)
          return value.apply(target, given)
        }
      },
    })
    return { db: seen }
  }
})
