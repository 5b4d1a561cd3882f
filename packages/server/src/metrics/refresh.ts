import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

type Provider = string | null

/**
 * What the refresh engine tells of its work. Providers are named as the catalogue names them; null, and whatever the
 * catalogue does not have, counts as `generic`. None of these throws, whatever it is told.
 */
export type RefreshMetrics = {
  /** A request for new tokens came to its end. `seconds`: from sending until that was known. */
  attempt(facts: { provider: Provider; outcome: AttemptOutcome; seconds: number }): void
  /** A refresh was started `seconds` after its due time. */
  lag(facts: { provider: Provider; seconds: number }): void
  /** A holder found that its lease had run out while it was at work. */
  leaseOutlived(provider: Provider): void
  /** A connection was given up because the answer to a refresh never reached us. */
  lost(provider: Provider): void
  /** A breaker began to hold calls back, or let them through again. `opened` once per opening, not per call held back. */
  breaker(facts: { provider: Provider; state: 'opened' | 'closed' }): void
  /** How many received pairs wait in the spool for the database. */
  spool(waiting: number): void
}

export type AttemptOutcome = 'stored' | 'refused' | 'transient' | 'uncertain' | 'superseded'

/** Registers the refresh engine's metrics. `nameOf` gives the label of a provider: one of a bounded set. */
export function createRefreshMetrics(
  register: Registry,
  nameOf: (provider: Provider) => string,
): RefreshMetrics {
  const registers = [register]
  const labelNames = ['provider'] as const
  const attempts = new Counter({
    name: 'grantry_refresh_attempts_total',
    help: 'Refreshes that came to their end, by provider and outcome',
    labelNames: ['provider', 'outcome'],
    registers,
  })
  const duration = new Histogram({
    name: 'grantry_refresh_duration_seconds',
    help: 'From sending a refresh until its outcome was known',
    labelNames,
    // A call is given up after 10 s.
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 10, 12],
    registers,
  })
  const lag = new Histogram({
    name: 'grantry_refresh_lag_seconds',
    help: 'How long after its due time a refresh was started',
    labelNames,
    buckets: [1, 5, 15, 60, 300, 900, 3600, 6 * 3600],
    registers,
  })
  const outlived = new Counter({
    name: 'grantry_refresh_leases_outlived_total',
    help: 'Refreshes whose lease ran out while they were at work',
    labelNames,
    registers,
  })
  const lost = new Counter({
    name: 'grantry_refresh_losses_total',
    help: 'Connections given up because the answer to a refresh was lost',
    labelNames,
    registers,
  })
  const opened = new Counter({
    name: 'grantry_breaker_opened_total',
    help: 'How often calls to a failing provider began to be held back',
    labelNames,
    registers,
  })
  const open = new Gauge({
    name: 'grantry_breakers_open',
    help: 'Integrations whose calls are held back now',
    labelNames,
    registers,
  })
  const spool = new Gauge({
    name: 'grantry_spool_files',
    help: 'Received token pairs that wait for the database',
    registers,
  })
  const openNow = new Map<string, number>()

  return {
    attempt({ provider, outcome, seconds }) {
      const name = nameOf(provider)
      attempts.inc({ provider: name, outcome })
      if (Number.isFinite(seconds)) duration.observe({ provider: name }, Math.max(0, seconds))
    },
    lag({ provider, seconds }) {
      if (Number.isFinite(seconds)) lag.observe({ provider: nameOf(provider) }, Math.max(0, seconds))
    },
    leaseOutlived: (provider) => outlived.inc({ provider: nameOf(provider) }),
    lost: (provider) => lost.inc({ provider: nameOf(provider) }),
    breaker({ provider, state }) {
      const name = nameOf(provider)
      if (state === 'opened') opened.inc({ provider: name })
      const now = Math.max(0, (openNow.get(name) ?? 0) + (state === 'opened' ? 1 : -1))
      openNow.set(name, now)
      open.set({ provider: name }, now)
    },
    spool(waiting) {
      if (Number.isFinite(waiting)) spool.set(waiting)
    },
  }
}
