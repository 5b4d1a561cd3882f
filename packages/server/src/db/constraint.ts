/**
 * Whether a write was refused because a row with the same key exists.
 *
 * `constraint` is the name that PostgreSQL gives by itself: `apps_pkey`, `api_keys_workspace_id_name_key`; unique indexes
 * must be named like that too (table, columns, `key`). SQLite names the columns only, and the name is made from them.
 */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const violated = violatedUnique(error)
  return violated !== null && (constraint === undefined || violated === constraint)
}

/** Whether a write was refused because what it refers to does not exist, or a delete because something refers to it. */
export function isForeignKeyViolation(error: unknown): boolean {
  const { code, errcode } = factsOf(error)
  return code === PG_FOREIGN_KEY || (code === 'ERR_SQLITE_ERROR' && errcode === SQLITE_FOREIGN_KEY)
}

const PG_UNIQUE = '23505'
const PG_FOREIGN_KEY = '23503'
const SQLITE_PRIMARY_KEY = 1555
const SQLITE_UNIQUE = 2067
const SQLITE_FOREIGN_KEY = 787

type Facts = { code?: unknown; errcode?: unknown; constraint?: unknown; message?: unknown }

function factsOf(error: unknown): Facts {
  return typeof error === 'object' && error !== null ? error : {}
}

function violatedUnique(error: unknown): string | null {
  const { code, errcode, constraint, message } = factsOf(error)
  if (code === PG_UNIQUE) return String(constraint)
  if (code !== 'ERR_SQLITE_ERROR' || (errcode !== SQLITE_UNIQUE && errcode !== SQLITE_PRIMARY_KEY))
    return null
  const columns = String(message).replace('UNIQUE constraint failed: ', '').split(', ')
  // An index on an expression is reported by its name: index 'apps_lower_key'.
  const index = /^index '(.+)'$/.exec(columns[0]!)
  if (index) return index[1]!
  const table = columns[0]!.split('.')[0]!
  if (errcode === SQLITE_PRIMARY_KEY) return `${table}_pkey`
  return [table, ...columns.map((column) => column.slice(table.length + 1)), 'key'].join('_')
}
