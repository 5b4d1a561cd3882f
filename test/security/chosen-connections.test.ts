import { afterAll, beforeAll, expect, test } from 'vitest'
import { oauthScopes } from '../../packages/api/src/index.ts'
import { listEvents } from '../../packages/server/src/audit/list.ts'
import { routeTokens, type TokenRouter, uuidOf } from '../support/access-tokens.ts'
import { startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { addPlainIntegration, importTokens } from '../support/importing.ts'

eachDatabase('a token for the connections chosen at consent', (open) => {
  let grantry: TestGrantry
  let router: TokenRouter
  let workspace: string
  let integration: string
  /** Those of two end users and the workspace's own, at one integration; the first and the last are chosen. */
  let all: string[]
  let chosen: string[]
  let others: string[]
  let servers: Record<string, string>
  let token: string

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    router = await routeTokens(grantry)
    workspace = (await grantry.call('GET', '/api/v1/workspace')).body.data.id
    integration = (await addPlainIntegration(grantry)).id
    all = []
    for (const [n, who] of ['ada', 'ada', 'grace', 'grace', undefined, undefined].entries()) {
      const end_user = who === undefined ? undefined : { id: who }
      all.push((await importTokens(grantry, integration, { access_token: `access-${n}` }, { end_user })).id)
    }
    chosen = [all[0]!, all[3]!]
    others = all.filter((id) => !chosen.includes(id))
    token = issue(chosen)
    const gmail = grantry.sandbox!.clients.gmail!
    const { client_id, client_secret } = gmail
    const made = await grantry.call('POST', '/api/v1/integrations', {
      label: 'Gmail',
      provider: 'gmail',
      client_id,
      client_secret,
      validate: false,
    })
    servers = {}
    for (const which of ['reached', 'beyond']) {
      const { id } = await importTokens(grantry, made.body.data.id, { access_token: `gmail-${which}` })
      const server = await grantry.call('POST', '/api/v1/mcp-servers', {
        mcp_server: 'gmail',
        access_type: 'read',
        auth_method: 'oauth',
        connection_id: id,
      })
      servers[which] = server.body.data.id
      servers[`${which} connection`] = id
    }
  })
  afterAll(async () => {
    await router?.app.close()
    await grantry?.close()
  })

  const issue = (ids: string[], scopes: readonly string[] = oauthScopes) =>
    router.issue(workspace, {
      connections: new Set(ids.map((id) => uuidOf('con', id))),
      scopes: new Set(scopes) as never,
    })
  const get = (path: string, by = token) => router.call('GET', `/api/v1${path}`, by)

  test('lists them and nothing else, a page at a time', async () => {
    const seen: string[] = []
    let cursor = ''
    for (let pages = 0; pages < 5; pages++) {
      const { body } = await get(`/connections?limit=1${cursor}`)
      seen.push(...body.data.map(({ id }: { id: string }) => id))
      if (body.next_cursor === null) break
      cursor = `&cursor=${body.next_cursor}`
    }
    expect(seen).toEqual([...chosen].sort().reverse())
    const filtered = await get(`/connections?integration=${integration}&end_user=ada`)
    expect(filtered.body.data.map(({ id }: { id: string }) => id)).toEqual([chosen[0]])
    expect((await get('/connections', issue([]))).body).toEqual({ data: [], next_cursor: null })
  })

  test.each([
    ['GET', ''],
    ['GET', '/token'],
    ['GET', '/attempts'],
    ['POST', '/refresh'],
    ['DELETE', ''],
  ])('%s …%s of another is answered as of one that does not exist', async (method, rest) => {
    const nowhere = await router.call(method, `/api/v1/connections/con_${'0'.repeat(26)}${rest}`, token)
    for (const id of others) {
      const answer = await router.call(method, `/api/v1/connections/${id}${rest}`, token)
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found'])
      expect(answer.text.replace(/req_\w+/, '')).toBe(nowhere.text.replace(/req_\w+/, ''))
    }
    if (method !== 'GET') return
    expect((await get(`/connections/${chosen[0]}${rest}`)).status).toBe(200)
  })

  test('a token by integration is looked for among them, whoever’s they are', async () => {
    const find = (query: string, by = token) => get(`/token?integration=${integration}${query}`, by)
    const several = await find('')
    expect([several.status, several.body.code]).toEqual([409, 'ambiguous'])
    expect(several.body.ids.sort()).toEqual([...chosen].sort())
    expect((await find('&end_user=ada')).body.data.connection_id).toBe(chosen[0])
    // Of all there are two; of those chosen only one.
    expect((await find('', issue([all[1]!]))).body.data.connection_id).toBe(all[1])
    expect((await find('&end_user=grace', issue([all[1]!]))).body.code).toBe('not_found')
    expect((await find('', issue([]))).body.code).toBe('not_found')
  })

  test('Fiberwise’s list and delete mean them too', async () => {
    const { body } = await get('/credentials/oauth/connections')
    expect(body).toHaveLength(2)
    const none = await router.call('DELETE', '/api/v1/credentials/oauth/connections/Plain', issue([]))
    expect([none.status, none.body.code]).toEqual([404, 'not_found'])
    expect((await get('/credentials/oauth/connections', issue([]))).body).toEqual([])
  })

  test('an MCP server is there where its connection is', async () => {
    const by = issue([servers['reached connection']!])
    expect((await get(`/mcp-servers/${servers.reached}`, by)).status).toBe(200)
    expect((await get(`/mcp-servers/${servers.beyond}`, by)).status).toBe(404)
    const { text } = await get('/mcp-servers', by)
    expect(text).toContain(servers.reached)
    expect(text).not.toContain(servers.beyond)
    expect(text).not.toContain(servers['beyond connection'])
  })

  test('where a member was asked for none, it reaches none', async () => {
    const by = router.issue(workspace, { member: '018f0000-0000-7000-8000-0000000000aa', connections: null })
    expect((await get('/connections', by)).body.data).toEqual([])
    expect((await get(`/connections/${all[0]}/token`, by)).status).toBe(404)
    expect((await get(`/mcp-servers/${servers.reached}`, by)).status).toBe(404)
    expect((await get('/mcp-servers', by)).text).not.toContain(servers.reached)
    const made = { integration, tokens: { access_token: 'x' } }
    expect((await router.call('POST', '/api/v1/connections', by, made)).status).toBe(403)
  })

  test('makes nothing beside them', async () => {
    for (const [path, body] of [
      ['/connect-sessions', { integration, end_user: { id: 'ada' } }],
      ['/connections', { integration, tokens: { access_token: 'x' } }],
    ] as const) {
      const answer = await router.call('POST', `/api/v1${path}`, token, body)
      expect([answer.status, answer.body.code], path).toEqual([403, 'insufficient_scope'])
    }
    const direct = await get('/credentials/auth/gmail?end_user=ada')
    expect([direct.status, direct.body.code]).toEqual([403, 'insufficient_scope'])
    const force = await router.call('DELETE', `/api/v1/connections/${chosen[0]}?force=true`, token)
    expect([force.status, force.body.code]).toEqual([403, 'insufficient_scope'])
  })

  test('renews one of them, and follows that session only', async () => {
    const renew = (connection_id: string) =>
      router.call('POST', '/api/v1/connect-sessions', token, { connection_id })
    const made = await renew(chosen[0]!)
    expect(made.status, made.text).toBe(201)
    expect((await get(`/connect-sessions/${made.body.data.id}`)).status).toBe(200)
    expect((await renew(others[0]!)).status).toBe(404)
    const another = await startSession(grantry, { integration, end_user: { id: 'ada' } })
    expect((await get(`/connect-sessions/${another.id}`)).status).toBe(404)
    const finish = { code: 'gfc_x', end_user_id: 'ada' }
    expect(
      (await router.call('POST', `/api/v1/connect-sessions/${another.id}/finish`, token, finish)).status,
    ).toBe(404)
  })

  test('events are those about them', async () => {
    const ids = new Set(chosen.map((id) => uuidOf('con', id)))
    const filter = { app: null, services: null, endUser: null, among: ids }
    const all = { limit: 200, after: null }
    const rows = await listEvents(grantry.ctx, uuidOf('ws', workspace), filter, all)
    expect(new Set(rows.map(({ connection_id }) => connection_id))).toEqual(ids)
    const none = await listEvents(grantry.ctx, uuidOf('ws', workspace), { ...filter, among: new Set() }, all)
    expect(none).toEqual([])
    const theirs = { app: null, services: null, endUser: 'grace', among: null }
    const ofGrace = await listEvents(grantry.ctx, uuidOf('ws', workspace), theirs, all)
    expect(new Set(ofGrace.map(({ end_user_id }) => end_user_id))).toEqual(new Set(['grace']))
  })

  test('ends one of them', async () => {
    const gone = await router.call('DELETE', `/api/v1/connections/${chosen[1]}`, token)
    expect(gone.status, gone.text).toBe(200)
    const event = (await grantry.call('GET', '/api/v1/events?type=connection.revoked')).body.data[0]
    expect(event.actor).toEqual({ kind: 'oauth_client', id: expect.stringMatching(/^gra_/), label: null })
    const theirs = await grantry.call('GET', `/api/v1/events?actor=${event.actor.id}`)
    expect(theirs.body.data.map(({ type }: { type: string }) => type)).toContain('connection.revoked')
  })
})
