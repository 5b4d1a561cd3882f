import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { LoadOrder, LoadResult } from './generate-load.ts'
import type { RefreshOrder } from './refresh-load.ts'

/** A server in a process of its own. */
export type ServerProcess = {
  url: string
  /** Milliseconds from before the process was made to its first good answer. */
  startMs: number
  /** Resident memory now, and the most that it ever was, in MiB. */
  memory(): Promise<{ now: number; peak: number }>
  /** Milliseconds of CPU that it has used. */
  cpuMs(): Promise<number>
  stop(): Promise<void>
  /** As the machine would end it: at once. */
  kill(): Promise<void>
}

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url))

export type Deployment = { databaseUrl: string; encryptionKey: string; apiKey: string; dataDir: string }

/** As docs/deployment.md says to start it. */
const asDeployed = ['--max-semi-space-size=16']

/** Grantry as it runs in production: its own process, its own log, nothing of a development machine. */
export async function startGrantryProcess(
  { databaseUrl, encryptionKey, apiKey, dataDir }: Deployment,
  nodeFlags: string[] = [],
  settings: Record<string, string> = {},
): Promise<ServerProcess> {
  const port = Number(settings.GRANTRY_PORT ?? (await freePort()))
  const logPath = join(dataDir, `server-${port}.log`)
  const log = await open(logPath, 'w')
  const begun = performance.now()
  const child = spawn(
    process.execPath,
    [...asDeployed, ...nodeFlags, file('../packages/server/src/main.ts')],
    {
      stdio: ['ignore', log.fd, log.fd],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        NODE_COMPILE_CACHE: join(dataDir, '..', 'compiled'),
        GRANTRY_PORT: String(port),
        // As where the tokens were made: they are for one resource.
        GRANTRY_PUBLIC_URL: 'http://localhost:7001',
        GRANTRY_DATA_DIR: dataDir,
        GRANTRY_DATABASE_URL: databaseUrl,
        GRANTRY_ENCRYPTION_KEY: encryptionKey,
        GRANTRY_BOOTSTRAP_API_KEY: apiKey,
        GRANTRY_SANDBOX: '0',
        ...settings,
      },
    },
  )
  const url = `http://127.0.0.1:${port}`
  await untilAnswering(child, `${url}/readyz`, logPath)
  const startMs = performance.now() - begun
  return serverProcess(child, url, startMs, () => log.close())
}

export type Answer = { status: number; headers: Record<string, string>; body: string }

/** node:http answering what the other side answered. */
export async function startBareProcess(answer: Answer): Promise<ServerProcess> {
  const begun = performance.now()
  const child = spawn(process.execPath, [file('bare-server.ts'), JSON.stringify(answer)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const url = `http://127.0.0.1:${Number(line.toString())}`
  await (await fetch(url)).arrayBuffer()
  return serverProcess(child, url, performance.now() - begun, async () => {})
}

/** The other side of large bodies. */
export function startBulkProcess(): Promise<ServerProcess> {
  return startPrinting('bulk-server.ts')
}

/** A server of ours that prints its port. */
async function startPrinting(script: string, ...args: string[]): Promise<ServerProcess> {
  const begun = performance.now()
  const child = spawn(process.execPath, [file(script), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const url = `http://127.0.0.1:${Number(line.toString())}`
  return serverProcess(child, url, performance.now() - begun, async () => {})
}

/** One load run; throws where an answer was not a success, because its figures would be of something else. */
export async function load(order: LoadOrder): Promise<LoadResult> {
  const child = spawn(process.execPath, [file('generate-load.ts')], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(order))
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk
  const result = JSON.parse(text) as LoadResult
  if (result.refused > 0) throw new Error(`${result.refused} requests to ${order.url} failed`)
  return result
}

/** The same where each request needs what the one before brought. Returns the tokens to go on with, too. */
export async function refreshLoad(order: RefreshOrder): Promise<LoadResult & { refreshTokens: string[] }> {
  const child = spawn(process.execPath, [file('refresh-load.ts')], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(order))
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk
  const result = JSON.parse(text) as LoadResult & { refreshTokens: string[] }
  if (result.refused > 0) throw new Error(`${result.refused} refreshes at ${order.url} failed`)
  return result
}

/** What a server answers to one request, without what node:http adds to every answer by itself. */
export async function sample(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  const body = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${body}`)
  const own = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding'])
  const headers = Object.fromEntries([...response.headers].filter(([name]) => !own.has(name)))
  return { status: response.status, headers, body }
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGTERM')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

function serverProcess(
  child: ChildProcess,
  url: string,
  startMs: number,
  after: () => Promise<void>,
): ServerProcess {
  running.add(child)
  child.once('exit', () => running.delete(child))
  return {
    url,
    startMs,
    memory: () => readMemory(child.pid!),
    cpuMs: () => readCpu(child.pid!),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null
    child.kill(signal)
    await ended
    await after()
  }
}

/** Linux only; elsewhere the figures are missing. */
export async function readMemory(pid: number): Promise<{ now: number; peak: number }> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const mebibytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1]) / 1024
  return { now: mebibytes('VmRSS'), peak: mebibytes('VmHWM') }
}

/** Linux only; in hundredths of a second (proc(5): utime and stime). */
async function readCpu(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function untilAnswering(child: ChildProcess, url: string, logPath: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended:\n${await readFile(logPath, 'utf8')}`)
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (ok) return
    await sleep(5)
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
