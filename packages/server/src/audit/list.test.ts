import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration, importTokens, readToken } from '../../../../test/support/importing.ts'

eachDatabase('the audit log', (open) => {
  let grantry: TestGrantry
  let connection: string
  let inApp: string
  let app: string
  let integration: string
  let reader: { id: string; secret: string }
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    integration = (await addPlainIntegration(grantry, { label: 'Our shop' })).id
    app = (await grantry.call('POST', '/api/v1/apps', { name: 'one' })).body.data.id
    connection = (await importTokens(grantry, integration, { access_token: 'canary-1' })).id
    inApp = (await importTokens(grantry, integration, { access_token: 'canary-2' }, { app_id: app })).id
    const scopes = ['tokens:read', 'events:read']
    reader = (await grantry.call('POST', '/api/v1/api-keys', { name: 'reader', scopes })).body.data
    for (let n = 0; n < 5; n++)
      await grantry.call('GET', `/api/v1/connections/${connection}/token`, undefined, { key: reader.secret })
    await readToken(grantry, inApp)
  })
  afterAll(() => grantry?.close())

  const list = (query = '', key?: string) =>
    grantry.call('GET', `/api/v1/events?${query}`, undefined, key ? { key } : {})
  const types = (answer: Awaited<ReturnType<typeof list>>) =>
    answer.body.data.map(({ type }: { type: string }) => type)

  test('every change and every read is in it, newest first, with who and in which request', async () => {
    const answer = await list('limit=200')
    expect(types(answer)[0]).toBe('token.read')
    // Events of one millisecond have no order among themselves.
    expect(types(answer).slice(-2).sort()).toEqual(['api_key.created', 'workspace.created'])
    for (const type of ['integration.created', 'app.created', 'connection.imported', 'api_key.created'])
      expect(types(answer)).toContain(type)
    const read = answer.body.data.find(
      (event: { connection_id: string }) => event.connection_id === connection,
    )
    expect(read).toMatchObject({
      type: 'token.read',
      actor: { kind: 'api_key', id: reader.id },
      end_user_id: 'u1',
      request_id: expect.any(String),
    })
    expect(answer.text).not.toMatch(/canary|sandboxcanary/)
    expect(answer.text).not.toContain(reader.secret)
  })

  test('filters by type, connection, actor and time', async () => {
    expect(types(await list('type=token.read'))).toHaveLength(6)
    expect(types(await list(`connection=${connection}&type=token.read`))).toHaveLength(5)
    expect(types(await list(`actor=${reader.id}`))).toEqual(Array(5).fill('token.read'))
    expect(types(await list('since=2999-01-01T00:00:00Z'))).toEqual([])
    expect(types(await list('since=2000-01-01T00:00:00Z&type=app.created'))).toEqual(['app.created'])
  })

  test('filters by integration, end user, end of time and kind of type, each with what it does not mean left out', async () => {
    const other = (await addPlainIntegration(grantry)).id
    const far = await importTokens(grantry, other, { access_token: 'x' }, { end_user: { id: 'u2' } })
    await readToken(grantry, far.id)
    await grantry.call('POST', '/api/v1/end-user-tokens', {
      end_user: { id: 'u2' },
      scopes: ['connections:read'],
      ttl: 60,
    })
    const ofOther = ['connection.imported', 'integration.created', 'token.read']
    expect(types(await list(`integration=${other}&limit=200`)).sort()).toEqual(ofOther)
    expect(types(await list(`integration=${other}&type=token.*`))).toEqual(['token.read'])
    expect(types(await list(`integration=${other}&type=connection.*`))).toEqual(['connection.imported'])
    expect(types(await list('end_user=u2')).sort()).toEqual([
      'connection.imported',
      'end_user_token.created',
      'token.read',
    ])
    expect(types(await list('end_user=u2&type=token.read'))).toEqual(['token.read'])
    expect(types(await list('end_user=nobody'))).toEqual([])
    expect(new Set(types(await list('type=connection.*&limit=200')))).toEqual(
      new Set(['connection.imported']),
    )
    expect(types(await list('type=token.*&limit=200'))).toHaveLength(7)
    expect(types(await list('type=nothing.*'))).toEqual([])
    expect(types(await list('until=2000-01-01T00:00:00Z'))).toEqual([])
    const [first] = (await list('type=token.read&limit=1')).body.data
    expect(types(await list(`type=token.read&limit=200&until=${first.at}`)).length).toBeLessThan(7)
    expect((await list(`type=token.read&since=${first.at}`)).body.data[0].id).toBe(first.id)
    // A page of several ways, and the page after, hold each event once.
    const whole = (await list('end_user=u1&limit=200')).body.data.map(({ id }: { id: string }) => id)
    const one = (await list('end_user=u1&limit=3')).body
    const rest = (await list(`end_user=u1&limit=200&cursor=${one.next_cursor}`)).body
    expect([...one.data, ...rest.data].map(({ id }: { id: string }) => id)).toEqual(whole)
    expect(whole).toEqual([...whole].sort().reverse())
  })

  test('names what its ids mean, as far as the credential may know', async () => {
    const [read] = (await list(`connection=${connection}&type=token.read`)).body.data
    expect(read).toMatchObject({
      actor: { kind: 'api_key', id: reader.id, label: 'reader' },
      connection_label: 'u1',
      integration_label: 'Our shop',
    })
    const narrow = await grantry.call('POST', '/api/v1/api-keys', {
      name: 'narrow',
      scopes: ['events:read'],
      app_id: app,
    })
    const [own] = (await list('type=token.read', narrow.body.data.secret)).body.data
    expect(own).toMatchObject({ actor: { label: null }, connection_label: 'u1' })
    await grantry.call('DELETE', `/api/v1/api-keys/${narrow.body.data.id}`)
  })

  test('is taken along as a file, which holds what the same filters list, and is written down', async () => {
    const file = (query: string, key?: string) =>
      grantry.call('GET', `/api/v1/events/export?${query}`, undefined, key ? { key } : {})
    const listed = (await list('limit=200')).body.data
    const lines = await file('')
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    expect(lines.headers.get('content-disposition')).toMatch(
      /^attachment; filename="events-[0-9-]{10}\.jsonl"$/,
    )
    expect(
      lines.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(listed)
    expect(types(await list('type=events.*'))).toEqual(['events.exported', 'events.export_started'])
    expect((await list('type=events.exported')).body.data[0].data).toEqual({
      format: 'jsonl',
      events: listed.length,
    })

    const table = await file(`format=csv&type=token.read&connection=${connection}`)
    expect(table.headers.get('content-type')).toContain('text/csv')
    const rows = table.text.trimEnd().split('\r\n')
    expect(rows).toHaveLength(6)
    expect(rows[0]).toMatch(/^id,at,type,actor_kind,/)
    expect(rows[1]).toMatch(/^evt_\w+,[^,]+,token\.read,api_key,key_\w+,reader,con_\w+,u1,/)

    const mine = await importTokens(
      grantry,
      integration,
      { access_token: 'x' },
      { end_user: { id: '=cmd()' } },
    )
    const [, evil] = (await file(`format=csv&connection=${mine.id}`)).text.split('\r\n')
    expect(evil).toContain(`,"'=cmd()",`)
    expect((await file('type=NOT A TYPE')).status).toBe(422)
  })

  test('an export of more than is read at once is whole', async () => {
    const { db } = grantry.ctx
    const [row] = await db.selectFrom('events').selectAll().where('type', '=', 'app.created').execute()
    const many = Array.from({ length: 450 }, (_, n) => ({
      ...row!,
      id: `01000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    }))
    await db.insertInto('events').values(many).execute()
    const { text } = await grantry.call('GET', '/api/v1/events/export?type=app.created')
    expect(new Set(text.trimEnd().split('\n')).size).toBe(451)
    await db
      .deleteFrom('events')
      .where(
        'id',
        'in',
        many.map(({ id }) => id),
      )
      .execute()
  })

  test('pages hold each event once', async () => {
    const all = (await list('limit=200')).body.data.map(({ id }: { id: string }) => id)
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const page = await list(`limit=4${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.body.data.map(({ id }: { id: string }) => id))
      cursor = page.body.next_cursor
      if (!cursor) break
    }
    expect(seen).toEqual(all)
  })

  test.each(['since=yesterday', 'actor=me', 'cursor=forged', 'limit=0', 'colour=red'])(
    '%s is refused',
    async (query) => {
      const answer = await list(query)
      expect([answer.status, answer.body.errors[0].path]).toEqual([422, query.split('=')[0]])
    },
  )

  test('a key that is narrowed to an app reads its events alone; another workspace reads none of ours', async () => {
    const narrow = await grantry.call('POST', '/api/v1/api-keys', {
      name: 'narrow',
      scopes: ['events:read'],
      app_id: app,
    })
    const answer = await list('limit=200', narrow.body.data.secret)
    const connections = answer.body.data.map((event: { connection_id: string }) => event.connection_id)
    expect(connections).toContain(inApp)
    expect(connections).not.toContain(connection)
    const other = await grantry.call(
      'POST',
      '/api/v1/workspaces',
      { name: 'other' },
      { key: grantry.operatorKey },
    )
    const theirs = await list('limit=200', other.body.data.api_key)
    expect(theirs.text).not.toContain(connection)
  })
})
