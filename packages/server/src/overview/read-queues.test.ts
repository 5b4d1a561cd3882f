import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration, importTokens, mintTokens } from '../../../../test/support/importing.ts'
import { deliverDue } from '../webhooks/deliver.ts'
import { type Receiver, startReceiver } from '../webhooks/receiver.fixture.ts'

eachDatabase('what waits, at a scrape', (open) => {
  let grantry: TestGrantry
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await startReceiver()
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      world: { background: false },
      env: { GRANTRY_EGRESS_ALLOW: receiver.address },
    })
  })
  afterAll(async () => {
    await grantry?.close()
    await receiver?.close()
  })

  const figure = (text: string, name: string) => {
    const [, value] = new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(text) ?? []
    return value === undefined ? null : Number(value)
  }

  test('webhooks, revocations, attempts and refreshes, each with how long', async () => {
    const { id: integration } = await addPlainIntegration(grantry)
    await grantry.call('POST', '/api/v1/webhook-endpoints', { url: receiver.url })
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
    // An event that endpoints hear of, and the grant at the provider waits to be revoked.
    const ended = await importTokens(grantry, integration, await mintTokens(grantry), {
      end_user: { id: 'u2' },
    })
    await grantry.call('DELETE', `/api/v1/connections/${ended.id}`)
    receiver.answer = 500
    await deliverDue(grantry.ctx)
    await grantry.ctx.db
      .updateTable('token_requests')
      .set({ settle_at: grantry.clock.now(), outcome: null })
      .where('kind', '=', 'import')
      .execute()
    grantry.clock.advance(7200)
    const { text } = await grantry.call('GET', '/metrics')
    const seconds = (name: string) => {
      const value = figure(text, name)
      expect(value, name).toBeGreaterThanOrEqual(1800)
      expect(value, name).toBeLessThan(7300)
    }
    expect(figure(text, 'grantry_webhooks_waiting')).toBe(1)
    seconds('grantry_webhooks_oldest_seconds')
    expect(figure(text, 'grantry_webhook_endpoints_failing')).toBe(1)
    expect(figure(text, 'grantry_webhook_endpoints_stopped')).toBe(0)
    expect(figure(text, 'grantry_attempts_unsettled')).toBe(2)
    seconds('grantry_attempts_oldest_seconds')
    expect(figure(text, 'grantry_refreshes_overdue')).toBe(1)
    seconds('grantry_refreshes_overdue_seconds')
    const waiting = await grantry.ctx.db.selectFrom('revocations').select('id').execute()
    expect(figure(text, 'grantry_revocations_waiting')).toBe(waiting.length)
    expect(text).toMatch(/grantry_webhook_attempts_total\{outcome="failed",[^}]*\} 1\n/)
    expect(figure(text, 'grantry_vault_keys')).toBeGreaterThanOrEqual(1)
    expect(text).toMatch(/grantry_vault_duration_seconds_count\{[^}]*operation="seal"[^}]*\} [1-9]/)
    expect(text).not.toContain(id)

    // Scrapes that come close together share an answer.
    await grantry.ctx.db.deleteFrom('webhook_deliveries').execute()
    expect(figure((await grantry.call('GET', '/metrics')).text, 'grantry_webhooks_waiting')).toBe(1)
  })
})
