import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Argon2, argon2id, queueArgon2 } from './argon2.ts'
import { judgePassword } from './judge-password.ts'
import { createPasswords, passwordCost } from './passwords.ts'

const cheap = { memory: 64, passes: 1, parallelism: 1 }

function counted(cost = cheap) {
  const asked: Parameters<Argon2>[0][] = []
  const argon2: Argon2 = (parameters) => {
    asked.push(parameters)
    return argon2id(parameters)
  }
  return { asked, ...createPasswords({ random: randomBytes, argon2, cost }) }
}

test('a password is right, another is not, and a hash tells its parameters', async () => {
  const passwords = counted()
  const hash = await passwords.hash('three words in a row')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(await passwords.check('three words in a row', hash)).toEqual({ right: true, outdated: false })
  for (const wrong of ['three words in a roW', '', 'three words in a row ', `${'x'.repeat(500)}`])
    expect((await passwords.check(wrong, hash)).right).toBe(false)
})

test('the same letters in another Unicode form are the same password', async () => {
  const passwords = counted()
  const hash = await passwords.hash('ein Caf\u00e9 am Meer')
  expect((await passwords.check('ein Cafe\u0301 am Meer', hash)).right).toBe(true)
})

test('a hash that another library made is understood', async () => {
  // The vector of RFC 9106 has a secret and data, which no password hash has; this one is of the reference command line.
  const hash = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'
  expect(await counted().check('password', hash)).toEqual({ right: true, outdated: true })
})

test('no account, one without a password, a stored value that is none: one computation with the same parameters each', async () => {
  const { asked, check, hash } = counted()
  const stored = await hash('three words in a row')
  asked.length = 0
  for (const text of [stored, null, 'nonsense', '$argon2id$v=19$m=64,t=1,p=1$$']) {
    expect((await check('another password', text)).right).toBe(false)
  }
  const costs = asked.map(({ memory, passes, parallelism, tagLength, nonce }) => [
    memory,
    passes,
    parallelism,
    tagLength,
    (nonce as Buffer).length,
  ])
  expect(costs).toEqual(Array(4).fill([64, 1, 1, 32, 16]))
})

test('a hash of other parameters is right and outdated', async () => {
  const old = await counted().hash('three words in a row')
  const now = counted({ ...cheap, passes: 2 })
  expect(await now.check('three words in a row', old)).toEqual({ right: true, outdated: true })
  expect(await now.check('another', old)).toEqual({ right: false, outdated: false })
})

test('what the product itself uses is 19 MiB, 2 passes, 1 lane', () => {
  expect(passwordCost).toEqual({ memory: 19 * 1024, passes: 2, parallelism: 1 })
})

test('two are computed at once, 32 wait, the next is told to come back; each gets its own', async () => {
  const ends: (() => void)[] = []
  let running = 0
  let most = 0
  const queued = queueArgon2(async ({ message }) => {
    most = Math.max(most, ++running)
    await new Promise<void>((resolve) => ends.push(resolve))
    running--
    return Buffer.from(message as string)
  })
  const ask = (message: string) =>
    queued({ message, nonce: Buffer.alloc(16), memory: 8, passes: 1, parallelism: 1, tagLength: 4 })
  const all = Array.from({ length: 34 }, (_, i) => ask(String(i)))
  await expect(ask('one too many')).rejects.toMatchObject({ code: 'overloaded', retryAfter: 5 })
  const done = Promise.all(all)
  for (let i = 0; i < 34; i++) {
    while (ends.length === 0) await new Promise((resolve) => setImmediate(resolve))
    ends.shift()!()
  }
  expect((await done).map(String)).toEqual(Array.from({ length: 34 }, (_, i) => String(i)))
  expect(most).toBe(2)
  const again = ask('again')
  ends.shift()!()
  expect(String(await again)).toBe('again')
})

test.each([
  ['short', /at least 12/],
  ['elevenchars', /at least 12/],
  ['x'.repeat(129), /at most 128/],
  ['ada@example.com', /e-mail/],
  ['ADA@Example.com', /e-mail/],
  ['Password1234', /first/],
  ['123456789012', /first/],
  ['aaaaaaaaaaaaaaaa', /first/],
  ['correcthorsebatterystaple', /first/],
  ['🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊', /at least 12/],
])('%s will not do', (password, why) => {
  expect(judgePassword(password, 'ada@example.com')).toMatch(why)
})

test.each([
  'three words in a row',
  'Zwölf Zeichen',
  ' leading and trailing ',
  '🦊🐻🦁🐯🐨🐼🐸🐵🐔🐧🐦🦉',
  'long'.repeat(32),
])('%s will do', (password) => {
  expect(judgePassword(password, 'ada@example.com')).toBeNull()
})
