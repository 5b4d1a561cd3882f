import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { readConfig } from '../packages/server/src/config.ts'
import { refreshRules } from '../packages/server/src/connections/refresh/rules.ts'
import { createRefreshStore } from '../packages/server/src/connections/refresh/sql-store.ts'
import { type Context, closeContext, createContext } from '../packages/server/src/context.ts'
import { dialectOf } from '../packages/server/src/db/connect.ts'
import type { Deployment } from './processes.ts'
import type { Line } from './report.ts'
import { median } from './rounds.ts'

const due = 2000
const atOnce = 64
const rounds = 5

export type RefreshFigures = {
  claimMicroseconds: number
  refreshCpuMs: number
  refreshesPerSecond: number
  bytes: number
}

/**
 * What keeping tokens fresh costs on a database that holds `stored` connections: claiming a connection that is due,
 * refreshing one against a provider on loopback that answers at once, and the bytes that one takes.
 */
export async function measureRefresh(deployed: Deployment, stored: number): Promise<RefreshFigures> {
  const provider = await startProvider()
  const ctx = await createContext(
    readConfig({
      GRANTRY_DATA_DIR: deployed.dataDir,
      GRANTRY_DATABASE_URL: deployed.databaseUrl,
      GRANTRY_ENCRYPTION_KEY: deployed.encryptionKey,
      GRANTRY_BOOTSTRAP_API_KEY: deployed.apiKey,
      GRANTRY_LOG_LEVEL: 'error',
    }),
    { egressAllow: new URL(provider.url).host, background: false },
  )
  try {
    await ctx.db
      .updateTable('integrations')
      .set({ token_url: `${provider.url}/token` })
      .execute()
    const chosen = await someConnections(ctx)
    const { ids } = chosen
    const claims: number[] = []
    for (let round = 0; round < rounds; round++) {
      await makeDue(ctx, chosen)
      claims.push(await timeClaims(ctx))
    }
    await makeDue(ctx, chosen)
    const { cpuMs, seconds } = await timeRefreshes(ctx)
    return {
      claimMicroseconds: median(claims),
      refreshCpuMs: cpuMs / ids.length,
      refreshesPerSecond: ids.length / seconds,
      bytes: (await databaseBytes(ctx)) / stored,
    }
  } finally {
    await closeContext(ctx)
    await provider.close()
  }
}

/** Two sizes beside each other: the smaller one is the baseline. */
export function refreshLines(
  name: string,
  [few, small]: [number, RefreshFigures],
  [many, large]: [number, RefreshFigures],
): Line[] {
  const sizes = `${many.toLocaleString('en')} to ${few.toLocaleString('en')} stored`
  const growth = large.claimMicroseconds / small.claimMicroseconds
  return [
    {
      what: `${name}: claiming a due connection, ${sizes}`,
      figure: `${large.claimMicroseconds.toFixed(0)} µs`,
      baseline: `${small.claimMicroseconds.toFixed(0)} µs`,
      ratio: growth.toFixed(2),
      aim: 'flat',
      met: growth <= 1.5,
    },
    {
      what: `${name}: CPU of this process for a refresh, ${sizes}`,
      figure: `${large.refreshCpuMs.toFixed(2)} ms`,
      baseline: `${small.refreshCpuMs.toFixed(2)} ms`,
      ratio: (large.refreshCpuMs / small.refreshCpuMs).toFixed(2),
      aim: '',
      met: null,
    },
    {
      what: `${name}: refreshes a second, ${sizes}`,
      figure: large.refreshesPerSecond.toFixed(0),
      baseline: small.refreshesPerSecond.toFixed(0),
      ratio: (large.refreshesPerSecond / small.refreshesPerSecond).toFixed(2),
      aim: '',
      met: null,
    },
    {
      what: `${name}: bytes of the database for a connection, ${many.toLocaleString('en')} stored`,
      figure: large.bytes.toFixed(0),
      baseline: '',
      ratio: '',
      aim: '',
      met: null,
    },
  ]
}

type Chosen = { workspace: string; ids: string[] }

async function someConnections(ctx: Context): Promise<Chosen> {
  const { id: workspace } = await ctx.db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow()
  const rows = await ctx.db
    .selectFrom('connections')
    .select('id')
    .where('workspace_id', '=', workspace)
    .orderBy('id')
    .limit(due)
    .execute()
  return { workspace, ids: rows.map(({ id }) => id) }
}

async function makeDue(ctx: Context, { workspace, ids }: Chosen): Promise<void> {
  for (let from = 0; from < ids.length; from += 500)
    await ctx.db
      .updateTable('connections')
      .set({ refresh_at: ctx.clock.now() - 1000, claimed_until: null })
      .where('workspace_id', '=', workspace)
      .where('id', 'in', ids.slice(from, from + 500))
      .execute()
}

/** Microseconds for one. */
async function timeClaims(ctx: Context): Promise<number> {
  const store = createRefreshStore(ctx, refreshRules)
  const begun = performance.now()
  let claimed = 0
  for (;;) {
    const { connections } = await store.claim(atOnce)
    if (connections.length === 0) break
    claimed += connections.length
  }
  return ((performance.now() - begun) * 1000) / claimed
}

async function timeRefreshes(ctx: Context): Promise<{ cpuMs: number; seconds: number }> {
  const stop = new AbortController()
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const left = async () => {
    const row = await ctx.db
      .selectFrom('connections')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('refresh_at', '<=', ctx.clock.now())
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }
  while ((await left()) > 0 && performance.now() - begun < 300_000) {
    // The sweep sleeps when its hands are not full; what is left decides here.
    await Promise.race([ctx.sweep(stop.signal), ctx.clock.sleep(50)])
  }
  stop.abort()
  const used = process.cpuUsage(cpu)
  return { cpuMs: (used.user + used.system) / 1000, seconds: (performance.now() - begun) / 1000 }
}

async function databaseBytes(ctx: Context): Promise<number> {
  if (dialectOf(ctx.db) === 'postgres') {
    const { rows } = await sql<{
      bytes: string
    }>`select pg_database_size(current_database())::text as bytes`.execute(ctx.db)
    return Number(rows[0]!.bytes)
  }
  const { rows } = await sql<{
    bytes: number
  }>`select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`.execute(ctx.db)
  return rows[0]!.bytes
}

/** A token endpoint that answers at once, with tokens as long as Google's. */
async function startProvider() {
  let count = 0
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      count++
      const access_token = `ya29.${count}.`.padEnd(220, 'x')
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ access_token, token_type: 'Bearer', expires_in: 3599 }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  }
}
