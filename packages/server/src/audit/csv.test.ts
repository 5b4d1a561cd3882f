import { expect, test } from 'vitest'
import { writeCsv } from './csv.ts'

test('cells stand as RFC 4180 has them', () => {
  expect(writeCsv(['a', null, 'b, c', 'say "x"', 'two\nlines', '', ' blank'])).toBe(
    'a,,"b, c","say ""x""","two\nlines",," blank"\r\n',
  )
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1', '=cmd|/c calc', '＝1+1'])(
  'no spreadsheet runs %j',
  (text) => {
    expect(writeCsv([text])).toBe(`"'${text}"\r\n`)
  },
)

test.each(['a=1', 'ada@example.com', '2026-11-21', '1-2'])('%s stays as it is', (text) => {
  expect(writeCsv([text])).toBe(`${text}\r\n`)
})
