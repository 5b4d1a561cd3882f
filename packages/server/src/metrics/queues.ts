import { Counter, Gauge, type Registry } from 'prom-client'

/** What waits in the whole deployment. Seconds: how long the oldest has waited; 0 where nothing waits. */
export type QueueFigures = {
  webhooks: { waiting: number; oldestSeconds: number }
  endpoints: { failing: number; stopped: number }
  revocations: { waiting: number; oldestSeconds: number }
  unsettled: { waiting: number; oldestSeconds: number }
  overdue: { waiting: number; oldestSeconds: number }
}

/** Scrapes that come closer together share an answer. */
const freshMs = 10_000
/** A scrape does not wait longer than this for the database. */
const patienceMs = 2000

/**
 * Gauges that a scrape asks the database for: all processes of a deployment tell the same. Where it does not answer in time
 * they are left out, which is not 0.
 */
export function watchQueues(register: Registry, read: () => Promise<QueueFigures>): void {
  const registers = [register]
  const unread = new Counter({
    name: 'grantry_queues_unread_total',
    help: 'Scrapes for which the database did not tell in time what waits',
    registers,
  })
  let known: { until: number; figures: Promise<QueueFigures | null> } | null = null
  const figures = () => {
    const now = performance.now()
    if (known && now < known.until) return known.figures
    const asked = inTime(read()).catch(() => {
      unread.inc()
      return null
    })
    known = { until: now + freshMs, figures: asked }
    return asked
  }
  const gauge = (name: string, help: string, pick: (figures: QueueFigures) => number) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const found = await figures()
        if (found) this.set(pick(found))
        else this.remove()
      },
    })
  gauge('grantry_webhooks_waiting', 'Webhook messages that wait', ({ webhooks }) => webhooks.waiting)
  gauge(
    'grantry_webhooks_oldest_seconds',
    'How long the oldest waiting webhook message has waited',
    ({ webhooks }) => webhooks.oldestSeconds,
  )
  gauge(
    'grantry_webhook_endpoints_failing',
    'Webhook endpoints whose last message did not arrive',
    ({ endpoints }) => endpoints.failing,
  )
  gauge(
    'grantry_webhook_endpoints_stopped',
    'Webhook endpoints that were given up',
    ({ endpoints }) => endpoints.stopped,
  )
  gauge(
    'grantry_revocations_waiting',
    'Tokens of ended connections that their provider has not revoked yet',
    ({ revocations }) => revocations.waiting,
  )
  gauge(
    'grantry_revocations_oldest_seconds',
    'How long the oldest of them has waited',
    ({ revocations }) => revocations.oldestSeconds,
  )
  gauge(
    'grantry_attempts_unsettled',
    'Requests for tokens whose outcome is not settled',
    ({ unsettled }) => unsettled.waiting,
  )
  gauge(
    'grantry_attempts_oldest_seconds',
    'How long ago the oldest of them was begun',
    ({ unsettled }) => unsettled.oldestSeconds,
  )
  gauge(
    'grantry_refreshes_overdue',
    'Connections whose refresh is due and has not begun',
    ({ overdue }) => overdue.waiting,
  )
  gauge(
    'grantry_refreshes_overdue_seconds',
    'How long the longest of them has been due',
    ({ overdue }) => overdue.oldestSeconds,
  )
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('The database did not answer in time')), patienceMs)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
