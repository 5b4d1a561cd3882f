import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createOutput } from './output.ts'

function open({ json = false, isTTY = false, env = {} as Record<string, string> } = {}) {
  const stdout = Object.assign(new PassThrough(), { isTTY })
  const stderr = Object.assign(new PassThrough(), { isTTY })
  const out = createOutput({ stdout, stderr, env }, json)
  return { out, printed: () => String(stdout.read() ?? ''), told: () => String(stderr.read() ?? '') }
}
const columns = { NAME: (row: { n: string }) => row.n, NEXT: () => 'x' }

test('columns are aligned also where letters are two wide, marks none, and values missing', async () => {
  const { out, printed } = open()
  await out.table([{ n: 'Ada' }, { n: '東京' }, { n: 'é' }, { n: 'e\u0301' }, { n: '' }], columns)
  expect(printed()).toBe('NAME  NEXT\nAda   x\n東京  x\né     x\ne\u0301     x\n-     x\n')
})

test('what a terminal would obey is shown, not sent', async () => {
  const { out, printed, told } = open()
  await out.table([{ n: '\u001b[2Jgone\r\n\u202eevil' }], columns)
  out.record({}, { name: '\u001b]0;title\u0007' })
  expect(printed()).toBe('NAME             NEXT\n?[2Jgone???evil  x\nname  ?]0;title?\n')
  out.done('Ended "\u001b[2J".')
  out.next('open \u009b1A')
  expect(printed()).toBe('✓ Ended "?[2J".\nNext: open ?1A\n')
  out.note('one\n\u001btwo')
  out.warn('\u001b')
  out.failed('\u001b')
  expect(told()).toBe('one\n?two\nWarning: ?\n✗ ?\n')
})

test('rows come out as they come in: a hundred thousand are never waited for', async () => {
  const { out, printed } = open()
  let seen = ''
  async function* rows() {
    for (let i = 0; i < 1000; i++) {
      if (i === 999) seen = printed()
      yield { n: `row ${i}` }
    }
  }
  await out.table(rows(), columns)
  expect(seen.split('\n').length).toBeGreaterThan(900)
  expect(printed()).toBe('row 999  x\n')
})

test('as JSON: one array, whole, also of nothing; and nothing for people', async () => {
  const { out, printed, told } = open({ json: true })
  await out.table([{ n: 'a' }, { n: 'b\n' }], columns)
  expect(JSON.parse(printed())).toEqual([{ n: 'a' }, { n: 'b\n' }])
  await out.table([], columns, { none: 'None.', next: 'x' })
  expect(JSON.parse(printed())).toEqual([])
  out.next('x')
  out.note('x')
  expect([printed(), told()]).toEqual(['', ''])
  out.done('Done.', { id: 1 })
  expect(JSON.parse(printed())).toEqual({ id: 1 })
  out.item({ n: 1 }, 'text')
  expect(printed()).toBe('{"n":1}\n')
})

test.each([
  ['a pipe', { isTTY: false }, '✓ Done.\n'],
  ['a terminal', { isTTY: true }, '\u001b[32m✓\u001b[39m Done.\n'],
  ['a terminal with NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }, '✓ Done.\n'],
  ['a dumb terminal', { isTTY: true, env: { TERM: 'dumb' } }, '✓ Done.\n'],
])('green to %s', (_to, world, text) => {
  const { out, printed } = open(world)
  out.done('Done.')
  expect(printed()).toBe(text)
})
