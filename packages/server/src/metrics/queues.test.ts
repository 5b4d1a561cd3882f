import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { type QueueFigures, watchQueues } from './queues.ts'

const some = { waiting: 3, oldestSeconds: 60 }
const figures: QueueFigures = {
  webhooks: some,
  endpoints: { failing: 1, stopped: 2 },
  revocations: some,
  unsettled: some,
  overdue: some,
}

test('where the database does not answer, what waits is left out, which is not 0', async () => {
  const register = new Registry()
  let asked = 0
  watchQueues(register, async () => {
    asked++
    throw new Error('away')
  })
  await register.metrics()
  const text = await register.metrics()
  expect(asked).toBe(1)
  expect(text).not.toMatch(/^grantry_webhooks_waiting /m)
  expect(text).toMatch(/^grantry_queues_unread_total 1$/m)
})

test('one question answers every gauge of a scrape', async () => {
  const register = new Registry()
  let asked = 0
  watchQueues(register, async () => {
    asked++
    return figures
  })
  const text = await register.metrics()
  expect(asked).toBe(1)
  expect(text).toMatch(/^grantry_webhooks_oldest_seconds 60$/m)
  expect(text).toMatch(/^grantry_webhook_endpoints_stopped 2$/m)
})
