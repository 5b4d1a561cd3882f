import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  addSandboxIntegration,
  confirmPage,
  connectAccount,
  consent,
  startSession,
} from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration } from '../../../../test/support/importing.ts'
import { runDueRevocations } from '../connections/revocation-queue.ts'

eachDatabase('quotas of connections and MCP servers', (open) => {
  let grantry: TestGrantry
  let workspace: string
  let plain: string
  let imported = 0

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    workspace = (await grantry.call('GET', '/api/v1/workspace')).body.data.id
    plain = (await addPlainIntegration(grantry)).id
    await addSandboxIntegration(grantry, 'gmail')
  })
  afterAll(() => grantry?.close())
  beforeEach(async () => {
    await setQuotas({})
    for (const { id } of await living()) await grantry.call('DELETE', `/api/v1/connections/${id}?force=true`)
  })

  async function setQuotas(quotas: Record<string, number>) {
    const path = `/api/v1/workspaces/${workspace}`
    const answer = await grantry.call('PATCH', path, { quotas }, { key: grantry.operatorKey })
    expect(answer.status, answer.text).toBe(200)
  }
  const bring = (fields: Record<string, unknown> = {}) =>
    grantry.call('POST', '/api/v1/connections', {
      integration: plain,
      tokens: { access_token: `access-${++imported}` },
      ...fields,
    })
  async function living(): Promise<{ id: string; status: string }[]> {
    const { body } = await grantry.call('GET', '/api/v1/connections?limit=200')
    return body.data.filter(({ status }: { status: string }) => status !== 'revoked')
  }
  const serve = (connection_id?: string) =>
    grantry.call('POST', '/api/v1/mcp-servers', {
      mcp_server: 'gmail',
      access_type: 'read',
      auth_method: 'oauth',
      ...(connection_id === undefined ? {} : { connection_id }),
    })
  const exceeded = (quota: string, limit: number) => ({
    status: 403,
    body: { code: 'quota_exceeded', quota, limit, used: limit },
  })
  const connect = (id: string, account: string) =>
    connectAccount(grantry, { provider: 'gmail', end_user: { id } }, account)

  test('20 imports at once: as many as there is room for', async () => {
    await bring()
    await setQuotas({ connections: 8 })
    const answers = await Promise.all(Array.from({ length: 20 }, () => bring()))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7)
    for (const answer of answers.filter(({ status }) => status !== 201))
      expect(answer).toMatchObject(exceeded('connections', 8))
    expect(await living()).toHaveLength(8)
  })

  test('20 MCP servers at once, each with a connection of its own', async () => {
    await setQuotas({ connections: 100, mcp_servers: 5 })
    const before = (await living()).length
    const answers = await Promise.all(Array.from({ length: 20 }, () => serve()))
    const made = answers.filter(({ status }) => status === 201)
    expect(made).toHaveLength(5)
    for (const answer of answers.filter(({ status }) => status !== 201))
      expect(answer).toMatchObject(exceeded('mcp_servers', 5))
    // What was refused has left no connection behind.
    expect((await living()).length - before).toBe(5)
    await grantry.call('DELETE', `/api/v1/mcp-servers/${made[0]!.body.data.id}`)
    const again = await serve()
    expect(again.status).toBe(201)
    for (const { body } of [...made.slice(1), again])
      expect((await grantry.call('DELETE', `/api/v1/mcp-servers/${body.data.id}`)).status).toBe(200)
  })

  test('an MCP server’s connection counts, and one over a connection that exists needs no other', async () => {
    const { id } = await connect('ada', 'ada@example.com')
    await setQuotas({ connections: 1 })
    expect(await serve()).toMatchObject(exceeded('connections', 1))
    const over = await serve(id)
    expect(over.status).toBe(201)
    await grantry.call('DELETE', `/api/v1/mcp-servers/${over.body.data.id}`)
  })

  test('an integration with a grant of its own counts, and a refused one is not there', async () => {
    await setQuotas({ connections: 1 })
    const { token_url, client_id, client_secret } = grantry.sandbox!.generic.plain!
    const save = (label: string) =>
      grantry.call('POST', '/api/v1/integrations', {
        label,
        grant_type: 'client_credentials',
        token_url,
        client_id,
        client_secret,
        scope: 'read',
      })
    const first = await save('first')
    expect(first.status, first.text).toBe(201)
    expect(await save('second')).toMatchObject(exceeded('connections', 1))
    expect((await grantry.call('GET', '/api/v1/integrations')).text).not.toContain('second')
    expect(
      (await grantry.call('DELETE', `/api/v1/integrations/${first.body.data.id}?force=true`)).status,
    ).toBe(200)
  })

  test('connecting again is never refused, by link or by the same account; ended ones make room', async () => {
    const { id } = await connect('ada', 'ada@example.com')
    await setQuotas({ connections: 1 })
    expect((await connect('ada', 'ada@example.com')).id).toBe(id)
    const session = await startSession(grantry, { connection_id: id })
    const page = await grantry.call('GET', await consent(grantry, session.connect_url), undefined, {
      key: null,
    })
    await confirmPage(grantry, page.text, 'connect')
    const status = await grantry.call('GET', `/api/v1/connect-sessions/${session.id}`)
    expect(status.body.data).toMatchObject({ status: 'completed', connection_id: id })
    expect(await bring()).toMatchObject(exceeded('connections', 1))
    expect((await grantry.call('DELETE', `/api/v1/connections/${id}`)).status).toBe(200)
    expect((await bring()).status).toBe(201)
  })

  test('two first consents of one account at once, and room for one: both are the same connection', async () => {
    await setQuotas({ connections: 1 })
    const [one, two] = await Promise.all([
      connect('grace', 'grace@example.com'),
      connect('grace', 'grace@example.com'),
    ])
    expect(one!.id).toBe(two!.id)
    expect(await living()).toHaveLength(1)
  })

  test('no room at the end of consenting: a page says so, and the grant is ended at the provider', async () => {
    await bring()
    await setQuotas({ connections: 1 })
    const session = await startSession(grantry, { provider: 'gmail', end_user: { id: 'linus' } })
    const callback = await consent(grantry, session.connect_url, { account: 'linus@example.com' })
    const page = await grantry.call('GET', callback, undefined, { key: null })
    const shown = await confirmPage(grantry, page.text, 'connect')
    expect(shown.text).toContain('has no room for another connection')
    const { body } = await grantry.call('GET', `/api/v1/connect-sessions/${session.id}`)
    expect(body.data).toMatchObject({ status: 'failed', error: 'quota_exceeded', connection_id: null })
    const revoked = () =>
      grantry.sandbox!.control.calls({ provider: 'gmail', endpoint: 'revoke', outcome: 'ok' })
    const before = revoked().length
    await runDueRevocations(grantry.ctx)
    expect(revoked().length).toBe(before + 1)
    expect(await living()).toHaveLength(1)
    const ended = await grantry.call('GET', '/api/v1/connections?end_user=linus')
    expect(ended.body.data).toMatchObject([{ status: 'revoked', reason: 'quota_exceeded' }])
  })

  test('0 allows none, and no quota allows any number', async () => {
    await setQuotas({ connections: 0 })
    expect(await bring()).toMatchObject(exceeded('connections', 0))
    await setQuotas({})
    for (let n = 0; n < 3; n++) expect((await bring()).status).toBe(201)
  })
})
