import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { createTestDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import {
  addPlainIntegration,
  importTokens,
  type Minted,
  mintTokens,
  passTime,
  readToken,
  refreshCalls,
} from '../support/importing.ts'

/** A server whose storage can be made to take nothing, and to take everything again. */
type Place = {
  grantry: TestGrantry
  refuse(): Promise<void>
  allow(): Promise<void>
  close(): Promise<void>
}

const places: [string, 'full' | 'read_only', () => Promise<Place>][] = [
  ['SQLite on a disk that is full', 'full', onFullDisk],
  ['SQLite that may not be written', 'read_only', onReadOnlySqlite],
  ['PostgreSQL that may not be written', 'read_only', onReadOnlyPostgres],
]

describe.each(places)('%s', (_name, fault, open) => {
  test.skipIf(open === onFullDisk && !canMount())(
    'writes are 503 and not half done, no secret leaves, reads go on, what was received is kept, and all is well again',
    { timeout: 60_000 },
    async () => {
      const place = await open()
      const { grantry, refuse, allow } = place
      try {
        const integration = (await addPlainIntegration(grantry)).id
        const bring = async (expiresIn: number, tokens?: Minted) =>
          (await importTokens(grantry, integration, tokens ?? (await mintTokens(grantry)), { expiresIn })).id
        const valid = await bring(86_400)
        const expired = await bring(-1)
        const flying = await bring(3600)
        const acknowledged: string[] = []
        const write = async () => {
          const app = `app ${randomBytes(4).toString('hex')}`
          const answer = await grantry.call('POST', '/api/v1/apps', { name: app })
          if (answer.status === 201) acknowledged.push(app)
          return answer
        }
        expect((await write()).status).toBe(201)
        expect((await grantry.call('GET', '/readyz')).body).toEqual({ status: 'ready', writes: 'taken' })

        // One pair is on its way when the storage fails, database and spool alike.
        const { control } = grantry.sandbox!
        control.fault({ fault: 'hold', endpoint: 'token' })
        const flight = grantry.call('POST', `/api/v1/connections/${flying}/refresh`)
        await expect.poll(() => control.held()).toBe(1)
        await refuse()
        await untilRefused(write)
        control.release()
        expect((await flight).status).toBe(503)
        const calls = refreshCalls(grantry).length

        for (const answer of [
          await write(),
          await grantry.call('POST', '/api/v1/connect-sessions', { integration, end_user: { id: 'u' } }),
          await grantry.call('DELETE', `/api/v1/connections/${valid}`),
          await readToken(grantry, valid),
          await readToken(grantry, expired),
          await grantry.call('POST', `/api/v1/connections/${expired}/refresh`),
          await grantry.call('GET', `/api/v1/proxy/${valid}/me`),
        ]) {
          expect([answer.status, answer.body.code], answer.text).toEqual([503, 'storage_unavailable'])
          expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
          expect(answer.text).not.toContain('access_token"')
        }
        for (const path of [
          'connections',
          'apps',
          'events',
          'integrations',
          'account',
          `connections/${valid}`,
        ])
          expect((await grantry.call('GET', `/api/v1/${path}`)).status, path).toBe(200)
        grantry.clock.advance(3)
        expect(await grantry.call('GET', '/readyz')).toMatchObject({
          status: 200,
          body: { status: 'ready', writes: fault },
        })
        // Whatever is tried in the background, for however long, nothing goes to the provider and few lines to the log.
        const lines = grantry.logs().split('\n').length
        for (let turn = 0; turn < 20; turn++) await grantry.ctx.sweep(AbortSignal.abort())
        expect(refreshCalls(grantry).length).toBe(calls)
        expect(grantry.logs().split('\n').length - lines).toBeLessThanOrEqual(2)

        await allow()
        await expect.poll(async () => (await write()).status).toBe(201)
        grantry.clock.advance(3)
        expect((await grantry.call('GET', '/readyz')).body).toEqual({ status: 'ready', writes: 'taken' })
        // A lease that could not be let go runs out by itself, in 15 s that nobody has to wait for here.
        await grantry.ctx.db.updateTable('refresh_leases').set({ expires_at: 0 }).execute()
        for (let turn = 0; turn < 3; turn++) {
          passTime(grantry, 20)
          await grantry.ctx.sweep(AbortSignal.abort())
        }
        const apps = await grantry.call('GET', '/api/v1/apps?limit=200')
        const there = new Set(apps.body.data.map((app: { name: string }) => app.name))
        expect(acknowledged.filter((app) => !there.has(app))).toEqual([])
        for (const id of [valid, expired, flying]) expect((await readToken(grantry, id)).status, id).toBe(200)
        // The pair that came meanwhile was used: its parent was never sent again.
        const token = (await readToken(grantry, flying)).body.data.access_token
        expect(control.token(token)).toMatchObject({ live: true })
        expect(refreshCalls(grantry).length - calls).toBe(1)
      } finally {
        await allow().catch(() => {})
        await place.close()
      }
    },
  )
})

test('a file that may not grow: what is answered with 201 is there, everything else is 503', async () => {
  const grantry = await startTestGrantry({ sandbox: false, world: { background: false } })
  await sql`pragma max_page_count = 1`.execute(grantry.ctx.db)
  const acknowledged: string[] = []
  await untilRefused(async () => {
    const answer = await grantry.call('POST', '/api/v1/apps', { name: randomBytes(40).toString('hex') })
    if (answer.status === 201) acknowledged.push(answer.body.data.id)
    else expect(answer.body.code).toBe('storage_unavailable')
    return answer
  })
  await sql`pragma max_page_count = 1000000`.execute(grantry.ctx.db)
  expect((await grantry.call('POST', '/api/v1/apps', { name: 'again' })).status).toBe(201)
  const { body } = await grantry.call('GET', '/api/v1/apps?limit=200')
  const there = new Set(body.data.map(({ id }: { id: string }) => id))
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([])
  await grantry.close()
})

test('pairs that nothing has taken are told of when the process ends', async () => {
  const { grantry, refuse, close } = await onReadOnlySqlite()
  const integration = (await addPlainIntegration(grantry)).id
  const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
  const { control } = grantry.sandbox!
  control.fault({ fault: 'hold', endpoint: 'token' })
  const flight = grantry.call('POST', `/api/v1/connections/${id}/refresh`)
  await expect.poll(() => control.held()).toBe(1)
  await refuse()
  control.release()
  await flight
  await grantry.ctx.leaveSpool()
  expect(grantry.logs()).toContain('"pairs":1')
  await close()
})

/** What is left of a page or a block may still take a little. */
async function untilRefused(write: () => Promise<{ status: number; text: string }>): Promise<void> {
  for (let n = 0; n < 400; n++) {
    const { status, text } = await write()
    if (status === 503) return
    expect(status, text).toBeLessThan(300)
  }
  throw new Error('the storage took everything')
}

async function onReadOnlySqlite(): Promise<Place> {
  const grantry = await startTestGrantry({ world: { background: false } })
  const { db } = grantry.ctx
  const spool = join(grantry.dataDir, 'spool')
  return {
    grantry,
    async refuse() {
      // A file where the folder should be: nothing can be put into it, whoever tries.
      await rm(spool, { recursive: true, force: true })
      await writeFile(spool, '')
      await sql`pragma query_only = 1`.execute(db)
    },
    async allow() {
      await rm(spool, { force: true })
      await sql`pragma query_only = 0`.execute(db)
    },
    close: grantry.close,
  }
}

async function onFullDisk(): Promise<Place> {
  const disk = await mkdtemp(join(tmpdir(), 'grantry-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=700', 'tmpfs', disk])
  const ballast = join(disk, 'ballast')
  const grantry = await startTestGrantry({ env: { GRANTRY_DATA_DIR: disk }, world: { background: false } })
  return {
    grantry,
    async refuse() {
      const { bavail, bsize } = await statfs(disk)
      await writeFile(ballast, Buffer.alloc(bavail * bsize)).catch(() => {})
      for (;;)
        try {
          await appendFile(ballast, Buffer.alloc(4096))
        } catch (error) {
          expect(error).toMatchObject({ code: 'ENOSPC' })
          return
        }
    },
    allow: () => rm(ballast, { force: true }),
    async close() {
      await grantry.close()
      execFileSync('umount', [disk])
      await rm(disk, { recursive: true })
    },
  }
}

/** Mounting needs rights that not every machine gives. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const folder = join(tmpdir(), `grantry-mount-${randomBytes(4).toString('hex')}`)
  try {
    execFileSync('mkdir', [folder])
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    if (existsSync(folder)) execFileSync('rmdir', [folder])
  }
}

async function onReadOnlyPostgres(): Promise<Place> {
  const database = await createTestDatabase('postgres', 'migrated')
  const grantry = await startTestGrantry({ databaseUrl: database.url, world: { background: false } })
  const spool = join(grantry.dataDir, 'spool')
  const aside = join(grantry.dataDir, 'aside')
  const name = new URL(database.url).pathname.slice(1)
  const server = new URL(database.url)
  server.pathname = '/postgres'
  const set = async (value: 'on' | 'off') => {
    const client = new pg.Client({ connectionString: server.href })
    await client.connect()
    await client.query(`alter database ${name} set default_transaction_read_only = ${value}`)
    // It holds for sessions that begin from now on.
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = 'grantry'",
      [name],
    )
    await client.end()
  }
  return {
    grantry,
    async refuse() {
      await mkdir(spool, { recursive: true })
      await rename(spool, aside)
      await writeFile(spool, '')
      await set('on')
    },
    async allow() {
      await rm(spool, { recursive: true, force: true })
      await set('off')
    },
    async close() {
      await grantry.close()
      await database.drop()
    },
  }
}
