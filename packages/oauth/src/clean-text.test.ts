import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanText } from './clean-text.ts'
import { Secret } from './secret.ts'

test('one line, no control or format characters', () => {
  expect(cleanText(' a\r\n\tb\u0000c\u001b[31m\u202ed\u200b\u2028e ')).toBe('a bc[31md e')
})

test('at most 300 characters', () => {
  const text = cleanText('a'.repeat(1000))!
  expect(text).toHaveLength(300)
  expect(text.endsWith('…')).toBe(true)
  expect(cleanText('a'.repeat(300))).toBe('a'.repeat(300))
})

test('nothing for nothing', () => {
  expect([undefined, null, 5, {}, [], '', ' \n\u0000 '].map((text) => cleanText(text))).toEqual(
    Array(7).fill(null),
  )
})

test('what was sent is not said again, in any encoding', () => {
  const secret = new Secret('s3cr+t/ü "x"')
  const form = new URLSearchParams({ s: secret.expose() }).toString().slice(2)
  const echo = `raw s3cr+t/ü "x" url ${encodeURIComponent(secret.expose())} form ${form} json ${JSON.stringify(secret.expose())}`
  expect(cleanText(echo, [secret])).toBe('raw [redacted] url [redacted] form [redacted] json "[redacted]"')
})

test('a secret that others begin with does not uncover their rest', () => {
  expect(cleanText('got abcdefgh', [new Secret('abcd'), new Secret('abcdefgh')])).toBe('got [redacted]')
})

test('control characters cannot hide a secret from the search', () => {
  expect(cleanText('got abc\u0000def\u200bgh', [new Secret('abcdefgh')])).toBe('got [redacted]')
})

test('a cut cannot leave the start of a secret', () => {
  const secret = new Secret('x'.repeat(40))
  expect(cleanText(`${'a'.repeat(280)}${secret.expose()}`, [secret])).not.toContain('x')
})

test('whatever is said and sent', () => {
  const secrets = fc.array(
    fc.string({ minLength: 4, unit: 'grapheme-ascii' }).filter((text) => text.trim() === text),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), secrets, fc.string(), (before, sent, after) => {
      const text = cleanText(
        `${before}${sent.join(' ')}${after}`,
        sent.map((secret) => new Secret(secret)),
      )
      if (text === null) return
      expect(text.length).toBeLessThanOrEqual(300)
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      expect(text.isWellFormed()).toBe(true)
    }),
  )
})
