import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { openTemporaryFolder, postgresBinaries } from './postgres-binaries.ts'

export type PostgresOptions = {
  /** Whether what is committed survives a crash of the machine. Default true; most tests can do without. */
  fsync?: boolean
  /** More server settings, as in postgresql.conf. */
  settings?: Record<string, string>
}

export type PostgresServer = {
  /** Of its maintenance database, as superuser; replace the path for another one. */
  url: string
  /** Of the postmaster. */
  pid: number
  /** Ends the server and removes its files. */
  stop(): Promise<void>
}

export type GuardOrder = {
  program: string
  arguments: string[]
  environment: Record<string, string>
  folder: string
  user: User
}

type User = { uid?: number; gid?: number }

const READY_WITHIN_MS = 60_000
const run = promisify(execFile)

/** Starts a PostgreSQL of its own on a free loopback port, with an empty data folder; it ends with this process. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const binaries = await postgresBinaries()
  const user = await serverUser()
  const folder = await mkdtemp(join(await openTemporaryFolder(), 'grantry-pg-'))
  try {
    if (user.uid !== undefined) await chown(folder, user.uid, user.gid!)
    const password = randomBytes(16).toString('hex')
    await initialise(binaries, folder, user, password)
    return await launch(binaries, folder, user, password, options)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** PostgreSQL refuses to be root, so root starts it as nobody. */
async function serverUser(): Promise<User> {
  if (process.getuid?.() !== 0) return {}
  const nobody = /^nobody:[^:]*:(\d+):(\d+):/m.exec(await readFile('/etc/passwd', 'utf8').catch(() => ''))
  return { uid: Number(nobody?.[1] ?? 65_534), gid: Number(nobody?.[2] ?? 65_534) }
}

async function initialise(binaries: string, folder: string, user: User, password: string): Promise<void> {
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (user.uid !== undefined) await chown(passwordFile, user.uid, user.gid!)
  const flags = ['--no-sync', '--no-instructions', '--encoding=UTF8', '--locale=C', '--username=grantry']
  const access = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  // The password is random: stretching it would only slow each connection down.
  const settings = ['-c', 'scram_iterations=1']
  await run(join(binaries, 'bin', 'initdb'), ['-D', join(folder, 'data'), ...flags, ...access, ...settings], {
    cwd: folder,
    env: environment(binaries),
    ...user,
  })
}

async function launch(
  binaries: string,
  folder: string,
  user: User,
  password: string,
  { fsync = true, settings = {} }: PostgresOptions,
): Promise<PostgresServer> {
  const port = await freePort()
  const server = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: process.platform === 'win32' ? '' : folder,
    max_connections: '200',
    ...(!fsync && { fsync: 'off', full_page_writes: 'off' }),
    ...settings,
  }
  const order: GuardOrder = {
    program: join(binaries, 'bin', 'postgres'),
    arguments: [
      '-D',
      join(folder, 'data'),
      ...Object.entries(server).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    environment: environment(binaries),
    folder,
    user,
  }
  // The guard removes the folder at the end, so what the server said must be read from an open file.
  const log = await open(join(folder, 'log'), 'w+')
  const guard = spawn(
    process.execPath,
    [fileURLToPath(new URL('postgres-guard.ts', import.meta.url)), JSON.stringify(order)],
    {
      stdio: ['pipe', log.fd, log.fd],
    },
  )
  const ended = once(guard, 'exit')
  const stop = async () => {
    guard.ref()
    guard.stdin!.end()
    await ended
    await log.close().catch(() => {})
  }
  const url = `postgres://grantry:${password}@127.0.0.1:${port}/postgres`
  try {
    await answering(url, () => guard.exitCode !== null)
    const pid = Number((await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])
    // Neither may keep this process alive: the guard sees it end.
    guard.unref()
    ;(guard.stdin as unknown as { unref(): void }).unref()
    return { url, pid, stop }
  } catch (cause) {
    const said = await log.read(Buffer.alloc(4_096), 0, 4_096, 0)
    await stop()
    throw new Error(`PostgreSQL did not start: ${said.buffer.toString('utf8', 0, said.bytesRead)}`, { cause })
  }
}

async function answering(url: string, hasEnded: () => boolean): Promise<void> {
  for (const deadline = performance.now() + READY_WITHIN_MS; ; await sleep(20)) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      return
    } catch (error) {
      if (hasEnded() || performance.now() > deadline) throw error
    } finally {
      await client.end().catch(() => {})
    }
  }
}

function environment(binaries: string): Record<string, string> {
  const libraries = join(binaries, 'lib')
  return {
    PATH: process.env.PATH ?? '',
    LD_LIBRARY_PATH: libraries,
    DYLD_LIBRARY_PATH: libraries,
    LC_ALL: 'C',
    HOME: userInfo().homedir,
    ...(process.env.SystemRoot && { SystemRoot: process.env.SystemRoot }),
  }
}
