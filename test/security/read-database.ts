import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { dialectOf } from '../../packages/server/src/db/connect.ts'
import type { TestGrantry } from '../support/grantry.ts'
import { tablesOf } from './rows.ts'

/** All that a database holds, byte by byte where it is files (with WAL and index), else each row of each table. */
export async function readDatabase(
  grantry: Pick<TestGrantry, 'ctx'>,
  url: string,
): Promise<Map<string, Buffer>> {
  if (dialectOf(grantry.ctx.db) === 'sqlite') return readFolder(dirname(url.replace('sqlite:', '')))
  const found = new Map<string, Buffer>()
  for (const table of await tablesOf(grantry)) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(
      grantry.ctx.db,
    )
    const cells = rows.flatMap((row) =>
      Object.values(row).map((cell) =>
        cell instanceof Uint8Array ? Buffer.from(cell) : Buffer.from(`${cell}\n`),
      ),
    )
    found.set(table, Buffer.concat(cells))
  }
  return found
}

export async function readFolder(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return new Map(
    await Promise.all(
      files.map(
        async ({ parentPath, name }): Promise<[string, Buffer]> => [
          name,
          await readFile(join(parentPath, name)),
        ],
      ),
    ),
  )
}
