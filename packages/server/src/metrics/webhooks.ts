import { Counter, Histogram, type Registry } from 'prom-client'

export type WebhookMetrics = {
  /** A message was sent, and this came of it; `stopped`: and its endpoint is not tried any more. */
  attempt(facts: { outcome: 'delivered' | 'failed' | 'stopped'; seconds: number }): void
}

export function createWebhookMetrics(register: Registry): WebhookMetrics {
  const registers = [register]
  const attempts = new Counter({
    name: 'grantry_webhook_attempts_total',
    help: 'Webhook messages that were sent, by what came of it',
    labelNames: ['outcome'],
    registers,
  })
  const duration = new Histogram({
    name: 'grantry_webhook_duration_seconds',
    help: 'How long receivers of webhooks took to answer',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15],
    registers,
  })
  return {
    attempt({ outcome, seconds }) {
      attempts.inc({ outcome })
      if (Number.isFinite(seconds)) duration.observe(Math.max(0, seconds))
    },
  }
}
