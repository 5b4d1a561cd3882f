import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { MOST_ROWS, preparedInsert, rowsAtOnce } from './prepared-insert.ts'
import type { AppRow } from './schema.ts'

const insertApps = preparedInsert('apps', ['id', 'workspace_id', 'name', 'created_at'])
const workspace = '00000000-0000-7000-8000-000000000001'

function apps(count: number, from: number): AppRow[] {
  return Array.from({ length: count }, (_each, index) => ({
    workspace_id: workspace,
    id: `00000000-0000-7000-8000-${String(from + index).padStart(12, '0')}`,
    name: `App ${from + index}`,
    created_at: from + index,
  }))
}

eachDatabase('a prepared insert', (open) => {
  test('stores each row with its own values, whatever their number', async () => {
    const db = await open()
    const rows = [apps(1, 0), apps(3, 1), apps(3, 4), apps(MOST_ROWS, 7)]
    for (const some of rows) await insertApps(db, some)
    expect(await db.selectFrom('apps').selectAll().orderBy('created_at').execute()).toEqual(rows.flat())
  })

  test('stores all or none', async () => {
    const db = await open()
    const doubled = [...apps(1, 5000), ...apps(1, 5000)]
    await expect(insertApps(db, doubled)).rejects.toThrow()
    const stored = await db.selectFrom('apps').select('id').where('created_at', '=', 5000).execute()
    expect(stored).toEqual([])
  })

  test('takes no more rows than it keeps texts for', async () => {
    const db = await open()
    await expect(insertApps(db, [])).rejects.toThrow(RangeError)
    await expect(insertApps(db, apps(MOST_ROWS + 1, 9000))).rejects.toThrow(RangeError)
    await expect(insertApps(db, apps(101, 9000))).rejects.toThrow(RangeError)
  })
})

test('there are few numbers of rows, and none is lost between them', () => {
  expect([1, 99, 100, 101, 199, 250, 500, 501, 10_000].map(rowsAtOnce)).toEqual([
    1, 99, 100, 100, 100, 200, 500, 500, 500,
  ])
})
