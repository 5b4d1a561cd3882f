import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { Secret } from '@grantry/oauth'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { localRootKey } from './root-key.ts'

const random = (bytes: number) => randomBytes(bytes)
const keyFrom = (text: string) => localRootKey(new Secret(text), 'GRANTRY_ENCRYPTION_KEY', random)
const text = () => randomBytes(32).toString('base64')

test('takes 32 random bytes in base64, with or without padding and a newline', async () => {
  const key = text()
  const ids = [key, `${key}\n`, key.replace(/=$/, '')].map((given) => keyFrom(given).id)
  expect(new Set(ids).size).toBe(1)
  expect(keyFrom(text()).id).not.toBe(ids[0])
})

test.each([
  ['nothing', ''],
  ['white space', ' \n'],
  ['31 bytes', randomBytes(31).toString('base64')],
  ['33 bytes', randomBytes(33).toString('base64')],
  ['64 bytes', randomBytes(64).toString('base64')],
  ['hexadecimal', randomBytes(32).toString('hex')],
  ['a passphrase', 'correct horse battery staple, and one more word'],
  ['base64 with a stray character', `${text().slice(0, 20)}!${text().slice(21)}`],
  ['two keys', `${text()}\n${text()}`],
  ['zeros', Buffer.alloc(32).toString('base64')],
  ['one byte over and over', Buffer.alloc(32, 0xa5).toString('base64')],
  ['counting bytes', Buffer.from(Array.from({ length: 32 }, (_, index) => index * 3)).toString('base64')],
  ['a short text over and over', `${Buffer.from('secret').toString('base64').repeat(5)}AAA=`],
  ['bits that base64 does not have', `${text().slice(0, 42)}B=`],
])(
  'refuses %s, names the setting and says how to make one, without showing what was given',
  (_what, given) => {
    const refused = (() => {
      try {
        return keyFrom(given)
      } catch (error) {
        return error
      }
    })()
    expect(refused).toMatchObject({
      code: 'root_key_invalid',
      message: /^GRANTRY_ENCRYPTION_KEY .*openssl rand -base64 32/,
    })
    if (given.trim()) expect(inspect(refused)).not.toContain(given.trim().slice(0, 12))
  },
)

test('unwraps what it wrapped, for the same purpose only', async () => {
  const [key, other] = [keyFrom(text()), keyFrom(text())]
  const purpose = fc.array(fc.string({ maxLength: 4 }), { maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), purpose, purpose, async (plain, made, asked) => {
      const wrapped = await key.wrap(plain, made)
      const unwrapped = await key.unwrap(wrapped, asked)
      if (JSON.stringify(made) === JSON.stringify(asked)) expect([...unwrapped!]).toEqual([...plain])
      else expect(unwrapped).toBeNull()
      expect(await other.unwrap(wrapped, made)).toBeNull()
      expect(await key.unwrap(wrapped.subarray(1), made)).toBeNull()
    }),
  )
})
