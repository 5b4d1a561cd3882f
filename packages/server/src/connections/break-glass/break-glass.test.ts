import { decodeId, encodeId } from '@grantry/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createWorkspace } from '../../../../../test/security/tenant.ts'
import { addSandboxIntegration } from '../../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  eventsOf,
  importTokens,
  mintTokens,
  passTime,
  readToken,
  showConnection,
} from '../../../../../test/support/importing.ts'
import { record } from '../../audit/record.ts'
import { closeContext, createContext } from '../../context.ts'
import { destroyWorkspace } from '../../workspaces/delete.ts'
import { runDueRevocations } from '../revocation-queue.ts'
import { takeToken } from '../take-token.ts'
import { followBreakGlass } from './follow-up.ts'
import { startBreakGlass } from './start.ts'

const year = 365 * 86_400

eachDatabase('breaking glass', (open) => {
  let grantry: TestGrantry
  let plain: string
  let gmail: string
  let count = 0
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    plain = (await addPlainIntegration(grantry)).id
    gmail = (await addSandboxIntegration(grantry, 'gmail', { validate: false })).id
  })
  afterAll(() => grantry?.close())
  beforeEach(() => grantry.sandbox!.control.clearFaults())

  type Given = Record<string, unknown>
  const post = (path: string, body: unknown, options = {}) =>
    grantry.call('POST', `/api/v1${path}`, body, options)
  const make = async (path: string, body: unknown) => (await post(path, body)).body.data

  /** A connection with tokens of its own that no provider knows. */
  const connect = async (integration: string, fields: Given = {}): Promise<string> => {
    const n = count++
    const tokens = { access_token: `access-${n}`, refresh_token: `refresh-${n}` }
    const { id } = await importTokens(grantry, integration, tokens, { expiresIn: year, ...fields })
    return id
  }
  /** One whose tokens the sandbox knows. */
  const connectReally = async (integration = plain, fields: Given = {}) => {
    const tokens = await mintTokens(grantry)
    const { id } = await importTokens(grantry, integration, tokens, { expiresIn: year, ...fields })
    return { id, tokens }
  }
  const start = async (criteria: Given, fields: Given = {}) => {
    const answer = await post('/break-glass', { criteria, ...fields })
    expect(answer.status, answer.text).toBe(201)
    return answer.body.data
  }
  const chosenBy = async (criteria: Given, options = {}): Promise<string[]> => {
    const answer = await post('/break-glass/preview', { criteria }, options)
    expect(answer.status, answer.text).toBe(200)
    const { connections, sample } = answer.body.data
    expect(sample).toHaveLength(Math.min(10, connections))
    return sample.map(({ id }: { id: string }) => id).sort()
  }
  const show = async (id: string) => (await grantry.call('GET', `/api/v1/break-glass/${id}`)).body.data
  const report = async (id: string, query = ''): Promise<Given[]> =>
    (await grantry.call('GET', `/api/v1/break-glass/${id}/connections?limit=200${query}`)).body.data
  const work = async () => {
    await runDueRevocations(grantry.ctx)
    await followBreakGlass(grantry.ctx)
  }
  const isLive = (token: string) => grantry.sandbox!.control.token(token)!.live

  describe('what is chosen', () => {
    let app: string
    let key: { id: string; secret: string }
    let elsewhere: string
    let inApp: string
    let ofAda: string
    let called: string
    let inGmail: string
    let middle: string
    beforeAll(async () => {
      app = (await make('/apps', { name: 'one' })).id
      const scopes = ['tokens:read', 'proxy:call', 'connections:read', 'connections:write']
      key = await make('/api-keys', { name: 'leaked', scopes })
      elsewhere = await createWorkspace(grantry, 'another')
      const own = await post('/integrations', ofPlain(), { key: elsewhere })
      await post(
        '/connections',
        { integration: own.body.data.id, end_user: { id: 'ada' }, tokens: { access_token: 'other' } },
        { key: elsewhere },
      )
      inApp = await connect(plain, { app_id: app })
      ofAda = await connect(plain, { end_user: { id: 'ada' } })
      called = (await connectReally()).id
      passTime(grantry, 60)
      middle = new Date(grantry.clock.now()).toISOString()
      inGmail = await connect(gmail)
    })
    const ofPlain = () => {
      const { authorization_url, token_url, client_id, client_secret } = grantry.sandbox!.generic.plain!
      return { label: 'x', authorization_url, token_url, client_id, client_secret, validate: false }
    }

    test('by provider, integration, app, end user, and when it was made', async () => {
      expect(await chosenBy({ provider: 'gmail' })).toEqual([inGmail])
      expect(await chosenBy({ integration_id: plain })).toEqual([inApp, ofAda, called].sort())
      expect(await chosenBy({ app_id: app })).toEqual([inApp])
      expect(await chosenBy({ end_user_id: 'ada' })).toEqual([ofAda])
      expect(await chosenBy({ created_since: middle })).toEqual([inGmail])
      expect(await chosenBy({ created_until: middle })).toEqual([inApp, ofAda, called].sort())
      expect(await chosenBy({ everything: true })).toEqual([inApp, ofAda, called, inGmail].sort())
      expect(await chosenBy({ integration_id: plain, end_user_id: 'ada', created_until: middle })).toEqual([
        ofAda,
      ])
      expect(await chosenBy({ provider: 'gmail', end_user_id: 'ada' })).toEqual([])
      // Its provider has ended one of its tokens, as it seems: the other may live.
      const setStatus = (status: 'active' | 'needs_reauth') =>
        grantry.ctx.db
          .updateTable('connections')
          .set({ status })
          .where('id', '=', decodeId('con', ofAda)!)
          .execute()
      await setStatus('needs_reauth')
      expect(await chosenBy({ end_user_id: 'ada' })).toEqual([ofAda])
      await setStatus('active')
    })

    test('by a tool that called with it, and by an export that took it along', async () => {
      const by = await make('/api-keys', { name: 'tools', scopes: ['mcp:read', 'mcp:write'] })
      const server = await make('/mcp-servers', {
        mcp_server: plain,
        access_type: 'write',
        auth_method: 'oauth',
        connection_id: called,
      })
      const answer = await post(
        `/mcp-servers/${server.id}/tools/request`,
        { arguments: { path: '/echo', method: 'GET' } },
        { key: by.secret },
      )
      expect(answer.status, answer.text).toBe(200)
      expect(await chosenBy({ api_key_id: by.id })).toEqual([called])
      await record(grantry.ctx, grantry.ctx.db, {
        workspace: decodeId('ws', (await grantry.call('GET', '/api/v1/workspace')).body.data.id)!,
        type: 'token.exported',
        actor: { kind: 'api_key', id: decodeId('key', by.id), requestId: null },
        connection: decodeId('con', ofAda)!,
      })
      expect(await chosenBy({ api_key_id: by.id })).toEqual([ofAda, called].sort())
      await grantry.call('DELETE', `/api/v1/mcp-servers/${server.id}`)
    })

    test('by who read it, and when: itself, by a call, by a token that it minted', async () => {
      const by = { key: key.secret }
      expect(await chosenBy({ api_key_id: key.id })).toEqual([])
      expect((await grantry.call('GET', `/api/v1/connections/${ofAda}/token`, undefined, by)).status).toBe(
        200,
      )
      await grantry.call('GET', `/api/v1/proxy/${called}/echo`, undefined, by)
      expect(await chosenBy({ api_key_id: key.id })).toEqual([ofAda, called].sort())
      passTime(grantry, 600)
      const later = new Date(grantry.clock.now()).toISOString()
      const minted = await post(
        '/end-user-tokens',
        { end_user: { id: 'u1' }, scopes: ['tokens:read'], app_id: app },
        by,
      )
      const ofUser = { key: minted.body.data.token }
      const read = await grantry.call('GET', `/api/v1/connections/${inApp}/token`, undefined, ofUser)
      expect(read.status).toBe(200)
      // The token's row goes an hour after its end; what it did is known all the same.
      await grantry.ctx.db.deleteFrom('end_user_tokens').execute()
      await readToken(grantry, ofAda)
      expect(await chosenBy({ api_key_id: key.id, read_since: later })).toEqual([inApp])
      expect(await chosenBy({ api_key_id: key.id, read_until: later })).toEqual([ofAda, called].sort())
      expect(await chosenBy({ read_since: later })).toEqual([inApp, ofAda].sort())
      // A key that has ended leaves its log.
      await grantry.call('DELETE', `/api/v1/api-keys/${key.id}`)
      expect(await chosenBy({ api_key_id: key.id, app_id: app })).toEqual([inApp])
    })

    test('a key that is narrowed to an app reaches that app, another workspace reaches its own', async () => {
      const narrowed = await make('/api-keys', { name: 'narrowed', scopes: ['admin'], app_id: app })
      const by = { key: narrowed.secret }
      expect(await chosenBy({ everything: true }, by)).toEqual([inApp])
      const other = (await make('/apps', { name: 'two' })).id
      expect((await post('/break-glass/preview', { criteria: { app_id: other } }, by)).status).toBe(404)
      expect(await chosenBy({ everything: true }, { key: elsewhere })).toHaveLength(1)
      const foreign = await post(
        '/break-glass/preview',
        { criteria: { integration_id: plain } },
        { key: elsewhere },
      )
      expect(foreign.status).toBe(404)
      const forced = await post('/break-glass', { criteria: { everything: true }, force: true }, by)
      expect(forced.status).toBe(403)
      const wide = await make('/api-keys', { name: 'wide', scopes: ['tokens:read'] })
      const beyond = { criteria: { api_key_id: wide.id }, delete_api_key: true }
      expect((await post('/break-glass', beyond, by)).status).toBe(404)
      expect((await grantry.call('GET', '/api/v1/workspace', undefined, { key: wide.secret })).status).toBe(
        200,
      )
      const served = await make('/api-keys', { name: 'served', scopes: ['admin'], providers: ['gmail'] })
      expect(await chosenBy({ everything: true }, { key: served.secret })).toEqual([inGmail])
      const ended = await post('/break-glass', { criteria: { everything: true } }, by)
      expect(ended.body.data.connections).toBe(1)
      expect((await showConnection(grantry, inApp)).status).toBe('revoked')
      expect((await showConnection(grantry, ofAda)).status).toBe('active')
      // It sees what it did, and nobody elsewhere does.
      const path = `/api/v1/break-glass/${ended.body.data.id}`
      expect((await grantry.call('GET', path, undefined, by)).status).toBe(200)
      expect((await grantry.call('GET', path, undefined, { key: elsewhere })).status).toBe(404)
      await start({ end_user_id: 'ada' })
      expect((await grantry.call('GET', '/api/v1/break-glass', undefined, by)).body.data).toHaveLength(1)
      const none = await grantry.call('GET', '/api/v1/break-glass', undefined, { key: served.secret })
      expect(none.body.data).toEqual([])
    })

    test('nothing by mistake', async () => {
      for (const criteria of [{}, { everything: true, provider: 'gmail' }, { everything: false }])
        expect((await post('/break-glass', { criteria })).status).toBe(422)
      expect((await post('/break-glass', { criteria: { api_key_id: 'key_none' } })).status).toBe(404)
      const noKey = await post('/break-glass', { criteria: { everything: true }, delete_api_key: true })
      expect(noKey.body.errors[0].path).toBe('delete_api_key')
      expect((await showConnection(grantry, inGmail)).status).toBe('active')
      await start({ everything: true })
    })
  })

  test('nobody reads or calls from then on, in any process; each is revoked, told and reported', async () => {
    const endpoint = await make('/webhook-endpoints', { url: `${grantry.sandbox!.url}/hook` })
    const ended = await Promise.all([connectReally(), connectReally(), connectReally()])
    const inGmail = await connect(gmail)
    const server = await make('/mcp-servers', {
      mcp_server: 'gmail',
      access_type: 'read',
      auth_method: 'oauth',
      connection_id: inGmail,
    })
    const { config } = grantry.ctx
    const other = await createContext(config, { background: false })
    try {
      const [one] = ended
      const { id } = await start({ everything: true })
      expect(await show(id)).toMatchObject({ state: 'revoking', connections: 4, outcomes: { waiting: 4 } })
      for (const { id: connection } of ended) {
        expect(await readToken(grantry, connection)).toMatchObject({
          status: 409,
          body: { code: 'conflict' },
        })
        expect((await grantry.call('GET', `/api/v1/proxy/${connection}/echo`)).status).toBe(409)
      }
      const tool = await post(`/mcp-servers/${server.id}/tools/search_messages`, { arguments: {} })
      expect(tool.body.data).toMatchObject({ is_error: true })
      const row = await other.db
        .selectFrom('break_glass_connections')
        .innerJoin('connections', 'connections.id', 'break_glass_connections.connection_id')
        .select(['connections.id', 'connections.workspace_id'])
        .where('outcome', '=', 'waiting')
        .executeTakeFirstOrThrow()
      const principal = keyOf(row.workspace_id)
      await expect(takeToken(other, { principal, id: row.id })).rejects.toMatchObject({ code: 'conflict' })
      expect(isLive(one!.tokens.refresh_token)).toBe(true)

      passTime(grantry, 1)
      await work()
      expect(await show(id)).toMatchObject({ state: 'done', outcomes: { revoked: 4 }, needs_manual_work: 0 })
      for (const { id: connection, tokens } of ended) {
        expect(isLive(tokens.refresh_token)).toBe(false)
        expect(await eventsOf(grantry, connection)).toEqual([
          'connection.imported',
          'connection.revoked',
          'connection.revoked_upstream',
        ])
      }
      expect((await report(id)).find((each) => each.connection_id === one!.id)).toMatchObject({
        outcome: 'revoked',
        attempts: 1,
        answer: { status: 200, error: null },
        needs_manual_work: false,
        todo: null,
      })
      const left = await grantry.ctx.db
        .selectFrom('token_requests')
        .select('id')
        .where('workspace_id', '=', row.workspace_id)
        .where((eb) => eb.or([eb('access_token', 'is not', null), eb('refresh_token', 'is not', null)]))
        .execute()
      expect(left).toEqual([])
      const { body } = await grantry.call('GET', '/api/v1/events?type=break_glass.*')
      expect(body.data.filter(({ data }: { data: Given }) => data.break_glass === id)).toMatchObject([
        { type: 'break_glass.finished', data: { revoked: 4 } },
        { type: 'break_glass.started', data: { connections: 4 } },
      ])
      const told = await grantry.call('GET', `/api/v1/webhook-endpoints/${endpoint.id}/deliveries`)
      const types = told.body.data.map(({ type }: Given) => type).sort()
      expect(types.filter((type: string) => type !== 'break_glass.finished')).toEqual([
        'break_glass.started',
        ...Array(4).fill('connection.revoked'),
      ])
      expect(types).toContain('break_glass.finished')
    } finally {
      await closeContext(other)
    }
  })

  test('what the provider answers is in the report, and what somebody has to do', async () => {
    const mute = (await addPlainIntegration(grantry, { label: 'Mute', revocation_url: undefined })).id
    const refused = (await addPlainIntegration(grantry)).id
    const slow = await connectReally()
    const [unsupported, wrong] = [await connect(mute), await connect(refused)]
    await grantry.call('PATCH', `/api/v1/integrations/${refused}`, {
      client_secret: 'no longer right',
      validate: false,
    })
    grantry.sandbox!.control.fault({
      fault: 'status',
      status: 500,
      endpoint: 'revoke',
      times: 2,
    })
    const { id } = await start({ everything: true })
    await work()
    const of = async (connection: string) =>
      (await report(id)).find((each) => each.connection_id === connection)
    expect(await of(slow.id)).toMatchObject({ outcome: 'retrying', attempts: 1, answer: { status: 500 } })
    expect(await of(unsupported)).toMatchObject({
      outcome: 'unsupported',
      needs_manual_work: true,
      todo: expect.stringContaining('sandbox-plain at Mute'),
    })
    expect(await of(wrong)).toMatchObject({
      outcome: 'retrying',
      todo: null,
    })
    expect(isLive(slow.tokens.refresh_token)).toBe(true)
    expect(await show(id)).toMatchObject({ state: 'revoking', needs_manual_work: 1 })

    passTime(grantry, 60)
    await work()
    expect(await of(slow.id)).toMatchObject({ outcome: 'revoked', attempts: 2, answer: { status: 200 } })
    expect(isLive(slow.tokens.refresh_token)).toBe(false)
    expect(await of(wrong)).toMatchObject({
      outcome: 'retrying',
      answer: { status: 401, error: 'invalid_client' },
      todo: expect.stringContaining('Check its id and secret'),
    })
    passTime(grantry, 8 * 86_400)
    await work()
    expect(await of(wrong)).toMatchObject({ outcome: 'failed', needs_manual_work: true })
    expect(await show(id)).toMatchObject({
      state: 'done',
      connections: 3,
      outcomes: { revoked: 1, unsupported: 1, failed: 1 },
      needs_manual_work: 2,
    })
    expect((await report(id, '&manual=true')).map((one) => one.connection_id).sort()).toEqual(
      [unsupported, wrong].sort(),
    )
    expect(await report(id, '&outcome=revoked')).toHaveLength(1)
    const file = await grantry.call('GET', `/api/v1/break-glass/${id}/report?format=csv`)
    expect(file.headers.get('content-type')).toContain('text/csv')
    const lines = file.text.trim().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines.some((line) => line.includes('invalid_client'))).toBe(true)
    expect(file.text).not.toContain(slow.tokens.refresh_token)
  })

  test('a provider that is down is not asked for one after the other, and others do not wait behind it', async () => {
    const down = (await addPlainIntegration(grantry)).id
    const items = Array.from({ length: 120 }, (_, n) => ({
      key: `down-${n}`,
      integration: down,
      end_user: { id: `u${n}` },
      tokens: {
        access_token: `down-${n}`,
        refresh_token: `down-refresh-${n}`,
        expires_at: '2099-01-01T00:00:00Z',
      },
    }))
    await post('/connections/import', { items })
    const { control } = grantry.sandbox!
    control.fault({ fault: 'status', status: 503, endpoint: 'revoke', times: 'forever' })
    const asked = () => control.calls({ endpoint: 'revoke' }).length
    const before = asked()
    const { id } = await start({ integration_id: down })
    passTime(grantry, 5)
    await work()
    // Three, and those that were under way when the third came back.
    expect(asked() - before).toBeLessThan(15)
    const first = await show(id)
    expect(first.outcomes.retrying).toBe(asked() - before)
    expect(first.outcomes.waiting).toBe(120 - first.outcomes.retrying)
    // All were tried before, and are due again: more than the queue takes up at once.
    await grantry.ctx.db
      .updateTable('revocations')
      .set({ attempts: 1, next_attempt_at: 0 })
      .where('integration_id', '=', decodeId('int', down)!)
      .execute()
    await connect(plain)
    const behind = await start({ integration_id: plain })
    passTime(grantry, 5)
    await work()
    expect((await show(behind.id)).outcomes).toMatchObject({ waiting: 0, retrying: 1 })
    control.clearFaults()
    passTime(grantry, 120)
    await work()
    expect(await show(id)).toMatchObject({ state: 'done', outcomes: { revoked: 120 } })
  })

  test('what others live on is spared and told, unless it is forced', async () => {
    const one = (await make('/apps', { name: 'spared' })).id
    const tokens = await mintTokens(grantry)
    const twin = (await importTokens(grantry, plain, tokens, { expiresIn: year, app_id: one })).id
    const other = (await importTokens(grantry, plain, tokens, { expiresIn: year })).id
    // Google ends what an account has granted to an app as a whole.
    const account = { id: 'ada', label: 'ada@gmail.com' }
    const items = ['a', 'b'].map((name) => ({
      key: `spared-${name}`,
      integration: gmail,
      end_user: { id: name },
      account,
      tokens: { access_token: `google-${name}`, refresh_token: `google-refresh-${name}` },
      ...(name === 'a' ? { app_id: one } : {}),
    }))
    const imported = await make('/connections/import', { items })
    const sibling = imported.results[0].connection_id
    const { id } = await start({ app_id: one })
    await work()
    expect(await show(id)).toMatchObject({ state: 'done', outcomes: { shared: 2 }, needs_manual_work: 2 })
    expect((await report(id)).find((each) => each.connection_id === sibling)).toMatchObject({
      todo_url: 'https://myaccount.google.com/connections',
      account: { label: 'ada@gmail.com' },
    })
    expect((await showConnection(grantry, twin)).status).toBe('revoked')
    expect((await readToken(grantry, other)).body.data.access_token).toBe(tokens.access_token)
    expect(isLive(tokens.access_token)).toBe(true)

    const again = (await importTokens(grantry, plain, tokens, { expiresIn: year, app_id: one })).id
    const forced = await start({ app_id: one }, { force: true })
    passTime(grantry, 5)
    await work()
    expect(await report(forced.id)).toMatchObject([{ connection_id: again, outcome: 'revoked' }])
    expect(isLive(tokens.refresh_token)).toBe(false)
    // Both of them: each is asked for, and none is shared.
    await connect(plain)
    const both = await start({ everything: true })
    expect(both.outcomes.shared).toBe(0)
    passTime(grantry, 5)
    await work()
    expect((await show(both.id)).state).toBe('done')
  })

  test('the operator: one workspace or all of them, and each workspace sees its own', async () => {
    const by = { key: grantry.operatorKey }
    const keys = [await createWorkspace(grantry, 'east'), await createWorkspace(grantry, 'west')]
    const made: string[] = []
    for (const key of keys) {
      const { client_id, client_secret } = grantry.sandbox!.clients.gmail!
      const integration = await post(
        '/integrations',
        { provider: 'gmail', label: 'Gmail', client_id, client_secret, validate: false },
        { key },
      )
      const connection = await post(
        '/connections',
        { integration: integration.body.data.id, end_user: { id: 'u' }, tokens: { access_token: 'x' } },
        { key },
      )
      made.push(connection.body.data.id)
    }
    const mine = await connect(plain)
    const status = async (index: number) =>
      (await grantry.call('GET', `/api/v1/connections/${made[index]}`, undefined, { key: keys[index]! })).body
        .data.status
    const refused = [
      { provider: 'gmail' },
      { all_workspaces: true },
      { all_workspaces: true, end_user_id: 'u' },
    ]
    for (const criteria of refused)
      expect((await post('/operator/break-glass', { criteria }, by)).status).toBe(422)
    expect(
      (await post('/operator/break-glass', { criteria: { all_workspaces: true, everything: true } })).status,
    ).toBe(403)
    const none = await post(
      '/operator/break-glass',
      { criteria: { all_workspaces: true, provider: 'slack' } },
      by,
    )
    expect(none.body.errors[0].message).toBe('no living connection fits')

    const all = { all_workspaces: true, provider: 'gmail' }
    const preview = await post('/operator/break-glass/preview', { criteria: all }, by)
    expect(preview.body.data.connections).toBe(2)
    const { body } = await post('/operator/break-glass', { criteria: all }, by)
    expect(body.data).toMatchObject({ by: 'operator', workspaces: 2, connections: 2 })
    expect([await status(0), await status(1)]).toEqual(['revoked', 'revoked'])
    expect((await showConnection(grantry, mine)).status).toBe('active')
    passTime(grantry, 5)
    await work()
    const path = `/break-glass/${body.data.id}`
    const get = async (url: string, key: string) => grantry.call('GET', `/api/v1${url}`, undefined, { key })
    expect((await get(`/operator${path}`, grantry.operatorKey)).body.data.state).toBe('done')
    const rows = await get(`/operator${path}/connections`, grantry.operatorKey)
    expect(rows.body.data.map(({ connection_id }: Given) => connection_id).sort()).toEqual(made.toSorted())
    const file = await get(`/operator${path}/report`, grantry.operatorKey)
    expect(file.text.trim().split('\n')).toHaveLength(2)
    expect((await get('/operator/break-glass', grantry.operatorKey)).body.data).toHaveLength(1)
    expect((await get(`${path}/connections`, keys[0]!)).body.data).toMatchObject([{ connection_id: made[0] }])
    expect((await get(path, keys[0]!)).body.data).toMatchObject({ by: 'operator', connections: 1 })
    expect((await grantry.call('GET', `/api/v1${path}`)).status).toBe(404)

    const west = (await get('/workspace', keys[1]!)).body.data.id
    const named = await post(
      '/operator/break-glass',
      { criteria: { workspace_id: west, everything: true } },
      by,
    )
    expect(named.body.errors[0].message).toBe('no living connection fits')
  })

  test('a workspace that is deleted meanwhile: what is left is reported as failed, and it comes to its end', async () => {
    const by = { key: grantry.operatorKey }
    const { id: workspace, api_key: key } = (await post('/workspaces', { name: 'leaving' }, by)).body.data
    const { client_id, client_secret } = grantry.sandbox!.clients.gmail!
    const given = { provider: 'gmail', label: 'Gmail', client_id, client_secret, validate: false }
    const integration = (await post('/integrations', given, { key })).body.data.id
    const connectHere = async (user: string) => {
      const tokens = { access_token: `leaving-${user}` }
      const answer = await post('/connections', { integration, end_user: { id: user }, tokens }, { key })
      expect(answer.status, answer.text).toBe(201)
    }
    const breakGlass = async (criteria: Given) => await post('/operator/break-glass', { criteria }, by)
    await connectHere('one')
    const begun = await breakGlass({ workspace_id: workspace, everything: true })
    expect(begun.body.data.outcomes).toMatchObject({ waiting: 1 })
    await connectHere('two')
    expect((await grantry.call('DELETE', `/api/v1/workspaces/${workspace}`, undefined, by)).status).toBe(200)
    // Its connections are being ended already, those of before and what is left.
    expect((await breakGlass({ workspace_id: workspace, everything: true })).status).toBe(404)
    const all = await post(
      '/operator/break-glass/preview',
      { criteria: { all_workspaces: true, provider: 'gmail' } },
      by,
    )
    expect(all.body.data.connections).toBe(0)

    await destroyWorkspace(grantry.ctx, decodeId('ws', workspace)!, { whatever: true })
    await followBreakGlass(grantry.ctx)
    const path = `/api/v1/operator/break-glass/${begun.body.data.id}`
    expect((await grantry.call('GET', path, undefined, by)).body.data).toMatchObject({
      state: 'done',
      outcomes: { failed: 1 },
      needs_manual_work: 1,
    })
    expect((await grantry.call('GET', `${path}/connections`, undefined, by)).body.data).toMatchObject([
      { outcome: 'failed', answer: { error: 'workspace_deleted' }, todo: expect.stringContaining('Have ') },
    ])
  })

  test('the API key that leaked ends first', async () => {
    const key = await make('/api-keys', { name: 'leaked', scopes: ['tokens:read'] })
    const read = await connect(plain)
    const unread = await connect(plain)
    await grantry.call('GET', `/api/v1/connections/${read}/token`, undefined, { key: key.secret })
    const begun = await start({ api_key_id: key.id }, { delete_api_key: true })
    expect(begun).toMatchObject({ connections: 1, api_key_deleted: true })
    expect(
      (await grantry.call('GET', `/api/v1/connections/${unread}`, undefined, { key: key.secret })).status,
    ).toBe(401)
    expect([
      (await showConnection(grantry, read)).status,
      (await showConnection(grantry, unread)).status,
    ]).toEqual(['revoked', 'active'])
    const { body } = await grantry.call('GET', '/api/v1/events?type=api_key.deleted&limit=1')
    expect(body.data).toHaveLength(1)
    // What one reads until the moment of its end is chosen.
    const quick = await make('/api-keys', { name: 'quick', scopes: ['tokens:read'] })
    const { invalidation } = grantry.ctx
    const change: typeof invalidation.change = async (workspace, work) => {
      const by = { key: quick.secret }
      await grantry.call('GET', `/api/v1/connections/${unread}/token`, undefined, by)
      return invalidation.change(workspace, work)
    }
    const last = await startBreakGlass(
      { ...grantry.ctx, invalidation: { ...invalidation, change } },
      {
        workspaces: [decodeId('ws', (await grantry.call('GET', '/api/v1/workspace')).body.data.id)!],
        byOperator: false,
        app: null,
        actor: { kind: 'system', id: null, requestId: null },
        criteria: { ...nothing, apiKey: decodeId('key', quick.id) },
        said: {},
        force: false,
        deleteApiKey: true,
      },
    )
    expect((await report(encodeId('bgl', last))).map((one) => one.connection_id)).toEqual([unread])
    // Once more: it has gone, and what it read has ended.
    expect(await start({ api_key_id: key.id }, { delete_api_key: true })).toMatchObject({
      connections: 0,
      api_key_deleted: false,
    })
    await start({ everything: true })
    passTime(grantry, 5)
    await work()
  })

  test('a refresh that is under way brings nothing back: its tokens are revoked too, and reported', async () => {
    const { id: connection, tokens } = await connectReally()
    const { control } = grantry.sandbox!
    control.fault({ fault: 'hold', after: true, endpoint: 'token', times: 1 })
    const flight = post(`/connections/${connection}/refresh`, undefined)
    await expect.poll(() => control.held()).toBe(1)
    const { id } = await start({ everything: true })
    passTime(grantry, 2)
    await work()
    expect((await show(id)).state).toBe('done')
    control.release()
    await flight
    expect((await showConnection(grantry, connection)).status).toBe('revoked')
    expect((await readToken(grantry, connection)).status).toBe(409)
    // What came is found by the sweep, and put where tokens wait to be revoked.
    passTime(grantry, 10)
    await grantry.ctx.sweep(new AbortController().signal)
    await expect
      .poll(async () => await grantry.ctx.db.selectFrom('revocations').select('token_request_id').execute())
      .toContainEqual({ token_request_id: null })
    expect((await show(id)).state).not.toBe('done')
    passTime(grantry, 60)
    await work()
    expect(await show(id)).toMatchObject({ state: 'done', outcomes: { revoked: 1 } })
    const { family } = control.token(tokens.refresh_token)!
    expect(control.tokens({ live: true }).filter((token) => token.family === family)).toEqual([])
  })

  test('who dies in the middle is followed up, and nothing is asked twice or not at all', async () => {
    const integration = (await addPlainIntegration(grantry)).id
    for (let from = 0; from < 1000; from += 500) {
      const items = Array.from({ length: 500 }, (_, n) => ({
        key: `crash-${from + n}`,
        integration,
        end_user: { id: `crash-${from + n}` },
        tokens: { access_token: `crash-${from + n}`, refresh_token: `crash-refresh-${from + n}` },
      }))
      await post('/connections/import', { items })
    }
    await connect(integration)
    await connect(integration)
    await connect(integration)
    // The second thousand begins, and the process ends there.
    let asked = 0
    const random = (bytes: number) => {
      if (asked++ > 2003) throw new Error('the process has ended')
      return grantry.ctx.random(bytes)
    }
    const workspace = (
      await grantry.ctx.db.selectFrom('workspaces').select('id').orderBy('id').executeTakeFirstOrThrow()
    ).id
    const id = await startBreakGlass(
      { ...grantry.ctx, random },
      {
        workspaces: [workspace],
        byOperator: false,
        app: null,
        actor: { kind: 'api_key', id: null, requestId: null },
        criteria: { ...nothing, integration: decodeId('int', integration) },
        said: {},
        force: false,
        deleteApiKey: false,
      },
    )
    // Whoever began it is told which one it is, and that it is not over.
    const first = await show(encodeId('bgl', id))
    expect(first).toMatchObject({ state: 'ending', outcomes: { waiting: 1000 } })
    const all = first.connections
    expect(all).toBeGreaterThan(1000)
    // Not while the other may still be at it.
    await followBreakGlass(grantry.ctx)
    expect((await show(first.id)).outcomes.waiting).toBe(1000)
    passTime(grantry, 31)
    await followBreakGlass(grantry.ctx)
    expect(await show(first.id)).toMatchObject({ state: 'revoking', outcomes: { waiting: all, to_end: 0 } })
    const queued = await grantry.ctx.db
      .selectFrom('revocations')
      .select((eb) => [
        eb.fn.countAll().as('rows'),
        eb.fn.count('connection_id').distinct().as('connections'),
      ])
      .executeTakeFirstOrThrow()
    expect([Number(queued.rows), Number(queued.connections)]).toEqual([all, all])
    const living = await grantry.call('GET', `/api/v1/connections?integration=${integration}&status=active`)
    expect(living.body.data).toEqual([])
  })
})

const nothing = {
  provider: null,
  services: null,
  integration: null,
  app: null,
  endUser: null,
  apiKey: null,
  createdSince: null,
  createdUntil: null,
  readSince: null,
  readUntil: null,
}

const keyOf = (workspace: string) => ({
  kind: 'api_key' as const,
  workspace,
  id: null,
  scopes: new Set<never>(),
  app: null,
  endUser: null,
  member: null,
  client: null,
  connections: null,
  services: null,
  networks: null,
  grant: null,
  audience: null,
})
