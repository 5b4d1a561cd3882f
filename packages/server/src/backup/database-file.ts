import type { Config } from '../config.ts'
import { filePath } from '../db/sqlite-file.ts'
import { BackupError } from './errors.ts'

/**
 * The file of the database that a configuration names.
 * @param otherwise what to do where it is a PostgreSQL
 * @throws BackupError
 */
export function databaseFile({ databaseUrl }: Pick<Config, 'databaseUrl'>, otherwise: string): string {
  const url = databaseUrl.expose()
  if (!url.startsWith('sqlite:')) throw new BackupError(otherwise)
  const path = url.slice('sqlite:'.length)
  if (path === ':memory:') throw new BackupError('A database in memory has no file.')
  return filePath(path)
}
