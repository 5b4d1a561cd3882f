import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../../packages/server/src/config.ts'
import type { Clock, World } from '../../packages/server/src/context.ts'
import { createDatabaseClock } from '../../packages/server/src/db/database-clock.ts'
import { type Argon2, argon2id } from '../../packages/server/src/members/argon2.ts'
import { type Grantry, startGrantry } from '../../packages/server/src/start.ts'
import { freePort } from './free-port.ts'
import { writeMigratedFile } from './sqlite-file.ts'

/** A clock that can be moved, and else never runs back: what is scheduled by it still takes its real time. */
export type TestClock = Clock & { advance(seconds: number): void }

export function createTestClock(): TestClock {
  const host = createDatabaseClock()
  let offset = 0
  return {
    now: () => host.now() + offset,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(done, ms)
        function done() {
          clearTimeout(timer)
          signal?.removeEventListener('abort', done)
          resolve()
        }
        if (signal?.aborted) done()
        else signal?.addEventListener('abort', done)
      }),
    advance(seconds) {
      offset += seconds * 1000
    },
  }
}

export type Answer<T = Record<string, unknown>> = { status: number; headers: Headers; text: string; body: T }

/** A server in this process with the sandbox beside it, and a client that holds its first API key. */
export type TestGrantry = Grantry & {
  url: string
  apiKey: string
  operatorKey: string
  clock: TestClock
  /** Everything that was logged, as one text. */
  logs: () => string
  dataDir: string
  /** Calls the API as JSON; `key: null` without a credential. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer<any>>
}

export type CallOptions = { key?: string | null; headers?: Record<string, string> }

export type TestOptions = {
  /** From `createTestDatabase` or `eachDatabase`; a SQLite file of its own by default. */
  databaseUrl?: string
  env?: Record<string, string>
  world?: World
  encryptionKey?: string
  sandbox?: boolean
  /** Catalogue entries as an operator writes them: merged field by field over the shipped ones. */
  providers?: Record<string, unknown>
}

/** Starts a server on free ports. Everything it opens is closed by `close()`. */
export async function startTestGrantry(options: TestOptions = {}): Promise<TestGrantry> {
  const dataDir = await mkdtemp(join(tmpdir(), 'grantry-server-'))
  const apiKey = `test_key_${randomBytes(18).toString('base64url')}`
  const operatorKey = `test_operator_${randomBytes(18).toString('base64url')}`
  const clock = createTestClock()
  const lines: string[] = []
  const log = pino({ level: 'debug', base: null }, { write: (line: string) => void lines.push(line) })
  const port = await freePort()
  const providersFile = join(dataDir, 'providers.json')
  if (options.providers) await writeFile(providersFile, JSON.stringify(options.providers))
  const config = readConfig({
    GRANTRY_PORT: String(port),
    GRANTRY_DATA_DIR: dataDir,
    GRANTRY_DATABASE_URL: options.databaseUrl,
    GRANTRY_ENCRYPTION_KEY: options.encryptionKey ?? randomBytes(32).toString('base64'),
    GRANTRY_BOOTSTRAP_API_KEY: apiKey,
    GRANTRY_OPERATOR_KEY: operatorKey,
    GRANTRY_SANDBOX: options.sandbox === false ? '0' : '1',
    GRANTRY_EGRESS_ALLOW: '',
    GRANTRY_PROVIDERS_FILE: options.providers ? providersFile : undefined,
    ...options.env,
  })
  const file = join(dataDir, 'grantry.db')
  if (config.databaseUrl.expose() === `sqlite:${file}`) await writeMigratedFile(file)
  // The sandbox takes any free port of its own, so that suites can run side by side.
  const free = config.sandbox.enabled ? { ...config, sandbox: { enabled: true as const, port: 0 } } : config
  const grantry = await startGrantry(free, { log, clock, argon2: cheapArgon2, ...options.world })
  const url = config.publicUrl
  return {
    ...grantry,
    url,
    apiKey,
    operatorKey,
    clock,
    dataDir,
    logs: () => {
      // Asked after each call of thousands: what has been put together stays so.
      if (lines.length > 1) lines.splice(0, lines.length, lines.join(''))
      return lines[0] ?? ''
    },
    async call(method, path, body, { key = apiKey, headers = {} } = {}) {
      const response = await fetch(path.startsWith('http') ? path : `${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const json = /[/+]json\b/.test(response.headers.get('content-type') ?? '') && text !== ''
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: json ? JSON.parse(text) : null,
      }
    },
    async close() {
      await grantry.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** For a thousandth of its price: hundreds of people sign up in the tests. What a hash costs is the matter of its own test. */
const cheapArgon2: Argon2 = (parameters) => argon2id({ ...parameters, memory: 64, passes: 1 })
