import { randomBytes, randomUUID } from 'node:crypto'
import { decodeId, encodeId } from '@grantry/api'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  eventsOf,
  mintTokens,
  passTime,
  readToken,
  refreshCalls,
  showConnection,
} from '../../../../test/support/importing.ts'
import { hashImportKey } from './import-keys.ts'

type Result = {
  key: string | null
  result: string
  connection_id: string | null
  first_refresh_at: string | null
  error: { code: string; detail: string; errors: { path: string; message: string }[] } | null
}

eachDatabase('importing many', (open) => {
  let grantry: TestGrantry
  /** On PostgreSQL another process's server on the same database; SQLite has one. */
  let other: TestGrantry
  let workspace: string
  let integration: string
  let keys = 0
  beforeAll(async () => {
    const encryptionKey = randomBytes(32).toString('base64')
    const options = { databaseUrl: open.url, encryptionKey, world: { background: false } }
    grantry = await startTestGrantry(options)
    other = open.dialect === 'postgres' ? await startTestGrantry({ ...options, sandbox: false }) : grantry
    workspace = (await grantry.call('GET', '/api/v1/workspace')).body.data.id
  })
  afterAll(async () => {
    if (other !== grantry) await other?.close()
    await grantry?.close()
  })
  beforeEach(async () => {
    await setPlan({ quotas: {}, features: null })
    integration = (await addPlainIntegration(grantry)).id
  })

  const setPlan = async (settings: Record<string, unknown>) => {
    const path = `/api/v1/workspaces/${workspace}`
    const answer = await grantry.call('PATCH', path, settings, { key: grantry.operatorKey })
    expect(answer.status, answer.text).toBe(200)
  }
  const item = (fields: Record<string, unknown> = {}) => ({
    key: `k${++keys}`,
    integration,
    end_user: { id: `u${keys}` },
    tokens: { access_token: `access-of-${keys}`, expires_at: '2099-01-01T00:00:00Z' },
    ...fields,
  })
  const send = (items: unknown[], more: Record<string, unknown> = {}, options = {}, server = grantry) =>
    server.call('POST', '/api/v1/connections/import', { items, ...more }, options)
  async function bring(items: unknown[], more: Record<string, unknown> = {}): Promise<Result[]> {
    const answer = await send(items, more)
    expect(answer.status, answer.text).toBe(200)
    return answer.body.data.results
  }
  const mint = async () => {
    const { access_token, refresh_token } = await mintTokens(grantry)
    return { access_token, refresh_token }
  }
  const outcomes = (results: Result[]) => results.map(({ result }) => result)
  const stored = async () => {
    const rows = await grantry.ctx.db.selectFrom('connections').select('id').execute()
    return rows.length
  }
  /** As many keys must be connected to as many API keys: a server knows only its own bootstrap key. */
  const ofOther = async () => {
    if (other === grantry) return {}
    const made = await grantry.call('POST', '/api/v1/api-keys', {
      name: 'other',
      scopes: ['connections:write'],
    })
    return { key: made.body.data.secret as string }
  }

  test('each as a single import would make it, with its event, and its token works', async () => {
    const tokens = await mint()
    const account = { id: 'acc-1', label: 'Ada', email: 'ada@example.com' }
    const policy = { allow: [{ methods: ['GET'], paths: ['/v1/*'] }] }
    const results = await bring([
      item({ tokens: { ...tokens, expires_at: '2099-01-01T00:00:00Z', scope: 'read write' }, account }),
      item({ end_user: undefined, metadata: { team: 'blue' }, scopes: ['read'], proxy_policy: policy }),
    ])
    expect(outcomes(results)).toEqual(['created', 'created'])
    const [one, two] = results.map(({ connection_id }) => connection_id!)
    expect(await showConnection(grantry, one!)).toMatchObject({
      status: 'active',
      reason: null,
      integration_id: integration,
      account,
      scopes_granted: ['read', 'write'],
      last_refresh: null,
    })
    expect(await showConnection(grantry, two!)).toMatchObject({
      end_user: null,
      metadata: { team: 'blue' },
      scopes_requested: ['read'],
      scopes_granted: null,
      proxy_policy: policy,
    })
    expect((await readToken(grantry, one!)).body.data.access_token).toBe(tokens.access_token)
    expect(await eventsOf(grantry, two!)).toEqual(['connection.imported'])
  })

  test('what is wrong with one is told by its path, and the others are stored', async () => {
    const before = await stored()
    const good = item()
    const results = await bring([
      good,
      item({ tokens: {} }),
      item({ integration: 'int_01jd3xqv5me8tvh6w5kq2a9xyz' }),
      item({ app_id: 'app_01jd3xqv5me8tvh6w5kq2a9xyz' }),
      item({ end_user: { id: 'a\u0000b' } }),
      item({ secret: 'sandboxcanary' }),
      { ...item(), key: undefined },
      'nonsense',
      null,
    ])
    expect(outcomes(results)).toEqual(['created', ...Array(8).fill('failed')])
    expect(results.slice(1).map(({ error }) => [error!.code, error!.errors[0]!.path])).toEqual([
      ['invalid_request', 'tokens'],
      ['not_found', 'integration'],
      ['not_found', 'app_id'],
      ['invalid_request', 'end_user.id'],
      ['invalid_request', 'secret'],
      ['invalid_request', 'key'],
      ['invalid_request', ''],
      ['invalid_request', ''],
    ])
    expect(JSON.stringify(results)).not.toContain('sandboxcanary')
    expect(await stored()).toBe(before + 1)
  })

  test("another workspace's integration is as one that is not there", async () => {
    const made = await grantry.call(
      'POST',
      '/api/v1/workspaces',
      { name: 'theirs' },
      { key: grantry.operatorKey },
    )
    const key = made.body.data.api_key
    const answer = await send([item({ key: 'x' })], {}, { key })
    const nobodys = await send(
      [item({ key: 'x', integration: 'int_01jd3xqv5me8tvh6w5kq2a9xyz' })],
      {},
      { key },
    )
    expect(answer.body.data.results[0].error.code).toBe('not_found')
    expect(answer.body).toEqual(nobodys.body)
  })

  test('the same key again: the same connection, whatever else the item says', async () => {
    const items = [item(), item(), item()]
    const first = await bring(items)
    const again = await bring([...items, item()])
    expect(outcomes(again)).toEqual(['exists', 'exists', 'exists', 'created'])
    expect(again.slice(0, 3).map(({ connection_id }) => connection_id)).toEqual(
      first.map(({ connection_id }) => connection_id),
    )
    const twice = item()
    const [one, two] = await bring([twice, { ...twice, end_user: { id: 'someone else' } }])
    expect([one!.result, two!.result]).toEqual(['created', 'exists'])
    expect(two!.connection_id).toBe(one!.connection_id)
    // A key means something for its integration only.
    const elsewhere = (await addPlainIntegration(grantry)).id
    expect(outcomes(await bring([{ ...twice, integration: elsewhere }]))).toEqual(['created'])
  })

  test('the same items from several callers and processes at once: each once', async () => {
    const before = await stored()
    const items = Array.from({ length: 40 }, () => item())
    const shuffled = (from: number) => [...items.slice(from), ...items.slice(0, from)]
    const credential = await ofOther()
    const answers = await Promise.all([
      send(items),
      send(shuffled(7), {}, credential, other),
      send(shuffled(20)),
      send(shuffled(33), {}, credential, other),
    ])
    expect(await stored()).toBe(before + 40)
    const ids = new Map<string, Set<string>>()
    const created = answers.flatMap(({ status, text, body }) => {
      expect(status, text).toBe(200)
      for (const { key, connection_id } of body.data.results as Result[])
        ids.set(key!, (ids.get(key!) ?? new Set()).add(connection_id!))
      return (body.data.results as Result[]).filter(({ result }) => result === 'created')
    })
    expect(created.length).toBe(40)
    expect([...ids.values()].every(({ size }) => size === 1)).toBe(true)
  })

  // SQLite has one writer: nobody stores between its look and its write.
  test.runIf(open.dialect === 'postgres')(
    'an item that another process is just storing is waited for, and is then its connection',
    async () => {
      const one = item()
      const theirs = randomUUID()
      const { db } = grantry.ctx
      const stored = Promise.withResolvers<void>()
      const may = Promise.withResolvers<void>()
      const storing = db.transaction().execute(async (tx) => {
        const key_hash = hashImportKey(decodeId('int', integration)!, null, one.key)
        const row = {
          workspace_id: decodeId('ws', workspace)!,
          key_hash,
          connection_id: theirs,
          created_at: 0,
        }
        await tx.insertInto('import_keys').values(row).execute()
        stored.resolve()
        await may.promise
      })
      await stored.promise
      const answer = bring([one, item()])
      const waiting = async () => {
        const { rows } = await sql<{
          n: string
        }>`select count(*) as n from pg_locks where not granted`.execute(db)
        return Number(rows[0]!.n)
      }
      await expect.poll(waiting, { timeout: 10_000 }).toBeGreaterThan(0)
      may.resolve()
      await storing
      const results = await answer
      expect(outcomes(results)).toEqual(['exists', 'created'])
      expect(results[0]!.connection_id).toBe(encodeId('con', theirs))
    },
  )

  test('a dry run says the same and stores nothing', async () => {
    const known = item()
    await bring([known])
    const before = await stored()
    const results = await bring([known, item(), item({ tokens: {} })], { dry_run: true })
    expect(outcomes(results)).toEqual(['exists', 'checked', 'failed'])
    expect(await stored()).toBe(before)
    await setPlan({ quotas: { connections: 0 } })
    const [full] = await bring([item()], { dry_run: true })
    expect(full!.error!.code).toBe('quota_exceeded')
  })

  test('a quota takes as many as it has room for, also of several at once; those that are there need none', async () => {
    const { body } = await send([item()], { dry_run: true })
    expect(body.data.connections_left).toBe(null)
    const living = await grantry.ctx.db
      .selectFrom('connections')
      .select('id')
      .where('status', '!=', 'revoked')
      .execute()
    await setPlan({ quotas: { connections: living.length + 5 } })
    const batches = [0, 1].map(() => Array.from({ length: 4 }, () => item()))
    const answers = await Promise.all(batches.map((items) => send(items)))
    const all: Result[] = answers.flatMap(({ body }) => body.data.results)
    expect(all.filter(({ result }) => result === 'created').length).toBe(5)
    expect(all.filter(({ error }) => error?.code === 'quota_exceeded').length).toBe(3)
    const again = await bring(batches.flat())
    expect(again.filter(({ result }) => result === 'exists').length).toBe(5)
  })

  test('without a good access token: known as untried, planned at half the pace, and refreshed by whoever reads first', async () => {
    const { control } = grantry.sandbox!
    const calls = refreshCalls(grantry).length
    const tokens = await Promise.all([0, 1].map(mint))
    const [bare, expired, dead] = await bring([
      item({ tokens: { refresh_token: tokens[0]!.refresh_token } }),
      item({ tokens: { ...tokens[1], expires_at: '2020-01-01T00:00:00Z' } }),
      item({ tokens: { refresh_token: 'of-nobody' } }),
    ])
    expect(refreshCalls(grantry).length).toBe(calls)
    const planned = [bare, expired, dead].map((one) => Date.parse(one!.first_refresh_at!))
    // Providers that say nothing are asked 100 times a second at most.
    expect(planned.slice(1).map((time, index) => time - planned[index]!)).toEqual([20, 20])
    for (const { connection_id } of [bare!, expired!, dead!])
      expect(await showConnection(grantry, connection_id!)).toMatchObject({
        status: 'active',
        reason: 'awaiting_first_refresh',
        last_refresh: null,
      })
    const later = await bring([item({ tokens: { refresh_token: 'another' } })])
    expect(Date.parse(later[0]!.first_refresh_at!)).toBeGreaterThanOrEqual(planned[2]! + 20)

    const read = await readToken(grantry, bare!.connection_id!)
    expect(control.token(read.body.data.access_token)).toMatchObject({ live: true })
    expect(await showConnection(grantry, bare!.connection_id!)).toMatchObject({
      status: 'active',
      reason: null,
      last_refresh: { ok: true },
    })
    passTime(grantry, 1)
    await grantry.ctx.sweep(AbortSignal.abort())
    expect(await showConnection(grantry, expired!.connection_id!)).toMatchObject({
      reason: null,
      last_refresh: { ok: true },
    })
    // That a grant has ended is asked twice, which takes its time; on one database it is enough.
    if (open.dialect !== 'sqlite') return
    expect((await readToken(grantry, dead!.connection_id!)).body.code).toBe('connection_needs_reauth')
    expect(await showConnection(grantry, dead!.connection_id!)).toMatchObject({
      status: 'needs_reauth',
      reason: 'grant_ended',
    })
  })

  test('a token that nothing can renew is refused where it is not there', async () => {
    const { body } = await grantry.call('POST', '/api/v1/integrations', {
      label: 'Stripe',
      provider: 'stripe',
      client_id: 'x',
      client_secret: 'x',
      validate: false,
    })
    const [refused, taken] = await bring([
      item({ integration: body.data.id, tokens: { refresh_token: 'useless' } }),
      item({ integration: body.data.id, tokens: { access_token: 'sk_works' } }),
    ])
    expect(refused!.error).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'tokens.access_token' }],
    })
    expect(taken!.result).toBe('created')
  })

  test('who may: not an end user, not without the scope, not without the feature; a key of an app brings into that app', async () => {
    const minted = await grantry.call('POST', '/api/v1/end-user-tokens', {
      end_user: { id: 'u1' },
      scopes: ['connections:write'],
    })
    expect(await send([item()], {}, { key: minted.body.data.token })).toMatchObject({
      status: 403,
      body: { code: 'insufficient_scope' },
    })
    const app = (await grantry.call('POST', '/api/v1/apps', { name: `app ${keys}` })).body.data.id
    const keyWith = async (scopes: string[], more = {}) =>
      (await grantry.call('POST', '/api/v1/api-keys', { name: 'k', scopes, ...more })).body.data.secret
    const weak = await keyWith(['connections:read', 'tokens:read', 'admin'])
    expect((await send([item()], {}, { key: weak })).body.code).toBe('insufficient_scope')
    const narrowed = await keyWith(['connections:write'], { app_id: app })
    const inApp = await send([item()], {}, { key: narrowed })
    const [{ connection_id }] = inApp.body.data.results
    expect(await showConnection(grantry, connection_id)).toMatchObject({ app_id: app })
    const other = (await grantry.call('POST', '/api/v1/apps', { name: `other ${keys}` })).body.data.id
    const ofOther = (await addPlainIntegration(grantry, { app_id: other })).id
    const [wrong] = await bring([item({ integration: ofOther, app_id: app })])
    expect(wrong!.error).toMatchObject({ code: 'invalid_request', errors: [{ path: 'app_id' }] })
    const [own] = await bring([item({ integration: ofOther })])
    expect(await showConnection(grantry, own!.connection_id!)).toMatchObject({ app_id: other })
    const unseen = await send([item({ integration: ofOther })], {}, { key: narrowed })
    expect(unseen.body.data.results[0].error.code).toBe('not_found')
    await setPlan({ features: ['mcp'] })
    expect((await send([item()])).body).toMatchObject({ code: 'feature_not_in_plan', feature: 'import' })
  })

  test('an integration that moves while items are read: theirs fail, the others are stored', async () => {
    const moved = (await addPlainIntegration(grantry)).id
    const read = grantry.ctx.vault.sealer
    const { vault } = grantry.ctx as { vault: { sealer: typeof read } }
    vault.sealer = async (workspace) => {
      vault.sealer = read
      await grantry.call('DELETE', `/api/v1/integrations/${moved}`)
      return read(workspace)
    }
    const results = await bring([item({ integration: moved }), item()])
    expect(outcomes(results)).toEqual(['failed', 'created'])
    expect(results[0]!.error!.code).toBe('not_found')
  })

  test.each([
    ['no items', { items: [] }, 'items'],
    ['too many', { items: Array(501).fill({}) }, 'items'],
    ['no list', { items: {} }, 'items'],
    ['something else beside', { items: [{}], more: 1 }, 'more'],
  ])('%s: the whole request is refused', async (_name, body, path) => {
    const answer = await grantry.call('POST', '/api/v1/connections/import', body)
    expect(answer.status).toBe(422)
    expect(answer.body.errors[0].path).toBe(path)
  })

  test('what was brought rests sealed and is not in the log', async () => {
    const tokens = await mint()
    await bring([item({ tokens })])
    const rows = await grantry.ctx.db.selectFrom('token_requests').selectAll().execute()
    const latin = rows.map(({ access_token, refresh_token }) =>
      [access_token, refresh_token].map((sealed) => Buffer.from(sealed ?? []).toString('latin1')).join(),
    )
    expect(latin.join()).not.toContain('sandboxcanary')
    expect(grantry.logs()).not.toContain('sandboxcanary')
  })
})
