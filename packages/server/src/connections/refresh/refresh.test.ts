import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, eachDatabase } from '../../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  eventsOf,
  importTokens,
  mintTokens,
  passTime,
  readToken,
  refreshCalls,
  showConnection,
} from '../../../../../test/support/importing.ts'
import type { FaultAct } from '../../../../sandbox/src/faults.ts'

/** Answers that say nothing about the grant, and what the caller is told of them. */
const nothingSaid: [string, FaultAct, string][] = [
  ['an HTML page under 200', { fault: 'html' }, ''],
  ['an HTML page under 502', { fault: 'html', status: 502 }, ''],
  ['50 MB of JSON', { fault: 'huge_body', bytes: 50_000_000 }, ''],
  ['a gzip bomb', { fault: 'gzip_bomb', bytes: 50_000_000 }, ''],
  ['header lines without end', { fault: 'endless_headers' }, ''],
  ['a redirect to another origin', { fault: 'redirect', to: 'http://127.0.0.1:9/token' }, ''],
  ['JSON that breaks off', { fault: 'bad_json' }, ''],
  [
    'an error under 200',
    { fault: 'error_in_200', error: 'server_error', error_description: 'the moon is full' },
    'the moon is full',
  ],
  ['a token that is a number', { fault: 'token_is_number' }, 'unusable_access_token'],
  ['a token with a line break', { fault: 'token_with_crlf' }, 'unusable_access_token'],
  ['a token type that nobody can use', { fault: 'wrong_token_type' }, 'unusable_token_type'],
  ['UTF-16', { fault: 'wrong_charset' }, ''],
  ['500', { fault: 'status', status: 500 }, ''],
  [
    'invalid_client',
    { fault: 'error', error: 'invalid_client', error_description: 'secret has been rolled', status: 401 },
    'secret has been rolled',
  ],
  [
    'an error code nobody knows',
    { fault: 'error', error: 'computer_says_no', error_description: 'come back later' },
    'come back later',
  ],
  ['a cut connection', { fault: 'drop_before' }, ''],
]

describe('a provider that answers badly', () => {
  let grantry: TestGrantry
  let integration: string
  beforeAll(async () => {
    grantry = await startTestGrantry({ world: { background: false } })
    grantry.sandbox!.control.settings('plain', { rotates: false })
  })
  afterAll(() => grantry?.close())
  beforeEach(async () => {
    grantry.sandbox!.control.clearFaults()
    // One each: what fails here must not open the breaker for the next.
    integration = (await addPlainIntegration(grantry)).id
  })

  test.each(nothingSaid)(
    '%s: the old token is served while it lives, then 503 with the words, and all is well again afterwards',
    async (_name, act, words) => {
      const { control } = grantry.sandbox!
      const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
      const before = (await readToken(grantry, id)).body.data.access_token
      control.fault({ ...act, endpoint: 'token', times: 'forever' })

      passTime(grantry, 3600 - 290)
      const inBuffer = await readToken(grantry, id)
      expect(inBuffer.status, inBuffer.text).toBe(200)
      expect(inBuffer.body.data.access_token).toBe(before)
      expect(await showConnection(grantry, id)).toMatchObject({
        status: 'active',
        reason: null,
        last_refresh: { ok: false },
      })

      passTime(grantry, 300)
      const expired = await readToken(grantry, id)
      expect(expired.status, expired.text).toBe(503)
      expect(expired.body).toMatchObject({ code: 'provider_unavailable' })
      expect(expired.text).toContain(words)
      expect(expired.text).not.toContain('sandboxcanary')
      expect(Number(expired.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(await showConnection(grantry, id)).toMatchObject({ status: 'active', reason: null })

      control.clearFaults()
      passTime(grantry, 10)
      const after = await readToken(grantry, id)
      expect(after.status, after.text).toBe(200)
      expect(control.token(after.body.data.access_token)).toMatchObject({ live: true })
      expect(after.body.data.access_token).not.toBe(before)
      const events = (await eventsOf(grantry, id)).filter((type) => type !== 'token.read')
      expect(events).toEqual(['connection.imported', 'connection.refresh_failed', 'connection.recovered'])
    },
  )

  test('429 with Retry-After: nobody asks again before that, and callers are told how long', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: -1 })
    grantry.sandbox!.control.fault({
      fault: 'status',
      status: 429,
      retry_after: 120,
      endpoint: 'token',
      times: 'forever',
    })
    const calls = refreshCalls(grantry).length
    const first = await readToken(grantry, id)
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '120'])
    passTime(grantry, 60)
    const second = await readToken(grantry, id)
    expect(second.status).toBe(503)
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(50)
    expect(Number(second.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect(refreshCalls(grantry).length - calls).toBe(1)
    grantry.sandbox!.control.clearFaults()
    passTime(grantry, 61)
    expect((await readToken(grantry, id)).status).toBe(200)
  })

  test('while a refresh is backing off, no wish for a longer life makes another call', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
    grantry.sandbox!.control.fault({
      fault: 'status',
      status: 429,
      retry_after: 600,
      endpoint: 'token',
      times: 'forever',
    })
    passTime(grantry, 3590)
    const calls = refreshCalls(grantry).length
    expect((await readToken(grantry, id, '?min_valid=300')).status).toBe(200)
    expect((await readToken(grantry, id, '?min_valid=300')).status).toBe(200)
    expect(refreshCalls(grantry).length - calls).toBe(1)
  })

  test('one byte a second: a read in the buffer is not kept waiting, an expired one until the deadline', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
    passTime(grantry, 3600 - 290)
    const fault = grantry.sandbox!.control.fault({ fault: 'slow_drip', endpoint: 'token', times: 'forever' })
    const calls = refreshCalls(grantry).length
    expect((await readToken(grantry, id)).status).toBe(200)
    passTime(grantry, 300)
    const expired = await readToken(grantry, id)
    expect(expired.status).toBe(503)
    expect(expired.body.provider_error).toBe('egress_timeout')
    expect(refreshCalls(grantry).length - calls).toBe(1)
    expect(await showConnection(grantry, id)).toMatchObject({ status: 'active' })
    grantry.sandbox!.control.clearFaults(fault)
  })

  test('no expires_in: served, and renewed after an hour at the latest', async () => {
    grantry.sandbox!.control.fault({ fault: 'missing_expires_in', endpoint: 'token' })
    const { refresh_token } = await mintTokens(grantry)
    grantry.sandbox!.control.fault({ fault: 'missing_expires_in', endpoint: 'token' })
    const { id } = await importTokens(grantry, integration, { refresh_token })
    const first = await readToken(grantry, id)
    expect(first.body.data).toMatchObject({ expires_at: null, expires_in: null })
    passTime(grantry, 3599)
    expect((await readToken(grantry, id)).body.data.access_token).toBe(first.body.data.access_token)
    passTime(grantry, 2)
    const renewed = await readToken(grantry, id)
    expect(renewed.body.data.access_token).not.toBe(first.body.data.access_token)
    expect(grantry.sandbox!.control.token(renewed.body.data.access_token)).toMatchObject({ live: true })
  })

  test.each([
    ['a string', '1800', 1800],
    ['negative', -5, 0],
    ['absurdly large', 1e300, null],
    ['no number at all', 'soon', null],
  ])('expires_in that is %s is clamped or unknown, never an error', async (_name, value, most) => {
    const { refresh_token } = await mintTokens(grantry)
    grantry.sandbox!.control.fault({ fault: 'expires_in', value, endpoint: 'token' })
    const { id, status } = await importTokens(grantry, integration, { refresh_token })
    expect(status).toBe('active')
    const answer = await readToken(grantry, id)
    expect(answer.status, answer.text).toBe(200)
    const { expires_in } = answer.body.data
    if (most !== null) expect(expires_in === null || expires_in <= 3600).toBe(true)
    else expect(expires_in === null || Number.isSafeInteger(expires_in)).toBe(true)
  })

  test('the same access token again, with a new life, is no error', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
    const before = (await readToken(grantry, id)).body.data
    passTime(grantry, 3400)
    grantry.sandbox!.control.fault({ fault: 'same_access_token', endpoint: 'token' })
    const after = (await readToken(grantry, id)).body.data
    expect(after.access_token).toBe(before.access_token)
    expect(after.expires_in).toBeGreaterThan(3500)
  })

  test('no new refresh token: the old one is kept and goes on working', async () => {
    const control = grantry.sandbox!.control
    control.settings('plain', { rotates: true })
    try {
      const { refresh_token } = await mintTokens(grantry)
      control.fault({ fault: 'omit_refresh_token', endpoint: 'token' })
      const { id } = await importTokens(grantry, integration, { refresh_token })
      for (let round = 0; round < 3; round++) {
        passTime(grantry, 3700)
        const answer = await readToken(grantry, id)
        expect(control.token(answer.body.data.access_token)).toMatchObject({ live: true })
      }
      expect(control.stats().families_killed).toBe(0)
    } finally {
      control.settings('plain', { rotates: false })
    }
  })
})

eachDatabase('the end of a grant', (open) => {
  let grantry: TestGrantry
  let integration: string
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
  })
  afterAll(() => grantry?.close())
  beforeEach(async () => {
    integration = (await addPlainIntegration(grantry)).id
  })

  test('invalid_grant: asked once more, then needs_reauth with the words, one event, and never another call', async () => {
    const tokens = await mintTokens(grantry)
    const { id } = await importTokens(grantry, integration, tokens, { expiresIn: -1 })
    grantry.sandbox!.control.revokeGrant({ provider: 'plain', account: 'ada@example.com' })
    const calls = refreshCalls(grantry).length
    const answers = await Promise.all(Array.from({ length: 10 }, () => readToken(grantry, id)))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(409))
    expect(answers[0]!.body).toMatchObject({
      code: 'connection_needs_reauth',
      connection_id: id,
      reason: 'grant_ended',
    })
    const shown = await showConnection(grantry, id)
    expect(shown).toMatchObject({ status: 'needs_reauth', reason: 'grant_ended' })
    expect(shown.reason_detail).toContain('invalid_grant')
    passTime(grantry, 86_400)
    expect((await readToken(grantry, id)).status).toBe(409)
    expect((await grantry.call('POST', `/api/v1/connections/${id}/refresh`)).status).toBe(409)
    expect(refreshCalls(grantry).length - calls).toBe(2)
    expect(await eventsOf(grantry, id)).toEqual(['connection.imported', 'connection.needs_reauth'])
  })

  test('an answer lost after the provider rotated: the end that follows is called lost_response', async () => {
    const tokens = await mintTokens(grantry)
    const { id } = await importTokens(grantry, integration, tokens, { expiresIn: -1 })
    grantry.sandbox!.control.fault({ fault: 'drop_after', endpoint: 'token' })
    const lost = await readToken(grantry, id)
    expect(lost.status).toBe(503)
    expect(await showConnection(grantry, id)).toMatchObject({ status: 'active' })
    passTime(grantry, 10)
    expect((await readToken(grantry, id)).body).toMatchObject({
      code: 'connection_needs_reauth',
      reason: 'lost_response',
    })
    expect(await eventsOf(grantry, id)).toEqual([
      'connection.imported',
      'connection.refresh_failed',
      'connection.needs_reauth',
    ])
  })

  test('an answer lost inside the leeway of the provider: the old token brings another pair', async () => {
    const { control } = grantry.sandbox!
    control.settings('plain', { leeway: 60 })
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: -1 })
    control.fault({ fault: 'drop_after', endpoint: 'token' })
    expect((await readToken(grantry, id)).status).toBe(503)
    passTime(grantry, 10)
    const after = await readToken(grantry, id)
    expect(control.token(after.body.data.access_token)).toMatchObject({ live: true })
    expect(await eventsOf(grantry, id)).toContain('connection.recovered')
    control.settings('plain', { leeway: 0 })
  })

  test('50 readers of one expired token share one refresh', async () => {
    const { control } = grantry.sandbox!
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: -1 })
    const [calls, killed] = [refreshCalls(grantry).length, control.stats().families_killed]
    const answers = await Promise.all(Array.from({ length: 50 }, () => readToken(grantry, id)))
    const tokens = new Set(answers.map(({ body }) => body.data?.access_token))
    expect(tokens.size).toBe(1)
    expect(control.token([...tokens][0]!)).toMatchObject({ live: true })
    expect(refreshCalls(grantry).length - calls).toBe(1)
    expect(control.stats().families_killed).toBe(killed)
  })

  test('50 readers of one expired token share one failure', async () => {
    const { control } = grantry.sandbox!
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: -1 })
    const busy = {
      fault: 'status',
      status: 429,
      retry_after: 60,
      endpoint: 'token',
      times: 'forever',
    } as const
    const [fault, calls] = [control.fault(busy), refreshCalls(grantry).length]
    const answers = await Promise.all(Array.from({ length: 50 }, () => readToken(grantry, id)))
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(503))
    expect(refreshCalls(grantry).length - calls).toBe(1)
    control.clearFaults(fault)
  })

  test('whoever saw the connection before a refresh or a failure makes no call after it', async () => {
    const { control } = grantry.sandbox!
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: -1 })
    const { db, refresh } = grantry.ctx
    const see = () => db.selectFrom('connections').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
    const before = await see()
    const calls = refreshCalls(grantry).length
    control.fault({ fault: 'status', status: 429, retry_after: 60, endpoint: 'token' })
    expect(await refresh(before)).toMatchObject({ ok: false, retryAfterMs: 60_000 })
    expect(await refresh(before)).toMatchObject({ ok: false, ended: false })
    expect(refreshCalls(grantry).length - calls).toBe(1)
    const failed = await see()
    expect(await refresh(failed)).toEqual({ ok: true })
    expect(await refresh(failed)).toEqual({ ok: true })
    expect(await refresh(before)).toEqual({ ok: true })
    expect(refreshCalls(grantry).length - calls).toBe(2)
    expect((await readToken(grantry, id)).status).toBe(200)
  })

  test('refresh route: a new token at once; with a provider that fails 502 and the connection stays', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
    const before = (await readToken(grantry, id)).body.data.access_token
    const refreshed = await grantry.call('POST', `/api/v1/connections/${id}/refresh`)
    expect(refreshed.status).toBe(200)
    expect(refreshed.body.data).toMatchObject({
      id,
      status: 'active',
      last_refresh: { ok: true, error: null },
    })
    const after = (await readToken(grantry, id)).body.data.access_token
    expect(after).not.toBe(before)
    grantry.sandbox!.control.fault({
      fault: 'error',
      error: 'temporarily_unavailable',
      error_description: 'having lunch',
      endpoint: 'token',
    })
    const failed = await grantry.call('POST', `/api/v1/connections/${id}/refresh`)
    expect(failed.status).toBe(502)
    expect(failed.body).toMatchObject({ code: 'provider_failed', provider_error: 'temporarily_unavailable' })
    expect(failed.text).toContain('having lunch')
    expect((await readToken(grantry, id)).body.data.access_token).toBe(after)
    expect(refreshed.text).not.toContain('sandboxcanary')
  })

  test('our own fault in the buffer does not fail a read whose token is good', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
    const before = (await readToken(grantry, id)).body.data.access_token
    const { db } = grantry.ctx
    await db
      .updateTable('token_requests')
      .set({ refresh_token: Buffer.from('damaged') })
      .execute()
    passTime(grantry, 3400)
    const answer = await readToken(grantry, id)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body.data.access_token).toBe(before)
  })
})

test('a narrower scope in the answer is recorded', async () => {
  const database = await createTestDatabase('sqlite')
  const grantry = await startTestGrantry({ databaseUrl: database.url })
  try {
    const { id: integration } = await addPlainIntegration(grantry, { scope: 'read write' })
    const { refresh_token } = await mintTokens(grantry, 'ada@example.com', 'plain', { scope: 'read' })
    const { id } = await importTokens(grantry, integration, { refresh_token }, { scopes: ['read', 'write'] })
    expect(await showConnection(grantry, id)).toMatchObject({
      scopes_requested: ['read', 'write'],
      scopes_granted: ['read'],
    })
    expect((await readToken(grantry, id)).body.data.scopes).toEqual(['read'])
  } finally {
    await grantry.close()
    await database.drop()
  }
})
