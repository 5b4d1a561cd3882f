import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../packages/server/src/config.ts'
import { closeContext, createContext } from '../packages/server/src/context.ts'
import {
  type Deployment,
  freePort,
  readMemory,
  type ServerProcess,
  startGrantryProcess,
} from './processes.ts'
import type { Line } from './report.ts'
import { seed } from './seed.ts'

const commandLine = fileURLToPath(new URL('../packages/cli/bin/grantry.mjs', import.meta.url))

/** MiB of V8's old space, as in a small container: what is kept for longer than it is needed would end it. */
const heap = { server: 256, client: 64 }

type Sample = { at: number; server: number; client: number }

/**
 * `grantry import` of `count` connections into an empty database, by the command line and a server in processes of
 * their own: how many a second, and what memory both take when a fifth is stored and when all are. Then the same
 * again, where first the command line and then the server are killed in the middle: what is stored at the end.
 */
export async function measureImport(
  name: string,
  [quiet, killed]: [Deployment, Deployment],
  count: number,
): Promise<Line[]> {
  const all = count.toLocaleString('en')
  const { seconds, cpuMs, samples } = await runThrough(quiet, count)
  const early = samples[Math.floor(samples.length / 5)]!
  const last = samples.at(-1)!
  const memory = (what: string, limit: number, from: number, to: number): Line => ({
    what: `${name}: import of ${all}, memory of the ${what} (heap of ${limit} MiB) when all are stored, to when a fifth is`,
    figure: `${to.toFixed(0)} MB`,
    baseline: `${from.toFixed(0)} MB`,
    ratio: (to / from).toFixed(2),
    aim: 'flat',
    met: to / from <= 1.5,
  })
  const after = await runKilled(killed, count)
  return [
    {
      what: `${name}: import of ${all}, sealed and stored a second`,
      figure: (count / seconds).toFixed(0),
      baseline: '',
      ratio: '',
      aim: name === 'SQLite' ? '≥ 2000' : '',
      met: name === 'SQLite' ? count / seconds >= 2000 : null,
    },
    {
      what: `${name}: import, CPU of the server for one`,
      figure: `${((cpuMs * 1000) / count).toFixed(0)} µs`,
      baseline: '',
      ratio: '',
      aim: '',
      met: null,
    },
    memory('server', heap.server, early.server, last.server),
    memory('command line', heap.client, early.client, last.client),
    {
      what: `${name}: import of ${all}, command line and server killed in the middle and run again: lost, and stored twice`,
      figure: `${count - after.different}, ${after.stored - after.different}`,
      baseline: '',
      ratio: '',
      aim: '0, 0',
      met: after.different === count && after.stored === count,
    },
  ]
}

async function runThrough(
  deployed: Deployment,
  count: number,
): Promise<{ seconds: number; cpuMs: number; samples: Sample[] }> {
  const { integration } = await seed(deployed, 0)
  const file = await writeCsv(join(deployed.dataDir, 'connections.csv'), count)
  const server = await startGrantryProcess(deployed, [heapOf('server')])
  try {
    const samples: Sample[] = []
    const before = await server.cpuMs()
    const begun = performance.now()
    const { child, ended } = startImport(deployed, server, integration, file)
    while (child.exitCode === null) {
      const [ofServer, ofClient] = await Promise.all([server.memory(), readMemory(child.pid!)])
      if (ofClient.now > 0)
        samples.push({ at: performance.now() - begun, server: ofServer.now, client: ofClient.now })
      await Promise.race([sleep(100), ended])
    }
    const seconds = (performance.now() - begun) / 1000
    await ended
    return { seconds, samples, cpuMs: (await server.cpuMs()) - before }
  } finally {
    await server.stop()
  }
}

async function runKilled(
  deployed: Deployment,
  count: number,
): Promise<{ stored: number; different: number }> {
  const { integration } = await seed(deployed, 0)
  const file = await writeCsv(join(deployed.dataDir, 'connections.csv'), count)
  const settings = { GRANTRY_PORT: String(await freePort()) }
  let server = await startGrantryProcess(deployed, [], settings)
  const first = startImport(deployed, server, integration, file)
  await untilReported(first, count / 3)
  first.child.kill('SIGKILL')
  await first.ended.catch(() => {})
  const second = startImport(deployed, server, integration, file)
  await untilReported(second, (2 * count) / 3)
  await server.kill()
  server = await startGrantryProcess(deployed, [], settings)
  await second.ended
  await server.stop()
  return countStored(deployed)
}

type Running = { child: ChildProcess; report: string; ended: Promise<void> }

let imports = 0

const heapOf = (side: keyof typeof heap) => `--max-old-space-size=${heap[side]}`

function startImport(
  deployed: Deployment,
  server: ServerProcess,
  integration: string,
  file: string,
): Running {
  const report = join(deployed.dataDir, `report-${++imports}.jsonl`)
  const args = ['import', '--from', 'csv', file, '--integration', integration, '--report', report]
  const child = spawn(process.execPath, [heapOf('client'), commandLine, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: deployed.dataDir,
      GRANTRY_URL: server.url,
      GRANTRY_API_KEY: deployed.apiKey,
    },
  })
  let printed = ''
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk
  })
  const ended = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`grantry import ended with ${code}: ${printed}`)
  })
  ended.catch(() => {})
  return { child, report, ended }
}

/** Until that many lines of the file have an outcome. */
async function untilReported({ child, report }: Running, lines: number): Promise<void> {
  while (child.exitCode === null) {
    const text = await readFile(report, 'latin1').catch(() => '')
    if (text.split('\n').length > lines) return
    await sleep(20)
  }
  throw new Error('the import was over before it could be killed')
}

/** Tokens as long as Google's. */
async function writeCsv(path: string, count: number): Promise<string> {
  const file = createWriteStream(path)
  file.write('key,end_user_id,end_user_email,access_token,refresh_token,expires_at\n')
  const expires = new Date(Date.now() + 86_400_000).toISOString()
  for (let n = 0; n < count; n++) {
    const random = createHash('sha512').update(`${n}`).digest('base64url')
    const line = `k${n},user-${n},user-${n}@example.com,ya29.${random.repeat(2)},1//${random},${expires}\n`
    if (!file.write(line)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
  return path
}

async function countStored(deployed: Deployment): Promise<{ stored: number; different: number }> {
  const ctx = await createContext(
    readConfig({
      GRANTRY_DATA_DIR: deployed.dataDir,
      GRANTRY_DATABASE_URL: deployed.databaseUrl,
      GRANTRY_ENCRYPTION_KEY: deployed.encryptionKey,
      GRANTRY_LOG_LEVEL: 'error',
    }),
  )
  try {
    const row = await ctx.db
      .selectFrom('connections')
      .select(({ fn }) => [fn.countAll().as('stored'), fn.count('end_user_id').distinct().as('different')])
      .executeTakeFirstOrThrow()
    return { stored: Number(row.stored), different: Number(row.different) }
  } finally {
    await closeContext(ctx)
  }
}
