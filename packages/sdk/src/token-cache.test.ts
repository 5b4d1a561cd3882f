import { expect, test } from 'vitest'
import type { AccessToken } from './contract.ts'
import { ForbiddenError, UnavailableError } from './errors.ts'
import { createTokenCache } from './token-cache.ts'

/** A Grantry that mints `token_1`, `token_2` … and a clock in seconds. */
function play({ life = 3600 as number | null, refresh = async () => {} } = {}) {
  let now = 0
  let minted = 0
  let current = 'token_0'
  let credential = 'gus_a'
  const asked: string[] = []
  const failures: Error[] = []
  const answer = async (what: string) => {
    asked.push(what)
    const failure = failures.shift()
    if (failure) throw failure
    return { access_token: current, expires_in: life, connection_id: 'con_1' } as AccessToken
  }
  const cache = createTokenCache({
    now: () => now * 1000,
    credential: async () => credential,
    connections: {
      token: (id) => answer(`token ${id}`),
      findToken: (query) => answer(`find ${JSON.stringify(query)}`),
      refresh: async (id) => {
        asked.push(`refresh ${id}`)
        await refresh()
        current = `token_${++minted}`
        return {} as never
      },
    },
  })
  return {
    cache,
    asked,
    failures,
    pass: (seconds: number) => {
      now += seconds
    },
    as: (other: string) => {
      credential = other
    },
    mint: () => {
      current = `token_${++minted}`
    },
  }
}
const wanted = { connection: 'con_1' }

test.each([
  [3600, 3299, 3301],
  [100, 79, 81],
  [null, 299, 301],
])('a token that lives %s s is held for %s s and asked for anew at %s s', async (life, held, anew) => {
  const { cache, asked, pass } = play({ life })
  await cache.get(wanted)
  pass(held)
  await cache.get(wanted)
  expect(asked.length).toBe(1)
  pass(anew - held)
  await cache.get(wanted)
  expect(asked.length).toBe(2)
})

test('tokens of others are others', async () => {
  const { cache, asked } = play()
  await cache.get({ provider: 'gmail', end_user: 'a' })
  await cache.get({ end_user: 'a', provider: 'gmail' })
  await cache.get({ provider: 'gmail', end_user: 'b' })
  await cache.get({ provider: 'gmail' })
  expect(asked.length).toBe(3)
})

test('a token that one end user was given is not given to the next whom the same client speaks for', async () => {
  const { cache, asked, as, mint } = play()
  const gmail = { provider: 'gmail' }
  expect((await cache.get(gmail)).access_token).toBe('token_0')
  as('gus_b')
  mint()
  expect((await cache.get(gmail)).access_token).toBe('token_1')
  as('gus_a')
  expect((await cache.get(gmail)).access_token).toBe('token_0')
  expect(asked.length).toBe(2)
})

test('nor do two of them share a question that is under way', async () => {
  const { cache, asked, as } = play()
  const first = cache.get({ provider: 'gmail' })
  as('gus_b')
  await Promise.all([first, cache.get({ provider: 'gmail' })])
  expect(asked.length).toBe(2)
})

test('a failure is told to all who waited, and not kept', async () => {
  const { cache, asked, failures } = play()
  failures.push(new UnavailableError({ code: 'provider_unavailable', status: 503, detail: 'Later.' }))
  const both = await Promise.allSettled([cache.get(wanted), cache.get(wanted)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(asked.length).toBe(1)
  expect((await cache.get(wanted)).access_token).toBe('token_0')
})

test('a refused token that Grantry has replaced already is not refreshed again', async () => {
  const { cache, asked, mint } = play()
  await cache.get(wanted)
  mint()
  expect((await cache.renew(wanted, 'token_0')).access_token).toBe('token_1')
  expect(asked).toEqual(['token con_1', 'token con_1'])
  // Whoever was refused the old one a little later gets what there is.
  expect((await cache.renew(wanted, 'token_0')).access_token).toBe('token_1')
  expect(asked.length).toBe(2)
})

test('a provider that refuses the new token too is not asked for one after the other', async () => {
  const { cache, asked, pass } = play()
  const refreshes = () => asked.filter((each) => each.startsWith('refresh')).length
  expect((await cache.renew(wanted, 'token_0')).access_token).toBe('token_1')
  expect((await cache.renew(wanted, 'token_1')).access_token).toBe('token_1')
  expect(refreshes()).toBe(1)
  pass(31)
  expect((await cache.renew(wanted, 'token_1')).access_token).toBe('token_2')
  expect(refreshes()).toBe(2)
})

test('a key that may not refresh has to do with the stored token', async () => {
  const refused = new ForbiddenError({ code: 'insufficient_scope', status: 403, detail: 'connections:write' })
  const { cache } = play({ refresh: () => Promise.reject(refused) })
  expect((await cache.renew(wanted, 'token_0')).access_token).toBe('token_0')
})
