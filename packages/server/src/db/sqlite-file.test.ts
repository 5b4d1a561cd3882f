import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { setPragma } from './sqlite-file.ts'

test('a setting that SQLite silently does not take stops the start', () => {
  const database = new DatabaseSync(':memory:')
  expect(() => setPragma(database, 'foreign_keys', 1)).not.toThrow()
  expect(() => setPragma(database, 'journal_mode', 'wal')).toThrow(
    /did not take journal_mode = wal: it is memory/,
  )
  database.close()
})
