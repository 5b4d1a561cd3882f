import { expect, test } from 'vitest'
import { readPage, toList } from './cursor.ts'

const ids = ['00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000002']
const rows = ids.map((id) => ({ id }))

test('a full page tells where the next begins; the last one tells null', () => {
  const page = readPage({ limit: 1 })
  expect(page).toEqual({ limit: 1, after: null })
  const first = toList(rows, page, ({ id }) => id)
  expect(first.data).toEqual([ids[0]])
  expect(readPage({ limit: 1, cursor: first.next_cursor! })).toEqual({ limit: 1, after: ids[0] })
  expect(toList(rows.slice(1), page, ({ id }) => id)).toEqual({ data: [ids[1]], next_cursor: null })
  expect(toList([], page, ({ id }) => id)).toEqual({ data: [], next_cursor: null })
})

test.each([
  '',
  'x',
  '!!!',
  Buffer.from("' or 1=1 --").toString('base64url'),
  Buffer.from(`${ids[0]}'`).toString('base64url'),
  Buffer.from(`${ids[0]}\n`).toString('base64url'),
  Buffer.from(ids[0]!.toUpperCase().replace('7', 'G')).toString('base64url'),
])('a forged cursor is refused by name: %j', (cursor) => {
  expect(() => readPage({ limit: 1, cursor })).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      errors: [{ path: 'cursor', message: expect.any(String) }],
    }),
  )
})
