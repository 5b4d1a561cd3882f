import { decodeId } from '@grantry/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  importTokens,
  mintTokens,
  passTime,
  readToken,
} from '../../../../test/support/importing.ts'
import { type Attempt, presentAttempt } from './list-attempts.ts'

eachDatabase("a connection's history of attempts", (open) => {
  let grantry: TestGrantry
  let integration: string
  let id: string
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    integration = (await addPlainIntegration(grantry)).id
  })
  afterAll(() => grantry?.close())
  beforeEach(async () => {
    grantry.sandbox!.control.clearFaults()
    id = (await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })).id
    passTime(grantry, 1)
  })

  const list = (query = '', key?: string, connection = id) =>
    grantry.call('GET', `/api/v1/connections/${connection}/attempts${query}`, undefined, key ? { key } : {})
  const refresh = async () => {
    const answer = await grantry.call('POST', `/api/v1/connections/${id}/refresh`)
    passTime(grantry, 1)
    return answer
  }
  const connectionRow = async () =>
    (await open())
      .selectFrom('connections')
      .select(['refresh_at', 'token_request_id', 'workspace_id'])
      .where('id', '=', decodeId('con', id)!)
      .executeTakeFirstOrThrow()

  test('newest first: when, what came of it, and when the next is due, without a token or a hash', async () => {
    expect((await refresh()).status).toBe(200)
    const { refresh_at, token_request_id } = await connectionRow()
    const answer = await list()
    expect(answer.body).toEqual({
      data: [
        {
          id: expect.stringMatching(/^att_[0-9a-z]{26}$/),
          kind: 'refresh',
          at: expect.any(String),
          received_at: expect.any(String),
          outcome: 'stored',
          provider_error: null,
          provider_error_description: null,
          next_try_at: new Date(refresh_at!).toISOString(),
        },
        expect.objectContaining({ kind: 'import', outcome: 'stored', next_try_at: null }),
      ],
      next_cursor: null,
    })
    const [newest, oldest] = answer.body.data
    expect(decodeId('att', newest.id)).toBe(token_request_id)
    expect(newest.at > oldest.at).toBe(true)
    expect(newest.received_at >= newest.at).toBe(true)
    expect(answer.text).not.toMatch(/sandboxcanary|hash|[0-9a-f]{64}/)
  })

  test("a try in vain: the provider's words, and the next try", async () => {
    grantry.sandbox!.control.fault({
      fault: 'status',
      status: 429,
      retry_after: 600,
      body: { error: 'rate_limited', error_description: 'come back later' },
      endpoint: 'token',
    })
    await refresh()
    const { refresh_at } = await connectionRow()
    const [newest] = (await list()).body.data
    expect(newest).toMatchObject({
      kind: 'refresh',
      outcome: 'transient',
      received_at: null,
      provider_error: 'rate_limited',
      provider_error_description: 'come back later',
      next_try_at: new Date(refresh_at!).toISOString(),
    })
  })

  test('a lost answer is uncertain, and lost once the grant turns out to have ended; nothing comes after that', async () => {
    grantry.sandbox!.control.fault({ fault: 'drop_after', endpoint: 'token' })
    await refresh()
    const outcomes = async () => (await list()).body.data.map(({ outcome }: { outcome: string }) => outcome)
    expect(await outcomes()).toEqual(['uncertain', 'stored'])
    passTime(grantry, 3600)
    await readToken(grantry, id)
    expect(await outcomes()).toEqual(['refused', 'refused', 'lost', 'stored'])
    expect((await list()).body.data[0]).toMatchObject({
      outcome: 'refused',
      provider_error: 'invalid_grant',
      next_try_at: null,
    })
  })

  test('pages hold each attempt once; only the very newest tells the next try', async () => {
    for (let n = 0; n < 4; n++) await refresh()
    const all = (await list('?limit=200')).body.data
    expect(all).toHaveLength(5)
    for (const limit of [1, 2, 5]) {
      const seen: unknown[] = []
      let cursor = ''
      do {
        const page = await list(`?limit=${limit}${cursor && `&cursor=${cursor}`}`)
        expect(page.body.data.length).toBeLessThanOrEqual(limit)
        seen.push(...page.body.data)
        cursor = page.body.next_cursor ?? ''
      } while (cursor)
      expect(seen, `limit ${limit}`).toEqual(all)
    }
    const due = all.map(({ next_try_at }: { next_try_at: string | null }) => next_try_at !== null)
    expect(due).toEqual([true, false, false, false, false])
  })

  test.each(['limit=0', 'cursor=forged', 'colour=red'])('%s is refused', async (query) => {
    const answer = await list(`?${query}`)
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, query.split('=')[0]])
  })

  test("an end user's token reads those of its own connections, not another's", async () => {
    const mint = async (end_user: string) => {
      const body = { end_user: { id: end_user }, scopes: ['connections:read'], ttl: 60 }
      return (await grantry.call('POST', '/api/v1/end-user-tokens', body)).body.data.token
    }
    expect((await list('', await mint('u1'))).body.data).toHaveLength(1)
    expect((await list('', await mint('u2'))).status).toBe(404)
  })

  test('a key that is narrowed to an app reads those of its connections alone', async () => {
    const app = (await grantry.call('POST', '/api/v1/apps', { name: 'one' })).body.data.id
    const scopes = ['connections:read']
    const made = await grantry.call('POST', '/api/v1/api-keys', { name: 'narrow', scopes, app_id: app })
    const key = made.body.data.secret
    expect((await list('', key)).status).toBe(404)
    const inApp = await importTokens(grantry, integration, { access_token: 'at' }, { app_id: app })
    expect((await list('', key, inApp.id)).body.data).toHaveLength(1)
  })
})

describe('an attempt without an outcome', () => {
  const sent = Date.parse('2026-11-21T12:00:00Z')
  const attempt: Attempt = {
    id: '019aa0f4-6800-7000-8000-000000000000',
    kind: 'refresh',
    sent_at: sent,
    received_at: null,
    outcome: null,
    error: null,
    error_description: null,
    nextTryAt: sent - 1000,
  }

  test('is in flight for 15 seconds, and uncertain after that', () => {
    expect(presentAttempt(attempt, sent + 14_999)).toMatchObject({ outcome: 'in_flight', next_try_at: null })
    expect(presentAttempt(attempt, sent + 15_000)).toMatchObject({
      outcome: 'uncertain',
      next_try_at: '2026-11-21T11:59:59.000Z',
    })
  })

  test('of which it is not known when it was sent is as old as its id', () => {
    const { at } = presentAttempt({ ...attempt, sent_at: null }, sent)
    expect(at).toBe(new Date(0x019aa0f46800).toISOString())
  })
})
