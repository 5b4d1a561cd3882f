import { expect, test } from 'vitest'
import { evaluate, type Json } from './evaluate.ts'

const textOf = (html: string) => evaluate('html_text(@)', html) as string
const N = 2_000_000

// Whoever knows an address can send such a mail, and what reads it serves everybody: 2 MB of <div> took four minutes, in
// which a test would time out.
test.each([
  ['tags within tags', '<div>'.repeat(N / 5)],
  ['paragraphs that do not end', '<p>x'.repeat(N / 4)],
  ['ends without a beginning', '</p>'.repeat(N / 4)],
  ['rules', '<hr>'.repeat(N / 4)],
  ['an item each', `<ul>${'<li>x</li>'.repeat(N / 10)}</ul>`],
  ['lines within quotes', `${'<blockquote>'.repeat(190)}<pre>${'x\n'.repeat(N / 2)}`],
  ['lines within lists', `${'<ul><li>'.repeat(95)}<pre>${'x\n'.repeat(N / 2)}`],
])('HTML that is made to be slow is read in a moment, and its text is no longer than it: %s', (_, html) => {
  expect(textOf(html).length).toBeLessThan(N)
})

test('of a mail all parts together', () => {
  const data = Buffer.from('<p>x'.repeat(40_000)).toString('base64url')
  const parts = Array.from({ length: 40 }, () => ({ mimeType: 'text/html', body: { data } }))
  expect(evaluate('mail_text(@)', { mimeType: 'multipart/mixed', parts } as Json)).toContain('x')
})

test('what people write is read whole, with its quotes and lists', () => {
  expect(textOf('<p>Yes.</p><blockquote>One<blockquote>Two</blockquote></blockquote>')).toBe(
    'Yes.\n\n> One\n> \n> > Two',
  )
  expect(textOf('<ul><li>a<ol><li>b</li><li>c</li></ol></li></ul>')).toBe(' * a\n   1. b\n   2. c')
  const long = `<style>${'p{}'.repeat(10_000)}</style>${'<p>One <b>of</b> many.</p>'.repeat(600)}`
  expect(textOf(long).split('\n\n')).toHaveLength(600)
})

test('where it is not read to its end, it says so', () => {
  expect(textOf(`<p>${'word '.repeat(50_000)}</p>`)).toMatch(/… \(too long to be read to its end\)$/)
})
