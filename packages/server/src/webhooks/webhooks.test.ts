import { createHmac } from 'node:crypto'
import { decodeId } from '@grantry/api'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration, importTokens } from '../../../../test/support/importing.ts'
import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Db } from '../db/connect.ts'
import { transaction } from '../db/transaction.ts'
import { deliverDue } from './deliver.ts'
import { pruneDeliveries } from './prune.ts'
import { type Received, type Receiver, startReceiver } from './receiver.fixture.ts'
import { nextTry, pauses } from './retry.ts'

const minute = 60
const hour = 60 * minute

eachDatabase('webhooks', (open) => {
  let grantry: TestGrantry
  let receiver: Receiver
  let other: Receiver
  let integration: string
  let endpoint: { id: string; secret: string }
  const ended: string[] = []

  beforeAll(async () => {
    receiver = await startReceiver()
    other = await startReceiver()
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      world: { background: false },
      env: { GRANTRY_EGRESS_ALLOW: `${receiver.address},${other.address}` },
    })
    integration = (await addPlainIntegration(grantry)).id
  })
  afterAll(async () => {
    await grantry.close()
    await receiver.close()
    await other.close()
  })
  beforeEach(async () => {
    for (const one of [receiver, other]) Object.assign(one, { received: [], answer: 204, headers: {} })
    endpoint = await add({ url: receiver.url })
  })
  afterEach(async () => {
    const { body } = await grantry.call('GET', '/api/v1/webhook-endpoints')
    for (const { id } of body.data) await grantry.call('DELETE', `/api/v1/webhook-endpoints/${id}`)
    ended.length = 0
  })

  async function add(body: Record<string, unknown>) {
    const answer = await grantry.call('POST', '/api/v1/webhook-endpoints', body)
    expect(answer.text).toContain('whsec_')
    return answer.body.data as { id: string; secret: string }
  }

  /** Ends a connection: `connection.revoked`. */
  async function happen(appId?: string) {
    const { id } = await importTokens(
      grantry,
      integration,
      { access_token: 'canary-token' },
      appId ? { app_id: appId } : {},
    )
    expect((await grantry.call('DELETE', `/api/v1/connections/${id}`)).status).toBe(200)
    ended.push(id)
    return id
  }

  const deliver = () => deliverDue(grantry.ctx)
  const told = (one: Receiver) => one.received.map(({ body }) => JSON.parse(body).data.connection_id)
  const show = async (id = endpoint.id) =>
    (await grantry.call('GET', `/api/v1/webhook-endpoints/${id}`)).body.data
  const log = async (id = endpoint.id) =>
    (await grantry.call('GET', `/api/v1/webhook-endpoints/${id}/deliveries`)).body.data

  /** As the standard says, written anew. */
  function signs({ headers, body }: Received, secret: string): boolean {
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const wanted = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
    return String(headers['webhook-signature']).split(' ').includes(wanted)
  }

  test('an event arrives once, signed, with no token in it', async () => {
    const id = await happen()
    await deliver()
    await deliver()
    const [message, ...more] = receiver.received
    expect(more).toEqual([])
    expect(JSON.parse(message!.body)).toEqual({
      type: 'connection.revoked',
      timestamp: expect.stringMatching(/^2\d{3}-.*Z$/),
      data: {
        connection_id: id,
        provider: null,
        integration_id: integration,
        end_user_id: 'u1',
        app_id: null,
      },
    })
    expect(message!.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': expect.stringMatching(/^evt_/),
    })
    expect(signs(message!, endpoint.secret)).toBe(true)
    expect(await log()).toMatchObject([
      { status: 'delivered', type: 'connection.revoked', tries: [{ status: 204 }] },
    ])
  })

  test('a receiver that is down for an hour gets everything, in order, under the same ids', async () => {
    receiver.answer = 503
    for (let n = 0; n < 3; n++) await happen()
    await deliver()
    expect(receiver.received).toHaveLength(1)
    const [first] = receiver.received
    for (let passed = 0; passed < hour; passed += 5 * minute) {
      grantry.clock.advance(5 * minute)
      await deliver()
    }
    const failing = await show()
    expect(failing).toMatchObject({
      enabled: true,
      failing_since: expect.any(String),
      next_try_at: expect.any(String),
    })
    Object.assign(receiver, { answer: 204, received: [] })
    grantry.clock.advance(2 * hour + 30 * minute)
    await deliver()
    expect(told(receiver)).toEqual(ended)
    expect(receiver.received[0]!.headers['webhook-id']).toBe(first!.headers['webhook-id'])
    expect(receiver.received[0]!.body).toBe(first!.body)
    expect(await show()).toMatchObject({ failing_since: null, next_try_at: null })
  })

  test('one that hangs or fails does not hold up another', async () => {
    const good = await add({ url: other.url })
    receiver.answer = null
    await happen()
    await deliver()
    expect(told(other)).toEqual(ended)
    expect(await log()).toMatchObject([
      { status: 'pending', tries: [{ status: null, error: expect.stringMatching(/^egress_/) }] },
    ])
    expect(await log(good.id)).toMatchObject([{ status: 'delivered' }])
  })

  test('after eight tries in 27 hours a message is given up, and the next is tried', async () => {
    await happen()
    const last = await happen()
    receiver.answer = ({ body }) => (JSON.parse(body).data.connection_id === last ? 204 : 500)
    for (const pause of [0, ...pauses]) {
      grantry.clock.advance((pause * 1.2) / 1000 + 1)
      await deliver()
    }
    expect(told(receiver)).toEqual([...Array(8).fill(ended[0]), last])
    expect((await log()).map(({ status }: { status: string }) => status)).toEqual(['delivered', 'failed'])
    expect((await log())[1].tries).toHaveLength(8)
    expect((await log())[1].tries[0]).toMatchObject({ status: 500, answer: 'not today' })
  })

  test('a message can be sent again', async () => {
    await happen()
    await deliver()
    const [{ id }] = await log()
    const path = `/api/v1/webhook-endpoints/${endpoint.id}/deliveries`
    expect((await grantry.call('POST', `${path}/${id}/redeliver`)).body.data).toMatchObject({
      status: 'pending',
    })
    await deliver()
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id])
    const unknown = id.replace(/.$/, id.endsWith('0') ? '1' : '0')
    expect((await grantry.call('POST', `${path}/${unknown}/redeliver`)).status).toBe(404)
  })

  test('while a secret is replaced, both sign; afterwards the new one alone', async () => {
    const path = `/api/v1/webhook-endpoints/${endpoint.id}/rotate-secret`
    const { body } = await grantry.call('POST', path, { overlap_seconds: 3600 })
    await happen()
    await deliver()
    const { secret } = body.data
    expect([secret, endpoint.secret].map((one) => signs(receiver.received[0]!, one))).toEqual([true, true])
    grantry.clock.advance(3601)
    await happen()
    await deliver()
    expect([secret, endpoint.secret].map((one) => signs(receiver.received[1]!, one))).toEqual([true, false])
    expect(JSON.stringify(await show())).not.toContain('whsec_')
  })

  test('an endpoint that fails for five days is stopped, which is an event; it goes on when it is let', async () => {
    receiver.answer = 500
    for (let n = 0; n < 6; n++) await happen()
    for (let passed = 0; passed < 6 * 24 && (await show()).enabled; passed += 5) {
      await deliver()
      grantry.clock.advance(5 * hour)
    }
    expect(await show()).toMatchObject({ enabled: false, disabled_reason: 'failing' })
    const { body } = await grantry.call('GET', '/api/v1/events?type=webhook_endpoint.disabled')
    expect(body.data[0]).toMatchObject({ actor: { kind: 'system' }, data: { reason: 'failing' } })
    receiver.received = []
    receiver.answer = 204
    await deliver()
    expect(receiver.received).toEqual([])
    await grantry.call('PATCH', `/api/v1/webhook-endpoints/${endpoint.id}`, { enabled: true })
    await deliver()
    expect(told(receiver).at(-1)).toBe(ended.at(-1))
  })

  test('a redirect is a failure, and leads nowhere', async () => {
    Object.assign(receiver, { answer: 307, headers: { location: other.url } })
    await happen()
    await deliver()
    expect(other.received).toEqual([])
    expect(await log()).toMatchObject([{ status: 'pending', tries: [{ status: 307 }] }])
  })

  test('410 stops it at once', async () => {
    receiver.answer = 410
    await happen()
    await deliver()
    expect(await show()).toMatchObject({ enabled: false, disabled_reason: 'gone' })
  })

  test('Retry-After puts a message off', async () => {
    Object.assign(receiver, { answer: 429, headers: { 'retry-after': '1800' } })
    await happen()
    await deliver()
    const wait = Date.parse((await show()).next_try_at) - grantry.clock.now()
    expect(wait / 1000).toBeGreaterThan(1700)
    expect(wait / 1000).toBeLessThanOrEqual(1800)
  })

  test('an endpoint hears of its types and its app only', async () => {
    const app = (await grantry.call('POST', '/api/v1/apps', { name: 'one' })).body.data.id
    await add({ url: other.url, types: ['connection.revoked'], app_id: app })
    await grantry.call('PATCH', `/api/v1/webhook-endpoints/${endpoint.id}`, { types: ['connection.created'] })
    await happen()
    const inApp = await happen(app)
    await deliver()
    expect(told(other)).toEqual([inApp])
    expect(receiver.received).toEqual([])
  })

  test('an address that may not be called is refused at its field, and nothing is stored', async () => {
    for (const url of ['http://169.254.169.254/latest', 'https://localhost/hook', 'http://10.0.0.1/hook']) {
      const answer = await grantry.call('POST', '/api/v1/webhook-endpoints', { url })
      expect(answer).toMatchObject({ status: 422, body: { code: 'url_refused', errors: [{ path: 'url' }] } })
    }
    expect((await grantry.call('GET', '/api/v1/webhook-endpoints')).body.data).toHaveLength(1)
  })

  test('what a person changes while a message is under way stands', async () => {
    receiver.answer = 'wait'
    await happen()
    const sending = deliver()
    await expect.poll(() => receiver.received.length).toBe(1)
    const path = `/api/v1/webhook-endpoints/${endpoint.id}`
    await grantry.call('PATCH', path, { url: other.url })
    receiver.cut()
    await sending
    expect(await show()).toMatchObject({ failing_since: null, next_try_at: null })
    await deliver()
    expect(told(other)).toEqual(ended)
  })

  test('of a stopped endpoint nothing is sent again; a message that is not there changes nothing', async () => {
    await happen()
    await deliver()
    const path = `/api/v1/webhook-endpoints/${endpoint.id}`
    const [{ id }] = await log()
    await grantry.call('PATCH', path, { enabled: false })
    const again = await grantry.call('POST', `${path}/deliveries/${id}/redeliver`)
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } })
  })

  test('an endpoint ends with its app, and the log tells no more of it than where it was', async () => {
    const app = (await grantry.call('POST', '/api/v1/apps', { name: 'gone' })).body.data.id
    const { id } = await add({ url: `${other.url}/a-secret-of-theirs`, app_id: app })
    expect((await grantry.call('DELETE', `/api/v1/apps/${app}`)).status).toBe(200)
    expect((await grantry.call('GET', `/api/v1/webhook-endpoints/${id}`)).status).toBe(404)
    const events = await grantry.call('GET', '/api/v1/events?type=webhook_endpoint.*')
    expect(events.text).toContain(new URL(other.url).origin)
    expect(events.text).not.toContain('a-secret-of-theirs')
  })

  test('an event and its messages are one transaction', async () => {
    const { db } = grantry.ctx
    const count = async (tx: Db, table: 'events' | 'webhook_deliveries') =>
      (await tx.selectFrom(table).select('workspace_id').execute()).length
    const before = [await count(db, 'events'), await count(db, 'webhook_deliveries')]
    const workspace = decodeId('ws', (await grantry.call('GET', '/api/v1/workspace')).body.data.id)!
    const given = transaction(db, async (tx) => {
      await record(grantry.ctx, tx, { workspace, type: 'connection.revoked', actor: system })
      expect(await count(tx, 'webhook_deliveries')).toBe(before[1]! + 1)
      throw new Error('given up')
    })
    await expect(given).rejects.toThrow('given up')
    expect([await count(db, 'events'), await count(db, 'webhook_deliveries')]).toEqual(before)
  })

  test('what a process had in hand that was killed, another sends a minute later', async () => {
    await happen()
    const claimed_until = grantry.clock.now() + 60_000
    await grantry.ctx.db.updateTable('webhook_endpoints').set({ claimed_until }).execute()
    await deliver()
    expect(receiver.received).toEqual([])
    grantry.clock.advance(60)
    await deliver()
    expect(told(receiver)).toEqual(ended)
  })

  test('what waits is kept for 30 days, and as long the log tells what was sent', async () => {
    await happen()
    const day = 24 * hour
    for (const [days, kept] of [
      [29.9, 1],
      [0.2, 0],
    ] as const) {
      grantry.clock.advance(days * day)
      await pruneDeliveries(grantry.ctx)
      expect(await log()).toHaveLength(kept)
    }
  })

  test('two processes send each message once', async () => {
    for (let n = 0; n < 5; n++) await happen()
    await Promise.all([deliver(), deliver(), deliver()])
    await deliver()
    expect(told(receiver)).toEqual(ended)
  })
})

test('the background sends by itself, and to others while one does not answer', async () => {
  const receiver = await startReceiver()
  const hanging = await startReceiver()
  hanging.answer = 'wait'
  const grantry = await startTestGrantry({
    env: { GRANTRY_EGRESS_ALLOW: `${receiver.address},${hanging.address}` },
  })
  const { id: integration } = await addPlainIntegration(grantry)
  const end = async () => {
    const { id } = await importTokens(grantry, integration, { access_token: 'canary-token' })
    await grantry.call('DELETE', `/api/v1/connections/${id}`)
  }
  await grantry.call('POST', '/api/v1/webhook-endpoints', { url: hanging.url })
  await end()
  await expect.poll(() => hanging.received.length, { timeout: 10_000 }).toBe(1)
  await grantry.call('POST', '/api/v1/webhook-endpoints', { url: receiver.url })
  await end()
  await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(1)
  // One at a time.
  expect(hanging.received).toHaveLength(1)
  hanging.cut()
  await grantry.close()
  await receiver.close()
  await hanging.close()
})

test('pauses grow to 27 hours and a half in all, a fifth longer at most, by chance', () => {
  const passed = (byte: number) => {
    let now = 0
    for (let attempts = 1; attempts <= pauses.length; attempts++)
      now = nextTry({ attempts, now, retryAfterMs: null }, () => Uint8Array.of(byte))!
    return now / 3_600_000
  }
  expect(passed(0)).toBeCloseTo(27.585, 2)
  expect(passed(255)).toBeCloseTo(27.585 * 1.2, 2)
  expect(
    nextTry({ attempts: pauses.length + 1, now: 0, retryAfterMs: null }, () => Uint8Array.of(0)),
  ).toBeNull()
})
