import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { storageFault } from './storage-fault.ts'

test.each([
  [{ code: '53100' }, 'full'],
  [{ code: 'ENOSPC' }, 'full'],
  [{ code: '25006' }, 'read_only'],
  [{ code: 'EROFS' }, 'read_only'],
  [{ code: '53300' }, 'unavailable'],
  [{ code: '57P01' }, 'unavailable'],
  [{ code: '08006' }, 'unavailable'],
  [{ code: '58030' }, 'unavailable'],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 10 | (3 << 8) }, 'unavailable'],
  [{ message: 'Connection terminated unexpectedly' }, 'unavailable'],
  [{ code: '23505' }, null],
  [{ code: '22P02' }, null],
  [{ message: 'x is not a function' }, null],
])('%o: %s', (error, fault) => {
  expect(storageFault(error)).toBe(fault)
})

test("SQLite's own: a file that may not grow, one that may not be written, one that is not whole", () => {
  const database = new DatabaseSync(':memory:')
  database.exec('create table t (x)')
  const of = (sql: string) => {
    try {
      database.exec(sql)
    } catch (error) {
      return storageFault(error)
    }
    return 'taken'
  }
  expect(of('insert into t values (1)')).toBe('taken')
  expect(of('insert into gone values (1)')).toBe('unavailable')
  database.exec('pragma max_page_count = 1')
  expect(of('insert into t values (randomblob(100000))')).toBe('full')
  database.exec('pragma query_only = 1')
  expect(of('delete from t')).toBe('read_only')
  database.close()
})
