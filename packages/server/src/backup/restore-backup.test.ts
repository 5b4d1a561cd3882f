import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { decodeId } from '@grantry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../../../../test/support/cli.ts'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration, importTokens, mintTokens } from '../../../../test/support/importing.ts'
import { SECRET_MARK } from '../../../sandbox/src/secret-mark.ts'
import { readConfig } from '../config.ts'
import { createSpool } from '../connections/refresh/spool.ts'
import { sleep } from '../db/database-clock.ts'
import { withSandbox } from '../start.ts'
import { manifestOf, readManifest } from './manifest.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

const key = randomBytes(32).toString('base64')
let folder: string
let backup: string
let server: TestGrantry
/** Names of apps whose making was answered, before and after the backup began. */
const acknowledged: string[] = []
let began: number
const ids: Record<string, string> = {}

const clock = { now: Date.now, sleep }
const configFor = (dataDir: string, env: Record<string, string> = { GRANTRY_ENCRYPTION_KEY: key }) =>
  readConfig({ GRANTRY_DATA_DIR: dataDir, ...env })
const restore = (dataDir: string, options: { replace?: boolean; env?: Record<string, string> } = {}) =>
  restoreBackup({ config: configFor(dataDir, options.env), clock, random: randomBytes }, backup, options)
const processEnv = (dataDir: string) => ({
  GRANTRY_DATA_DIR: dataDir,
  GRANTRY_ENCRYPTION_KEY: key,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '',
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grantry-backup-'))
  backup = join(folder, 'backup.db')
  server = await startTestGrantry({ encryptionKey: key, world: { background: false } })
  const plain = (await addPlainIntegration(server)).id
  const mail = (await addSandboxIntegration(server, 'gmail')).id
  for (const name of ['rotated', 'idle', 'spooled', 'rescued'])
    ids[name] = (
      await importTokens(server, plain, await mintTokens(server), { expiresIn: 3600, end_user: { id: name } })
    ).id
  ids.constant = (await connectAccount(server, { integration: mail, end_user: { id: 'constant' } })).id
  await moveToSpool('spooled')

  let writing = true
  const writer = (async () => {
    for (let n = 0; writing; n++) {
      const answer = await server.call('POST', '/api/v1/apps', { name: `app ${n}` })
      if (answer.status === 201) acknowledged.push(`app ${n}`)
    }
  })()
  while (acknowledged.length < 10) await sleep(5)
  began = acknowledged.length
  const made = await runCli(['backup', backup, '--json'], { env: processEnv(server.dataDir) })
  const ended = acknowledged.length
  writing = false
  await writer
  expect(made.code, made.stderr).toBe(0)
  expect(made.json).toMatchObject({
    file: backup,
    root_key: 'GRANTRY_ENCRYPTION_KEY',
    counts: { connections: 5 },
  })
  // Nobody who wrote had to wait for it.
  expect(ended - began).toBeGreaterThan(10)
  // Since then tokens were replaced at their provider.
  for (let n = 0; n < 2; n++)
    expect((await server.call('POST', `/api/v1/connections/${ids.rotated}/refresh`)).status).toBe(200)
})
afterAll(async () => {
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

/** As after a database that was away: the newest pair is on the disk, and the journal waits for it. */
async function moveToSpool(name: string): Promise<void> {
  const { db } = server.ctx
  const of = () =>
    db.selectFrom('connections').selectAll().where('end_user_id', '=', name).executeTakeFirstOrThrow()
  const before = await of()
  const parent = await db
    .selectFrom('token_requests')
    .selectAll()
    .where('id', '=', before.token_request_id!)
    .executeTakeFirstOrThrow()
  const { id, tokens } = await refreshIntoSpool(name, server.dataDir)
  const none = Object.fromEntries(Object.keys(tokens).map((column) => [column, null]))
  await db
    .updateTable('token_requests')
    .set({ ...none, outcome: null, settle_at: server.clock.now() })
    .where('id', '=', id)
    .execute()
  const { access_token, refresh_token } = parent
  await db
    .updateTable('token_requests')
    .set({ access_token, refresh_token })
    .where('id', '=', parent.id)
    .execute()
  await db
    .updateTable('connections')
    .set({ token_request_id: parent.id, refresh_token_hash: before.refresh_token_hash })
    .where('id', '=', before.id)
    .execute()
}

/** Refreshes it, and writes the pair that came into the spool of another data folder too. */
async function refreshIntoSpool(name: string, dataDir: string) {
  const { db, log } = server.ctx
  expect((await server.call('POST', `/api/v1/connections/${ids[name]}/refresh`)).status).toBe(200)
  const row = await db
    .selectFrom('token_requests')
    .selectAll()
    .where('connection_id', '=', decodeId('con', ids[name]!)!)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const { workspace_id, id, integration_id, connection_id } = row
  const tokens = {
    received_at: row.received_at,
    access_token: row.access_token,
    refresh_token: row.refresh_token,
    refresh_token_hash: row.refresh_token_hash,
    token_type: row.token_type,
    scopes: row.scopes,
    expires_at: row.expires_at,
    lifetime: row.lifetime,
    refresh_lifetime: row.refresh_lifetime,
  }
  const of = { integration_id, connection_id }
  await createSpool({ log }, join(dataDir, 'spool')).put({ workspace_id, id, tokens, of })
  return { id, tokens }
}

test('a backup under load is of one moment, sound, private, and has every write that was answered before', async () => {
  const database = new DatabaseSync(backup, { readOnly: true })
  expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  const apps = new Set(
    database
      .prepare('select name from apps')
      .all()
      .map(({ name }) => String(name)),
  )
  const events = Number(
    database.prepare("select count(*) as n from events where type = 'app.created'").get()!.n,
  )
  database.close()
  expect(acknowledged.slice(0, began).filter((name) => !apps.has(name))).toEqual([])
  // Each was written with its event, in one transaction.
  expect(events).toBe(apps.size)
  for (const path of [backup, manifestOf(backup)]) {
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const bytes = await readFile(path)
    for (const secret of [SECRET_MARK, key, server.apiKey, server.operatorKey])
      expect(bytes.includes(secret)).toBe(false)
    expect(bytes.includes(Buffer.from(key, 'base64'))).toBe(false)
  }
  expect((await readdir(folder)).sort()).toEqual(['backup.db', 'backup.db.json'])
  expect(await readManifest(backup)).toMatchObject({ counts: { connections: 5, spooled: 1 } })
})

test('what was answered just before it began is in it', async () => {
  const { status } = await server.call('POST', '/api/v1/apps', { name: 'the last' })
  expect(status).toBe(201)
  const target = join(await mkdtemp(join(folder, 'again-')), 'backup.db')
  await writeBackup({ config: configFor(server.dataDir), log: server.ctx.log, now: Date.now }, target)
  const database = new DatabaseSync(target, { readOnly: true })
  expect(database.prepare("select name from apps where name = 'the last'").all()).toHaveLength(1)
  database.close()
  await rm(dirname(target), { recursive: true })
})

test('neither takes the place of another file, nor is left half written', async () => {
  const again = writeBackup({ config: configFor(server.dataDir), log: server.ctx.log, now: Date.now }, backup)
  await expect(again).rejects.toThrow(/exists/)
  const nowhere = join(folder, 'none', 'backup.db')
  const lost = writeBackup({ config: configFor(server.dataDir), log: server.ctx.log, now: Date.now }, nowhere)
  await expect(lost).rejects.toThrow(/no folder/)
  expect(await readdir(folder)).toHaveLength(2)
})

test('with PostgreSQL nothing is written, and the command to run is told without the password', async () => {
  const config = readConfig({
    GRANTRY_DATABASE_URL: 'postgres://grantry:hunter2secret@db.internal/grantry',
    GRANTRY_ENCRYPTION_KEY: key,
  })
  const refused = writeBackup({ config, log: server.ctx.log, now: Date.now }, join(folder, 'pg.dump')).catch(
    (error: Error) => error.message,
  )
  expect(await refused).toContain('pg_dump --format=custom')
  expect(await refused).toContain('--host=db.internal --port=5432 --username=grantry grantry')
  expect(await refused).not.toContain('hunter2secret')
})

test('another root key, none, a damaged copy: refused before anything is changed', async () => {
  const target = join(folder, 'refused')
  const other = randomBytes(32).toString('base64')
  const refusals: [RegExp, () => Promise<unknown>][] = [
    [/another root key/, () => restore(target, { env: { GRANTRY_ENCRYPTION_KEY: other } })],
    [/root\.key/, () => restore(target, { env: {} })],
    [
      /SHA-256/,
      async () => {
        const whole = await readFile(backup)
        const damaged = Buffer.from(whole)
        damaged[damaged.length >> 1]! ^= 1
        await writeFile(backup, damaged)
        await restore(target).finally(() => writeFile(backup, whole))
      },
    ],
    [
      /manifest/,
      async () => {
        const text = await readFile(manifestOf(backup))
        await rm(manifestOf(backup))
        await restore(target).finally(() => writeFile(manifestOf(backup), text))
      },
    ],
  ]
  for (const [why, attempt] of refusals) {
    await expect(attempt(), String(why)).rejects.toThrow(why)
    expect(existsSync(target) ? await readdir(target) : [], String(why)).toEqual([])
  }
})

test('restored into an empty folder it serves: what is valid, what can be renewed; and lists the rest', async () => {
  const home = join(folder, 'restored')
  const made = await runCli(['restore', backup, '--json'], { env: processEnv(home) })
  expect(made.code, made.stderr).toBe(0)
  expect(made.json).toMatchObject({ epoch: 1, connections: 5, aside: null })
  expect(await readdir(home)).toEqual(['grantry.db'])
  expect((await stat(join(home, 'grantry.db'))).mode & 0o777).toBe(0o600)
  await expect(restore(home)).rejects.toThrow(/--replace/)

  const { control } = server.sandbox!
  const calls = () => control.calls({ endpoint: 'token', grant_type: 'refresh_token' }).length
  const restored = await startTestGrantry({
    sandbox: false,
    encryptionKey: key,
    databaseUrl: `sqlite:${join(home, 'grantry.db')}`,
    world: withSandbox({ background: false }, server.sandbox!),
  })
  try {
    await expect(restore(home, { replace: true })).rejects.toThrow(/A server runs/)
    // Received after the backup, when the database was already lost: a file of the spool is all that knows of it.
    await refreshIntoSpool('rescued', restored.dataDir)
    const token = (name: string) =>
      restored.call('GET', `/api/v1/connections/${ids[name]}/token`, undefined, { key: server.apiKey })
    const before = calls()
    await restored.ctx.sweep(AbortSignal.abort())
    for (const name of Object.keys(ids)) expect((await token(name)).status, name).toBe(200)
    expect(calls()).toBe(before)
    restored.clock.advance(3600)
    control.clock.advance(3600)
    const answers = await Promise.all(
      Object.keys(ids).map(async (name) => [name, (await token(name)).status]),
    )
    expect(Object.fromEntries(answers)).toEqual({
      rotated: 409,
      idle: 200,
      spooled: 200,
      rescued: 200,
      constant: 200,
    })
    expect(calls() - before).toBe(5)
    const listed = await restored.call('GET', '/api/v1/connections?reason=restored', undefined, {
      key: server.apiKey,
    })
    expect(listed.body.data.map(({ id }: { id: string }) => id)).toEqual([ids.rotated])
  } finally {
    await restored.close()
  }
  // Moved aside, with whatever lies beside it; never deleted.
  const again = await restore(home, { replace: true })
  expect(again.aside).toMatch(/grantry\.db\.before-restore-\d{8}T\d{6}Z$/)
  expect((await readdir(home)).filter((name) => !name.includes('before-restore'))).toEqual(['grantry.db'])
  const aside = new DatabaseSync(again.aside!)
  expect(aside.prepare('select max(epoch) as epoch from restores').get()).toEqual({ epoch: 1 })
  aside.close()
})
