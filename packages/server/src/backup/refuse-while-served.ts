import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import type { Db } from '../db/connect.ts'
import { isBusy } from '../db/sqlite-busy.ts'
import { BackupError } from './errors.ts'

/**
 * A server holds its file open for as long as it lives, also when it has nothing to do.
 * @throws BackupError while anybody else has the database open
 */
export function refuseWhileServed(file: string): void {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: 0 })
    database.exec('pragma locking_mode = exclusive')
    database.exec('begin exclusive')
    database.exec('commit')
  } catch (error) {
    if (isBusy(error))
      throw new BackupError(`A server runs on ${file}: stop it, and start it again afterwards.`, {
        cause: error,
      })
    // So damaged that it cannot be opened: no server can either.
  } finally {
    database?.close()
  }
}

/** The same of a PostgreSQL, by the name that every process of Grantry gives its connections. */
export async function refuseWhileConnected(db: Db): Promise<void> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name = 'grantry' and pid <> pg_backend_pid()`.execute(
    db,
  )
  if (rows[0]!.count > 0)
    throw new BackupError(
      `${rows[0]!.count} connections of Grantry are open to this database: stop every process of it, and start them afterwards.`,
    )
}
