import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startPostgres } from '../test/support/postgres.ts'
import { type SeededClient, seedClient } from './authorization-server.ts'
import type { LoadResult } from './generate-load.ts'
import { measureImport } from './import.ts'
import { measureMcp } from './mcp.ts'
import { type Deployment, refreshLoad, sample, startBareProcess, startGrantryProcess } from './processes.ts'
import { summariseProfiles } from './profile.ts'
import { measureProxy } from './proxy.ts'
import { measureRefresh, refreshLines } from './refresh.ts'
import { type Line, machine, table } from './report.ts'
import { type Figures, interleave, median, type Side, summarise } from './rounds.ts'
import { type Seeded, seed } from './seed.ts'

/**
 * npm run bench [-- --quick] [--only sqlite|postgres] [--what reads|refresh|oauth|proxy|mcp|import] [--connections N] [--profile DIR]
 *
 * Prints every figure beside a bare node:http server that answers the same bytes, measured in turns.
 * `--quick` is for trying: fewer and shorter rounds, 20,000 instead of 1,000,000 connections.
 * `--profile` writes V8 CPU profiles of the servers under load there and names where their time goes.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    what: { type: 'string' },
    connections: { type: 'string' },
    profile: { type: 'string' },
  },
})
const { quick } = options
const plan = quick ? { rounds: 3, seconds: 2 } : { rounds: 5, seconds: 4 }
const few = 100
const many = Number(options.connections ?? (quick ? 20_000 : 1_000_000))
const starts = quick ? 3 : 5

const folder = await mkdtemp(join(tmpdir(), 'grantry-bench-'))
const lines: Line[] = []
try {
  console.log(`${new Date().toISOString()}  ${machine(folder)}\n`)
  if (options.only !== 'postgres') {
    const databaseUrl = (name: string) => `sqlite:${join(folder, name, 'grantry.db')}`
    await benchmark('SQLite', databaseUrl, { throughput: 0.5, p99: 3 })
  }
  if (options.only !== 'sqlite') {
    const server = await startPostgres()
    try {
      for (const name of ['few', 'several', 'many', 'proxy', 'mcp', 'import', 'killed'])
        await createDatabase(server.url, name)
      await benchmark('PostgreSQL', (name) => withDatabase(server.url, name), { throughput: 0.2, p99: null })
    } finally {
      await server.stop()
    }
  }
  if (options.profile) console.log(`\n${await summariseProfiles(options.profile)}`)
} finally {
  await rm(folder, { recursive: true, force: true })
}

type Aims = { throughput: number; p99: number | null }

async function benchmark(name: string, databaseUrl: (name: string) => string, aims: Aims): Promise<void> {
  const flags = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : []
  if (options.what === undefined || options.what === 'proxy') {
    const deployed = await deployment('proxy', databaseUrl('proxy'))
    const bytes = quick ? 200_000_000 : 1_000_000_000
    lines.push(
      ...(await timed(`${name}: proxy`, () => measureProxy(name, deployed, { ...plan, bytes, flags }))),
    )
  }
  if (options.what === undefined || options.what === 'mcp') {
    const deployed = await deployment('mcp', databaseUrl('mcp'))
    lines.push(...(await timed(`${name}: MCP`, () => measureMcp(name, deployed, { ...plan, flags }))))
  }
  if (options.what === undefined || options.what === 'import') {
    const empty = ['import', 'killed'].map((each) => deployment(each, databaseUrl(each)))
    const [quiet, killed] = await Promise.all(empty)
    const brought = Math.min(many, 100_000)
    const work = () => measureImport(name, [quiet!, killed!], brought)
    lines.push(...(await timed(`${name}: import`, work)))
  }
  if (options.what === 'proxy' || options.what === 'mcp' || options.what === 'import') {
    console.log(`\n${table(lines.splice(0))}\n`)
    return
  }
  const small = await deployment('few', databaseUrl('few'))
  const large = await deployment('many', databaseUrl('many'))
  const seededFew = await timed(`${name}: ${few} connections`, () => seed(small, few))
  const seededMany = await timed(`${name}: ${many.toLocaleString('en')} connections`, () => seed(large, many))

  await measureStart(name, large)
  if (options.what !== 'reads' && options.what !== 'oauth') {
    const work = async () => {
      const some = await deployment('several', databaseUrl('several'))
      await seed(some, 3000)
      const [less, more] = [await measureRefresh(some, 3000), await measureRefresh(large, many)]
      lines.push(...refreshLines(name, [3000, less], [many, more]))
    }
    await timed(`${name}: refreshes`, work)
  }
  if (options.what === 'refresh') {
    console.log(`\n${table(lines.splice(0))}\n`)
    return
  }
  const seededClient = options.what === 'reads' ? null : await seedClient(small)
  const fewServer = await startGrantryProcess(small, flags)
  const manyServer = await startGrantryProcess(large, flags)
  try {
    if (seededClient) await measureAuthorizationServer(name, fewServer.url, seededClient)
    if (options.what === 'oauth') return void console.log(`\n${table(lines.splice(0))}\n`)
    await measureTokenReads(
      name,
      aims,
      readsOf(fewServer.url, small, seededFew),
      readsOf(manyServer.url, large, seededMany),
    )
    await measureSessions(name, sessionsOf(manyServer.url, large, seededMany))
    const { now, peak } = await manyServer.memory()
    const bare = await bareMemory()
    lines.push({
      what: `${name}: resident memory after the load`,
      figure: `${now.toFixed(0)} MB (peak ${peak.toFixed(0)})`,
      baseline: `${bare.toFixed(0)} MB`,
      ratio: (now / bare).toFixed(1),
      aim: '≤ 150 MB',
      met: now <= 150,
    })
  } finally {
    await fewServer.stop()
    await manyServer.stop()
  }
  console.log(`\n${table(lines.splice(0))}\n`)
}

async function measureTokenReads(name: string, aims: Aims, fewSide: Side, manySide: Side): Promise<void> {
  const bareServer = await startBareProcess(await sampleOf(fewSide))
  try {
    const bareSide = { ...fewSide, url: bareServer.url }
    const figures = await timed(`${name}: token reads`, () =>
      interleave(bareSide, { few: fewSide, many: manySide }, plan),
    )
    addThroughput(`${name}: token read, ${few} stored`, figures.few, figures.bare, aims)
    addThroughput(
      `${name}: token read, ${many.toLocaleString('en')} stored`,
      figures.many,
      figures.bare,
      aims,
    )
    const growth = figures.many.p99Ratio / figures.few.p99Ratio
    lines.push({
      what: `${name}: p99 at ${many.toLocaleString('en')} to p99 at ${few}`,
      figure: ms(figures.many.p99),
      baseline: ms(figures.few.p99),
      ratio: growth.toFixed(2),
      aim: '≤ 1.3',
      met: growth <= 1.3,
    })
  } finally {
    await bareServer.stop()
  }
}

/** Our own token endpoint and introspection, each beside a bare server that answers the same bytes. */
async function measureAuthorizationServer(
  name: string,
  url: string,
  { authorization, accessToken, refreshTokens }: SeededClient,
): Promise<void> {
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
  const side = (path: string, fields: Record<string, string>): Side => ({
    url,
    method: 'POST',
    headers,
    body: new URLSearchParams(fields).toString(),
    paths: [path],
  })
  const sides = {
    'client credentials': side('/v1/oauth/token', {
      grant_type: 'client_credentials',
      scope: 'connections:read',
    }),
    introspection: side('/oauth/introspect', { token: accessToken }),
  }
  for (const [what, measured] of Object.entries(sides)) {
    const bareServer = await startBareProcess(await sampleOf(measured))
    try {
      const figures = await timed(`${name}: ${what}`, () =>
        interleave({ ...measured, url: bareServer.url }, { measured }, plan),
      )
      addThroughput(`${name}: ${what}`, figures.measured, figures.bare, null)
    } finally {
      await bareServer.stop()
    }
  }
  await timed(`${name}: refresh grant`, () => measureRefreshGrant(name, url, headers, refreshTokens))
}

async function measureRefreshGrant(
  name: string,
  url: string,
  headers: Record<string, string>,
  first: string[],
): Promise<void> {
  const body = JSON.stringify({
    access_token: 'x'.repeat(47),
    expires_in: 900,
    refresh_token: 'x'.repeat(47),
    scope: 'account:read connections:read',
    token_type: 'Bearer',
  })
  const answer = { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body }
  const bareServer = await startBareProcess(answer)
  try {
    const rounds = { bare: [] as LoadResult[], grantry: [] as LoadResult[] }
    let refreshTokens = first
    for (let round = 0; round <= plan.rounds; round++) {
      const order = { seconds: round === 0 ? 1 : plan.seconds, headers, refreshTokens }
      const bare = await refreshLoad({ ...order, url: bareServer.url })
      const grantry = await refreshLoad({ ...order, url: `${url}/v1/oauth/token` })
      refreshTokens = grantry.refreshTokens
      // The first warms up.
      if (round === 0) continue
      rounds.bare.push(bare)
      rounds.grantry.push(grantry)
    }
    const bare = summarise(rounds.bare, rounds.bare)
    addThroughput(`${name}: refresh grant`, summarise(rounds.grantry, rounds.bare), bare, null)
  } finally {
    await bareServer.stop()
  }
}

async function measureSessions(name: string, side: Side): Promise<void> {
  const bareServer = await startBareProcess(await sampleOf(side))
  try {
    const figures = await timed(`${name}: connect sessions`, () =>
      interleave({ ...side, url: bareServer.url }, { sessions: side }, plan),
    )
    addThroughput(`${name}: connect-session creation`, figures.sessions, figures.bare, null)
  } finally {
    await bareServer.stop()
  }
}

/** From before the process is made until /readyz is good, on a database that is there. */
async function measureStart(name: string, deployed: Deployment): Promise<void> {
  const answer = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"status":"ready"}' }
  const times: { bare: number; grantry: number }[] = []
  for (let round = 0; round < starts; round++) {
    const bare = await startBareProcess(answer)
    await bare.stop()
    const grantry = await startGrantryProcess(deployed)
    await grantry.stop()
    times.push({ bare: bare.startMs, grantry: grantry.startMs })
  }
  const grantry = median(times.map((each) => each.grantry))
  lines.push({
    what: `${name}: start to ready`,
    figure: `${grantry.toFixed(0)} ms`,
    baseline: `${median(times.map((each) => each.bare)).toFixed(0)} ms`,
    ratio: median(times.map((each) => each.grantry / each.bare)).toFixed(1),
    aim: '≤ 1500 ms',
    met: grantry <= 1500,
  })
}

function addThroughput(what: string, figures: Figures, bare: Figures, aims: Aims | null): void {
  lines.push({
    what: `${what}, requests/s`,
    figure: figures.requestsPerSecond.toFixed(0),
    baseline: bare.requestsPerSecond.toFixed(0),
    ratio: figures.throughputRatio.toFixed(2),
    aim: aims ? `≥ ${aims.throughput}` : '',
    met: aims && figures.throughputRatio >= aims.throughput,
  })
  lines.push({
    what: `${what}, p99`,
    figure: ms(figures.p99),
    baseline: ms(bare.p99),
    ratio: figures.p99Ratio.toFixed(2),
    aim: aims?.p99 ? `≤ ${aims.p99}` : '',
    met: aims?.p99 ? figures.p99Ratio <= aims.p99 : null,
  })
}

function readsOf(url: string, { apiKey }: Deployment, { connections }: Seeded): Side {
  return {
    url,
    method: 'GET',
    headers: { authorization: `Bearer ${apiKey}` },
    // Neighbours in time are neighbours on the disk: ask all over the place.
    paths: shuffled(connections).map((id) => `/api/v1/connections/${id}/token`),
  }
}

function sessionsOf(url: string, { apiKey }: Deployment, { integration }: Seeded): Side {
  return {
    url,
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ integration, end_user: { id: 'user-1' }, state: 'benchmark' }),
    paths: ['/api/v1/connect-sessions'],
  }
}

function sampleOf({ url, method, headers, body, paths }: Side) {
  return sample(`${url}${paths[0]}`, { method, headers, ...(body !== undefined && { body }) })
}

async function bareMemory(): Promise<number> {
  const bare = await startBareProcess({ status: 200, headers: {}, body: '' })
  const { now } = await bare.memory()
  await bare.stop()
  return now
}

async function deployment(name: string, databaseUrl: string): Promise<Deployment> {
  const dataDir = join(folder, name)
  await mkdir(dataDir, { recursive: true })
  return {
    databaseUrl,
    dataDir,
    encryptionKey: randomBytes(32).toString('base64'),
    apiKey: `bench_${randomBytes(24).toString('base64url')}`,
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = name
  return url.href
}

async function createDatabase(server: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
}

async function timed<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const begun = performance.now()
  const result = await work()
  console.log(`${what} (${((performance.now() - begun) / 1000).toFixed(0)} s)`)
  return result
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`
}

function shuffled<Item>(items: Item[]): Item[] {
  const left = [...items]
  for (let index = left.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1))
    ;[left[index], left[other]] = [left[other]!, left[index]!]
  }
  return left
}
