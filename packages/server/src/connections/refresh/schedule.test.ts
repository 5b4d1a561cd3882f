import type { ProviderProfile } from '@grantry/oauth'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  assumedLifetimeMs,
  backoff,
  canRefresh,
  type Dates,
  datesOf,
  draw,
  type Received,
  refreshBuffer,
} from './schedule.ts'

const seed = 20_261_121
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]
const sentAt = Date.parse('2026-11-21T12:00:00Z')

/** Mulberry32, as the bytes that a context gives. */
function seededRandom(state = seed) {
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
  return { random: (bytes: number) => Uint8Array.from({ length: bytes }, () => next() & 0xff) }
}
/** A draw of nothing, and of all but nothing less than one. */
const lowest = { random: (bytes: number) => new Uint8Array(bytes) }
const highest = { random: (bytes: number) => new Uint8Array(bytes).fill(255) }

const profile = (refresh: ProviderProfile['refresh'] = {}): ProviderProfile => ({
  authorization_url: 'https://provider.example/authorize',
  token_url: 'https://provider.example/token',
  refresh,
})
const received = (facts: Partial<Received> = {}): Received => ({
  sentAt,
  lifetime: hour,
  hasRefreshToken: true,
  refreshLifetime: null,
  ...facts,
})
const dates = (
  refresh: ProviderProfile['refresh'],
  facts: Partial<Received> = {},
  before: Dates | null = null,
) => datesOf(lowest, profile(refresh), received(facts), before)

describe('when an access token is renewed', () => {
  test.each([
    ['an hour', hour, {}, 5 * minute],
    ['ten minutes', 10 * minute, {}, 2 * minute],
    ['a year', 365 * day, {}, 5 * minute],
    ['an unknown time', null, {}, 0],
    ['an hour, of a provider with a buffer of its own', hour, { buffer: 600 }, 10 * minute],
  ])(
    'of a token that lives %s the buffer is min(300 s, a fifth), or as the profile says',
    (_, lives, facts, is) => {
      expect(refreshBuffer(profile(facts), lives)).toBe(is)
    },
  )

  test('it starts before the buffer, by up to a fifth of the lifetime', () => {
    const due = (random: typeof lowest, lifetime: number | null) =>
      datesOf(random, profile(), received({ lifetime }), null).refresh_at! - sentAt
    expect(due(lowest, hour)).toBe(55 * minute)
    expect(Math.round(due(highest, hour) / 1000)).toBe((55 - 12) * 60)
    expect(due(lowest, null)).toBe(assumedLifetimeMs)
    expect(Math.round(due(highest, null) / 1000)).toBe((60 - 12) * 60)
  })

  test('10,000 equal expiries: in no 10 s do more than twice as many start as in the mean', () => {
    const random = seededRandom()
    const bins = new Map<number, number>()
    for (let n = 0; n < 10_000; n++) {
      const { refresh_at } = datesOf(random, profile(), received(), null)
      const bin = Math.floor(refresh_at! / 10_000)
      bins.set(bin, (bins.get(bin) ?? 0) + 1)
    }
    expect(Math.max(...bins.values())).toBeLessThanOrEqual((2 * 10_000) / 72)
    expect(bins.size).toBeGreaterThanOrEqual(72)
  })

  test('whatever the provider says, it is renewed after it came and before it expires', () => {
    const facts = fc.record({
      lifetime: fc.option(fc.integer({ min: 1000, max: 10 * 365 * day })),
      refreshLifetime: fc.option(fc.integer({ min: 1000, max: 10 * 365 * day })),
      idle: fc.option(fc.integer({ min: 1, max: 5 * 365 * 86_400 })),
      absolute: fc.option(fc.integer({ min: 1, max: 5 * 365 * 86_400 })),
    })
    fc.assert(
      fc.property(facts, fc.integer(), ({ lifetime, refreshLifetime, idle, absolute }, state) => {
        const refresh = {
          ...(idle !== null && { idle_lifetime: idle }),
          ...(absolute !== null && { absolute_lifetime: absolute }),
        }
        const found = datesOf(
          seededRandom(state),
          profile(refresh),
          received({ lifetime, refreshLifetime }),
          null,
        )
        expect(found.refresh_at).toBeGreaterThan(sentAt)
        expect(found.refresh_at).toBeLessThanOrEqual(sentAt + (lifetime ?? assumedLifetimeMs))
        if (found.refresh_token_expires_at !== null)
          expect(found.refresh_at).toBeLessThan(found.refresh_token_expires_at)
        if (found.warn_at !== null) expect(found.warn_at).toBeGreaterThanOrEqual(sentAt)
      }),
      { seed },
    )
  })

  test.each([
    ['a refresh token is needed and there is none', {}, false, false],
    ['a refresh token is needed and there is one', {}, true, true],
    ['the client asks again by itself', { by: 'regrant' }, false, true],
    ['the access token is exchanged', { by: 'exchange' }, false, true],
    ['tokens do not end', { by: 'none' }, true, false],
  ] as const)('%s', (_, refresh, hasRefreshToken, can) => {
    expect(canRefresh(profile(refresh), hasRefreshToken)).toBe(can)
    const found = dates({ ...refresh, absolute_lifetime: 86_400 }, { hasRefreshToken })
    expect(found.refresh_at !== null).toBe(can)
    if (!can) expect(found).toMatchObject({ refresh_token_expires_at: null, warn_at: null })
  })
})

describe('when a refresh token ends', () => {
  const idle = { idle_lifetime: 60 * 86_400 }

  test('one that dies unused is used before: up to 8 days, or two fifths of its life', () => {
    const long = { lifetime: 365 * day }
    expect(dates(idle, long)).toMatchObject({
      refresh_token_expires_at: sentAt + 60 * day,
      refresh_at: sentAt + 52 * day,
    })
    expect(dates({ idle_lifetime: 86_400 }, long).refresh_at).toBe(sentAt + 0.6 * day)
    expect(dates(idle).refresh_at).toBe(sentAt + 55 * minute)
  })

  test("the answer's own word and the profile's: the earlier counts", () => {
    expect(dates(idle, { refreshLifetime: 30 * day }).refresh_token_expires_at).toBe(sentAt + 30 * day)
    expect(dates(idle, { refreshLifetime: 90 * day }).refresh_token_expires_at).toBe(sentAt + 60 * day)
  })

  test('each use puts its end off; an answer that is silent leaves the end that was known', () => {
    const first = dates({}, { refreshLifetime: 30 * day })
    const later = { sentAt: sentAt + hour }
    expect(dates({}, { ...later, refreshLifetime: 30 * day }, first)).toMatchObject({
      refresh_token_expires_at: sentAt + hour + 30 * day,
    })
    expect(dates({}, later, first)).toMatchObject({ refresh_token_expires_at: sentAt + 30 * day })
  })

  test('an end that using it does not put off does not make it due again and again', () => {
    const long = { lifetime: 365 * day }
    const first = dates({}, { ...long, refreshLifetime: 30 * day })
    expect(first.refresh_at).toBe(sentAt + 22 * day)
    const used = { ...long, sentAt: sentAt + 22 * day, refreshLifetime: 8 * day }
    const second = dates({}, used, first)
    expect(second.refresh_token_expires_at).toBe(sentAt + 30 * day)
    expect(second.refresh_at).toBe(sentAt + 22 * day + 365 * day - 5 * minute)
  })

  test('a grant that ends whatever happens keeps its day through every refresh', () => {
    const absolute = { absolute_lifetime: 365 * 86_400 }
    const first = dates(absolute)
    expect(first.grant_ends_at).toBe(sentAt + 365 * day)
    expect(dates(absolute, { sentAt: sentAt + 100 * day }, first).grant_ends_at).toBe(sentAt + 365 * day)
  })

  test('a person is needed at the end that no refresh puts off, or where nothing can be refreshed', () => {
    const absolute = { absolute_lifetime: 365 * 86_400 }
    expect(dates(absolute).ends_at).toBe(sentAt + 365 * day)
    expect(dates({ by: 'none' }, { lifetime: 2 * hour }).ends_at).toBe(sentAt + 2 * hour)
    expect(dates({}, { hasRefreshToken: false, lifetime: null }).ends_at).toBeNull()
    // Put off by each use, as far as anybody knows; then seen to stand still.
    const first = dates({}, { refreshLifetime: 30 * day })
    expect(first.ends_at).toBeNull()
    const later = { sentAt: sentAt + hour }
    expect(dates({}, { ...later, refreshLifetime: 30 * day }, first).ends_at).toBeNull()
    expect(dates({}, { ...later, refreshLifetime: 30 * day - hour }, first).ends_at).toBe(sentAt + 30 * day)
    expect(dates({}, later, first).ends_at).toBe(sentAt + 30 * day)
  })

  test('its owner is told 7 days before, or in the last quarter of a shorter life', () => {
    expect(dates({ absolute_lifetime: 365 * 86_400 }).warn_at).toBe(sentAt + 358 * day)
    expect(dates({}, { refreshLifetime: 4 * day }).warn_at).toBe(sentAt + 3 * day)
    expect(dates({}).warn_at).toBeNull()
  })

  test('once: the same end is not told of again after a refresh, a new one is', () => {
    const absolute = { absolute_lifetime: 365 * 86_400 }
    const told = { ...dates(absolute), warn_at: null }
    const later = { sentAt: sentAt + 359 * day }
    expect(dates(absolute, later, told).warn_at).toBeNull()
    const waiting = dates(absolute)
    expect(dates(absolute, { sentAt: sentAt + hour }, waiting).warn_at).toBe(waiting.warn_at)
    // A new consent knows nothing of before.
    expect(dates(absolute, later).warn_at).toBe(sentAt + (359 + 358) * day)
    // A refresh that puts the end off, too.
    const idleTold = { ...dates(idle), warn_at: null }
    expect(dates(idle, later, idleTold).warn_at).toBe(sentAt + (359 + 53) * day)
  })
})

describe('how long a failed refresh waits', () => {
  test('at most twice as long as the time before, and never more than a minute', () => {
    for (const failures of [1, 2, 3, 4, 5, 10, 1000]) {
      const most = Math.min(60_000, 1000 * 2 ** failures)
      expect(backoff(highest, failures, null)).toBeLessThanOrEqual(most)
      expect(backoff(highest, failures, null)).toBeGreaterThan(0.99 * most)
      expect(backoff(lowest, failures, null)).toBe(0)
    }
  })

  test('not before the provider said', () => {
    expect(backoff(lowest, 1, hour)).toBe(hour)
    expect(backoff(highest, 10, 1000)).toBeGreaterThan(59_000)
  })

  test('draws lie from 0 up to 1', () => {
    expect(draw(lowest)).toBe(0)
    expect(draw(highest)).toBeLessThan(1)
    expect(draw(highest)).toBeGreaterThan(0.99)
  })
})
