import { type Dialect, Kysely, PostgresAdapter, sql } from 'kysely'
import { DatabaseError } from './errors.ts'
import type { Database } from './schema.ts'
import { sqliteDialect } from './sqlite-dialect.ts'

/**
 * The database handle is Kysely itself, whatever is behind it: operations and stores take a `Db` and do not know
 * whether they were given the whole database or a transaction. What differs between the two databases is asked
 * with {@link dialectOf}; end it with `db.destroy()`.
 */
export type Db<Tables = Database> = Kysely<Tables>

/** A handle of whatever tables, for what does not look at them. */
// biome-ignore lint/suspicious/noExplicitAny: Kysely's type is invariant in its tables
export type AnyDb = Kysely<any>

export type DialectName = 'sqlite' | 'postgres'

export type DatabaseOptions = {
  /** PostgreSQL: connections of this process. Default 10. */
  poolSize?: number
  /** Told what is not as it should be but does not stop the start, and of connections lost while idle. */
  onWarning?: (message: string) => void
}

/**
 * Opens `sqlite:PATH`, `sqlite::memory:` (unit tests only) or `postgres://…`, and reads back what durability rests on.
 * @throws {DatabaseError} when the URL is not one of these, or the database does not keep what it acknowledges
 */
export async function openDatabase<Tables = Database>(
  url: string,
  options: DatabaseOptions = {},
): Promise<Db<Tables>> {
  const db = new Kysely<Tables>({ dialect: await dialectFor(url, options) })
  // Kysely connects at the first query, and only closes what it has connected.
  await sql`select 1`.execute(db)
  return db
}

async function dialectFor(url: string, options: DatabaseOptions): Promise<Dialect> {
  if (url.startsWith('sqlite:')) return sqliteDialect(url.slice('sqlite:'.length))
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { postgresDialect } = await import('./postgres-dialect.ts')
    return postgresDialect(url, options)
  }
  throw new DatabaseError('The database URL must start with sqlite: or postgres://')
}

export function dialectOf(db: AnyDb): DialectName {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}
