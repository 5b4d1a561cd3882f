import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../packages/server/src/db/connect.ts'
import { migrate } from '../../packages/server/src/db/migrate.ts'
import { migrations } from '../../packages/server/src/db/migrations/index.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Asked for the run's PostgreSQL and its templates (`Templates` as JSON), made at the first question. */
    postgresDesk: string
  }
}

/** What databases are copied from, which costs a tenth of making and migrating each. */
export type Templates = { url: string; empty: string; migrated: string }

/** One PostgreSQL for the whole run, and none for a run whose tests ask for none. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let server: Promise<PostgresServer> | undefined
  let templates: Promise<Templates> | undefined
  const desk = createServer((_request, response) => {
    server ??= startPostgres({ fsync: false })
    templates ??= server.then(({ url }) => makeTemplates(url))
    templates.then(
      (made) => response.end(JSON.stringify(made)),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  desk.listen(0, '127.0.0.1')
  await once(desk, 'listening')
  project.provide('postgresDesk', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`)
  return async () => {
    desk.close()
    await (await server)?.stop()
  }
}

async function makeTemplates(url: string): Promise<Templates> {
  const [empty, migrated] = ['template_empty', 'template_migrated']
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create database ${empty}`)
  await client.query(`create database ${migrated} template ${empty}`)
  await client.end()
  const its = new URL(url)
  its.pathname = migrated
  const db = await openDatabase(its.href)
  await migrate(db, migrations, () => Date.now())
  await db.destroy()
  return { url, empty, migrated }
}
