import { beforeEach, expect, test } from 'vitest'
import { VaultError } from './errors.ts'
import { createKeyCache, type KeyCache } from './key-cache.ts'

let time: number
let complete: boolean
let tell: (workspace: string | null) => void
let cache: KeyCache<string>
let loads: string[]

beforeEach(() => {
  time = 1_800_000_000_000
  complete = true
  loads = []
  const invalidation = {
    isComplete: () => complete,
    onChange: (forget: typeof tell) => {
      tell = forget
    },
  }
  cache = createKeyCache(
    { clock: { now: () => time }, invalidation },
    { lifetime: 60_000, size: 3, grace: 600_000 },
  )
})

const load = (name: string) => async () => `${loads.push(name)}`
const get = (name: string) => cache.get(name, load(name))

test('what was loaded is kept for its lifetime, and no longer, nor past a clock that was set back', async () => {
  expect([await get('a/1'), await get('a/1')]).toEqual(['1', '1'])
  time += 59_999
  expect(await get('a/1')).toBe('1')
  time += 1
  expect(await get('a/1')).toBe('2')
  time -= 1000
  expect(await get('a/1')).toBe('3')
})

test('a change of a workspace ends what is kept of it and of no other; one of all ends all', async () => {
  await get('a/1')
  await get('b/1')
  tell('a')
  expect([await get('a/1'), await get('b/1')]).toEqual(['3', '2'])
  tell(null)
  expect([await get('a/1'), await get('b/1')]).toEqual(['4', '5'])
})

test('what was asked for before a change is not kept after it', async () => {
  const loaded = Promise.withResolvers<string>()
  const first = cache.get('a/1', () => loaded.promise)
  tell('a')
  loaded.resolve('old')
  expect(await first).toBe('old')
  expect(await get('a/1')).toBe('1')
})

test('while changes may be missed nothing kept is used, and nothing is kept', async () => {
  await get('a/1')
  complete = false
  expect([await get('a/1'), await get('a/1')]).toEqual(['2', '3'])
  complete = true
  expect(await get('a/1')).toBe('1')
})

test('the last loaded stay; a failed load is tried again', async () => {
  for (const name of ['a/1', 'b/1', 'c/1', 'd/1']) await get(name)
  expect([await get('d/1'), await get('a/1')]).toEqual(['4', '5'])
  await expect(cache.get('e/1', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await get('e/1')).toBe('6')
})

const fails = (code: 'vault_unavailable' | 'vault_refused') => () =>
  Promise.reject(new VaultError(code, 'no'))

test('an outage leaves what was loaded for its grace, and asks again each time', async () => {
  await get('a/1')
  time += 60_000
  expect(await cache.get('a/1', fails('vault_unavailable'))).toBe('1')
  expect(await get('a/1')).toBe('2')
  time += 659_999
  expect(await cache.get('a/1', fails('vault_unavailable'))).toBe('2')
  time += 1
  await expect(cache.get('a/1', fails('vault_unavailable'))).rejects.toThrow('no')
})

test('no grace for what was refused, changed, or may have been changed', async () => {
  await get('a/1')
  time += 60_000
  await expect(cache.get('a/1', fails('vault_refused'))).rejects.toThrow('no')
  await expect(cache.get('a/1', fails('vault_unavailable'))).rejects.toThrow('no')

  await get('a/1')
  time += 60_000
  const refusal = Promise.withResolvers<string>()
  const asked = cache.get('a/1', () => refusal.promise)
  tell('a')
  refusal.reject(new VaultError('vault_unavailable', 'no'))
  await expect(asked).rejects.toThrow('no')

  await get('a/1')
  time += 60_000
  complete = false
  await expect(cache.get('a/1', fails('vault_unavailable'))).rejects.toThrow('no')
})
