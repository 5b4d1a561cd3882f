import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration, importTokens, readToken } from '../../../../test/support/importing.ts'

eachDatabase('the audit log', (open) => {
  let grantry: TestGrantry
  let connection: string
  let inApp: string
  let app: string
  let reader: { id: string; secret: string }
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    const { id: integration } = await addPlainIntegration(grantry)
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
