import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePorts } from '../support/free-port.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'

const count = 3000
const main = fileURLToPath(new URL('../../packages/cli/bin/grantry.mjs', import.meta.url))
const header = 'key,end_user_id,access_token,refresh_token,expires_at\n'
const row = (n: number) => `k${n},u${n},${`access-${n}`.padEnd(200, 'x')},refresh-${n},2099-01-01T00:00:00Z\n`
const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => row(from + n)).join('')

let folder: string
let settings: Record<string, string> & { GRANTRY_BOOTSTRAP_API_KEY: string }
let server: ServerProcess
let integration: string
const children = new Set<ChildProcessWithoutNullStreams>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grantry-import-killed-'))
  settings = {
    GRANTRY_PORT: String(await freePorts()),
    GRANTRY_DATA_DIR: folder,
    GRANTRY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    GRANTRY_BOOTSTRAP_API_KEY: `test_key_${randomBytes(18).toString('base64url')}`,
    GRANTRY_SANDBOX: '0',
    GRANTRY_EGRESS_ALLOW: '127.0.0.1:9',
  }
  server = await startServerProcess(settings)
  const made = await server.call('POST', '/api/v1/integrations', {
    label: 'Nobody asks it',
    authorization_url: 'http://127.0.0.1:9/authorize',
    token_url: 'http://127.0.0.1:9/token',
    client_id: 'x',
    client_secret: 'x',
    validate: false,
  })
  expect(made.status, made.text).toBe(201)
  integration = made.body.data.id
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await server?.end('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** The command line as people run it, fed line by line. */
function startImport(report: string) {
  const args = ['import', '--from', 'csv', '-', '--integration', integration, '--report', report]
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GRANTRY_URL: server.url,
    GRANTRY_API_KEY: settings.GRANTRY_BOOTSTRAP_API_KEY,
  }
  const child = spawn(process.execPath, [main, ...args], { env, stdio: 'pipe', cwd: folder })
  children.add(child)
  child.stdin.on('error', () => {})
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk))
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal, printed }))
  const told = async () => (await readFile(report, 'utf8').catch(() => '')).split('\n').filter(Boolean)
  return { child, ended, told }
}

test('the command line is killed, then the server: all arrive, none twice', async () => {
  const first = startImport(join(folder, 'first.jsonl'))
  first.child.stdin.write(header + rows(0, 1200))
  await expect.poll(async () => (await first.told()).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(250)
  first.child.stdin.write(rows(1200, 2000))
  first.child.kill('SIGKILL')
  expect((await first.ended).signal).toBe('SIGKILL')

  const second = startImport(join(folder, 'second.jsonl'))
  second.child.stdin.write(header + rows(0, 2600))
  const created = async () => (await second.told()).filter((line) => line.includes('"created"')).length
  await expect.poll(created, { timeout: 30_000 }).toBeGreaterThan(0)
  second.child.stdin.write(rows(2600, 2900))
  await server.end('SIGKILL')
  second.child.stdin.end(rows(2900, count))
  server = await startServerProcess(settings)
  const { code, printed } = await second.ended
  expect(code, printed).toBe(0)
  expect((await second.told()).length).toBe(count)

  const third = startImport(join(folder, 'third.jsonl'))
  third.child.stdin.end(header + rows(0, count))
  expect((await third.ended).printed).toContain('3,000 there already.')
  await server.end()
  const db = new DatabaseSync(join(folder, 'grantry.db'), { readOnly: true })
  const one = (text: string) => Object.values(db.prepare(text).get() as object)[0]
  expect(one('select count(*) from connections')).toBe(count)
  expect(one('select count(distinct end_user_id) from connections')).toBe(count)
  expect(one('select count(*) from token_requests')).toBe(count)
  expect(one("select count(distinct connection_id) from events where type = 'connection.imported'")).toBe(
    count,
  )
  expect(one("select count(*) from events where type = 'connection.imported'")).toBe(count)
  db.close()
}, 120_000)
