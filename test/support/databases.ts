import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { type Db, type DialectName, openDatabase } from '../../packages/server/src/db/connect.ts'
import { type Migration, migrate } from '../../packages/server/src/db/migrate.ts'
import type { Database } from '../../packages/server/src/db/schema.ts'
import type { Templates } from './postgres-setup.ts'
import { writeMigratedFile } from './sqlite-file.ts'

/** Opens the suite's database, one more handle at each call; all are closed at the end of the suite. */
export type OpenDatabase = {
  <Tables = Database>(): Promise<Db<Tables>>
  dialect: DialectName
  /** For tests that start processes of their own. Known once the suite runs. */
  readonly url: string
}

export type SuiteOptions = {
  /** What is applied before the tests; the product's own by default. */
  migrations?: readonly Migration[]
}

/**
 * A suite that runs on SQLite and on PostgreSQL, each time with a database of its own.
 * @example eachDatabase('api keys', (open) => { test('…', async () => { const db = await open() }) })
 */
export function eachDatabase(
  name: string,
  suite: (open: OpenDatabase) => void,
  options: SuiteOptions = {},
): void {
  describe.each(['sqlite', 'postgres'] as const)(`${name} (%s)`, (dialect) => {
    const handles: Db<unknown>[] = []
    let database: TestDatabase | undefined

    beforeAll(async () => {
      const { migrations } = options
      database = await createTestDatabase(dialect, migrations ? 'empty' : 'migrated')
      if (!migrations) return
      const db = await openDatabase(database.url)
      await migrate(db, migrations, () => Date.now())
      await db.destroy()
    })
    afterAll(async () => {
      for (const db of handles) await db.destroy()
      await database?.drop()
    })

    const open = async <Tables>() => {
      const db = await openDatabase<Tables>(database!.url)
      handles.push(db as Db<unknown>)
      return db
    }
    suite(
      Object.defineProperty(Object.assign(open, { dialect }), 'url', {
        get: () => database!.url,
      }) as OpenDatabase,
    )
  })
}

export type TestDatabase = { url: string; drop(): Promise<void> }

/**
 * A database of its own: a file in a folder of its own, or a database with a random name.
 * @param like empty, or with the product's migrations applied
 */
export async function createTestDatabase(
  dialect: DialectName,
  like: 'empty' | 'migrated' = 'empty',
): Promise<TestDatabase> {
  if (dialect === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'grantry-test-'))
    const file = join(folder, 'grantry.db')
    if (like === 'migrated') await writeMigratedFile(file)
    return {
      url: `sqlite:${file}`,
      drop: () => rm(folder, { recursive: true, force: true }),
    }
  }
  const { url: server, ...templates } = await askDesk()
  const name = `test_${randomBytes(8).toString('hex')}`
  await command(server, `create database ${name} template ${templates[like]}`)
  const url = new URL(server)
  url.pathname = name
  return { url: url.href, drop: () => command(server, `drop database ${name} with (force)`) }
}

/** The run's PostgreSQL, as superuser; it starts at the first call. */
export async function postgresUrl(): Promise<string> {
  return (await askDesk()).url
}

async function askDesk(): Promise<Templates> {
  const answer = await fetch(inject('postgresDesk'))
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return JSON.parse(text) as Templates
}

async function command(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}
