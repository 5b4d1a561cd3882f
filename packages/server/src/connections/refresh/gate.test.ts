import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterFailure, afterSuccess, type Budget, enter, freshGate, type Gate, probeEveryMs } from './gate.ts'

const seed = 20_261_121
const now = 1_000_000
const plenty: Budget = { calls: 1_000_000, seconds: 1 }
const names = ['a', 'b', 'c', 'd', 'e']

const fail = (gate: Gate, connection: string, at = now, retryAfterMs: number | null = null) =>
  afterFailure(gate, { now: at, connection, retryAfterMs })
const come = (
  gate: Gate,
  connection: string,
  at: number,
  { budget = plenty, lost = null as number | null } = {},
) => enter(gate, { now: at, connection, budget, lost })
/** Opened at `now` by a, b and c, in that order. */
const open = (retryAfterMs: number | null = null) =>
  ['a', 'b', 'c'].reduce((gate, name) => fail(gate, name, now, retryAfterMs), freshGate(now, plenty))

describe('the breaker', () => {
  test('opens when three different connections have failed since any succeeded, and not otherwise', () => {
    const outcomes = fc.array(fc.tuple(fc.constantFrom(...names), fc.boolean()), { maxLength: 40 })
    fc.assert(
      fc.property(outcomes, (list) => {
        let gate = freshGate(now, plenty)
        const failed = new Set<string>()
        for (const [connection, ok] of list) {
          gate = ok ? afterSuccess(gate) : fail(gate, connection)
          if (ok) failed.clear()
          else failed.add(connection)
          expect(gate.opened_at !== null).toBe(failed.size >= 3)
        }
      }),
      { seed },
    )
  })

  test('one connection that fails a hundred times holds up nobody', () => {
    let gate = freshGate(now, plenty)
    for (let n = 0; n < 100; n++) gate = fail(gate, 'a', now + n)
    expect(come(gate, 'b', now + 100).ok).toBe(true)
  })

  test('open: nobody for 30 s, then one, then nobody for 30 s again', () => {
    const refused = come(open(), 'a', now + 10_000)
    expect(refused).toMatchObject({ ok: false, why: 'breaker_open', retryAfterMs: 20_000 })
    expect(come(open(), 'a', now + probeEveryMs - 1).ok).toBe(false)
    const probe = come(open(), 'a', now + probeEveryMs)
    expect(probe.ok).toBe(true)
    expect(come(probe.gate, 'b', now + 2 * probeEveryMs - 1).ok).toBe(false)
    expect(come(probe.gate, 'b', now + 2 * probeEveryMs).ok).toBe(true)
  })

  test('half open goes round: whoever was asked last is asked again only when nobody else has come for a round', () => {
    const { gate } = come(open(), 'a', now + probeEveryMs)
    expect(come(gate, 'a', now + 2 * probeEveryMs).ok).toBe(false)
    expect(come(gate, 'b', now + 2 * probeEveryMs).ok).toBe(true)
    expect(come(gate, 'a', now + 3 * probeEveryMs - 1).ok).toBe(false)
    expect(come(gate, 'a', now + 3 * probeEveryMs).ok).toBe(true)
  })

  test('whoever comes, and whatever fails: at most one call in 30 s, and the same one at most every second time', () => {
    const arrivals = fc.array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: 0, max: 20_000 })), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(arrivals, (list) => {
        let gate = open()
        let at = now
        const passed = [{ connection: 'c', at: now }]
        for (const [connection, wait] of list) {
          at += wait
          const pass = come(gate, connection, at)
          gate = pass.gate
          if (!pass.ok) continue
          const last = passed.at(-1)!
          expect(at - last.at).toBeGreaterThanOrEqual((connection === last.connection ? 2 : 1) * probeEveryMs)
          passed.push({ connection, at })
          gate = fail(gate, connection, at)
        }
      }),
      { seed },
    )
  })

  test.each([[['a', 'd']], [['d', 'a']]])(
    'a poisoned connection that always comes first cannot keep it open (%j)',
    (order) => {
      let gate = open()
      let at = now
      // "a" always fails; "d" would not.
      while (gate.opened_at !== null && at < now + 10 * probeEveryMs) {
        at += 1000
        for (const connection of order) {
          const pass = come(gate, connection, at)
          gate = pass.gate
          if (pass.ok) gate = connection === 'a' ? fail(gate, 'a', at) : afterSuccess(gate)
        }
      }
      expect(gate.opened_at).toBeNull()
      expect(at - now).toBeLessThanOrEqual(2 * probeEveryMs)
    },
  )

  test('Retry-After: no probe before it, at the opening and of a probe; a short one shortens nothing', () => {
    expect(come(open(600_000), 'a', now + 599_999)).toMatchObject({ ok: false, retryAfterMs: 1000 })
    expect(come(open(600_000), 'a', now + 600_000).ok).toBe(true)
    expect(come(open(1000), 'a', now + probeEveryMs - 1).ok).toBe(false)

    const at = now + probeEveryMs
    const { gate } = come(open(), 'a', at)
    expect(come(fail(gate, 'a', at, 1000), 'b', at + probeEveryMs - 1).ok).toBe(false)
    const told = fail(gate, 'a', at, 120_000)
    expect(come(told, 'b', at + 119_999).ok).toBe(false)
    expect(come(told, 'b', at + 120_000).ok).toBe(true)
  })

  test('a prompt retry passes, but is not the probe that others wait for', () => {
    const prompt = come(open(), 'd', now + 1000, { lost: now - 1 })
    expect(prompt.ok).toBe(true)
    expect(prompt.gate).toMatchObject({ probe_at: now + probeEveryMs, probed: 'c' })
  })

  test('a success closes it for everybody', () => {
    const { gate } = come(open(), 'a', now + probeEveryMs)
    const closed = afterSuccess(gate)
    for (const name of names) expect(come(closed, name, now + probeEveryMs).ok).toBe(true)
    expect(fail(fail(closed, 'a'), 'b').opened_at).toBeNull()
  })
})

describe('the budget', () => {
  const budgets = fc.record({
    calls: fc.integer({ min: 1, max: 2000 }),
    seconds: fc.integer({ min: 1, max: 3600 }),
  })

  test('as many at once as it holds; then whoever waits as long as he was told gets through', () => {
    fc.assert(
      fc.property(budgets, (budget) => {
        let gate = freshGate(now, budget)
        for (let n = 0; n < budget.calls; n++) {
          const pass = come(gate, 'a', now, { budget })
          expect(pass.ok).toBe(true)
          gate = pass.gate
        }
        const refused = come(gate, 'a', now, { budget })
        if (refused.ok) throw new Error('one call too many')
        expect(refused.why).toBe('over_budget')
        expect(come(refused.gate, 'a', now + refused.retryAfterMs, { budget }).ok).toBe(true)
      }),
      { seed, numRuns: 50 },
    )
  })

  test('over any time no more calls than it holds and has refilled, however often somebody asks', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 500 })
    fc.assert(
      fc.property(budgets, waits, (budget, list) => {
        let gate = freshGate(now, budget)
        let at = now
        let calls = 0
        for (const wait of list) {
          at += wait
          const pass = come(gate, 'a', at, { budget })
          gate = pass.gate
          if (pass.ok) calls++
        }
        expect(calls).toBeLessThanOrEqual(
          budget.calls + ((at - now) / 1000) * (budget.calls / budget.seconds),
        )
      }),
      { seed },
    )
  })

  test('asking all the time does not keep it from refilling', () => {
    const slow = { calls: 10, seconds: 600 }
    let gate: Gate = { ...freshGate(now, slow), budget: 0 }
    let calls = 0
    for (let at = now; at <= now + 600_000; at += 20) {
      const pass = come(gate, 'a', at, { budget: slow })
      gate = pass.gate
      if (pass.ok) calls++
    }
    expect(calls).toBe(10)
  })

  test('it does not fill above its brim, and a clock that is set back neither takes nor gives', () => {
    const budget = { calls: 2, seconds: 10 }
    let gate = freshGate(now, budget)
    for (const at of [now + 3_600_000, now + 3_600_000 - 300_000]) {
      const pass = come(gate, 'a', at, { budget })
      expect(pass.ok).toBe(true)
      gate = pass.gate
    }
    expect(come(gate, 'a', now + 3_600_000 - 300_000, { budget }).ok).toBe(false)
  })

  test('a probe that the budget holds back has not been: the next may go as soon as there is a call', () => {
    const budget = { calls: 1, seconds: 10 }
    const spent: Gate = { ...open(), budget: 0, filled_at: now + probeEveryMs }
    const refused = come(spent, 'a', now + probeEveryMs, { budget })
    expect(refused).toMatchObject({ ok: false, why: 'over_budget' })
    expect(come(refused.gate, 'a', now + probeEveryMs + 10_000, { budget }).ok).toBe(true)
  })

  test('a probe that got lost is a probe: its retry waits for the next', () => {
    expect(come(open(), 'd', now + 1000, { lost: now + 500 })).toMatchObject({
      ok: false,
      why: 'breaker_open',
    })
  })

  test('a prompt retry pays too', () => {
    const budget = { calls: 1, seconds: 10 }
    const { gate } = come(freshGate(now, budget), 'a', now, { budget })
    expect(come(gate, 'a', now, { budget, lost: now - 1 })).toMatchObject({ ok: false, why: 'over_budget' })
  })
})
