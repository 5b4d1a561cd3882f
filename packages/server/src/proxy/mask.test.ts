import { Secret } from '@grantry/oauth'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMask } from './mask.ts'

const token = 'tok/en+of-usual=length'

function masked(chunks: string[]): string {
  const mask = createMask(new Secret(token))
  return [...chunks.map((chunk) => mask.chunk(Buffer.from(chunk))), mask.rest()]
    .map((part) => Buffer.from(part).toString())
    .join('')
}

test.each([
  ['as it is', token],
  ['as in a URL', encodeURIComponent(token)],
  ['as in a URL, in small letters', encodeURIComponent(token).toLowerCase()],
  ['as in JSON of PHP', 'tok\\/en+of-usual=length'],
  ['as in JSON of .NET', 'tok/en\\u002Bof-usual=length'],
])('a token %s is masked, however it is cut, and nothing else changes', (_what, spelling) => {
  const text = `{"a":"${spelling}","b":"tok","c":"${spelling}${spelling}"}tok/en`
  const expected = text.replaceAll(spelling, '*'.repeat(spelling.length))
  const cuts = fc.array(fc.nat(text.length), { maxLength: 12 })
  fc.assert(
    fc.property(cuts, (places) => {
      const edges = [0, ...places.sort((a, b) => a - b), text.length]
      const chunks = edges.slice(1).map((edge, i) => text.slice(edges[i], edge))
      expect(masked(chunks)).toBe(expected)
    }),
    { seed: 7 },
  )
})

test('only what may be the beginning of a token waits for more', () => {
  const mask = createMask(new Secret(token))
  const pass = (text: string) => Buffer.from(mask.chunk(Buffer.from(text))).toString()
  expect(pass('event: one\n\n')).toBe('event: one\n\n')
  expect(pass('and tok/')).toBe('and ')
  expect(pass('x')).toBe('tok/x')
})

test('a token that is too short to be told from anything else stays', () => {
  const mask = createMask(new Secret('short'))
  expect(Buffer.from(mask.chunk(Buffer.from('a short one'))).toString()).toBe('a short one')
  expect(mask.text('a short one')).toBe('a short one')
})
