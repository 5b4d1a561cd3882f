import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, confirmPage } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'

// Kambrium's "OAuth URL generation": its API requests, with the host changed. Its popup and redirect snippets run in a
// real browser in kambrium-browser.test.ts.
eachDatabase('Kambrium as documented', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    await addSandboxIntegration(grantry, 'pipedrive')
    await grantry.call('PATCH', '/api/v1/workspace', {
      return_urls: ['https://app.example.com/oauth/callback'],
    })
  })
  afterAll(() => grantry?.close())

  const create = (body: unknown, key?: string | null) =>
    grantry.call('POST', '/api/v1/mcp-servers', body, key === undefined ? {} : { key })
  const documented = { mcp_server: 'pipedrive', access_type: 'write', auth_method: 'oauth' }

  test('Creating OAuth Connections: the request of the page; authorization_url and mcp_server_name in data', async () => {
    const { status, body } = await create(documented)
    expect(status).toBe(201)
    expect(body.data.mcp_server_name).toBe('Pipedrive')
    const url = new URL(body.data.authorization_url)
    expect(url.href.startsWith(`${grantry.sandbox!.url}/pipedrive/`)).toBe(true)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ response_type: 'code' })
    expect(url.searchParams.get('state')!.length).toBeGreaterThan(80)
  })

  test('the connection behind is active after consent', async () => {
    const { data } = (await create(documented)).body
    const callback = await grantry.sandbox!.control.consent(data.authorization_url, {
      account: 'ada@example.com',
    })
    const page = await grantry.call('GET', callback, undefined, { key: null })
    await confirmPage(grantry, page.text, 'connect')
    expect((await grantry.call('GET', `/api/v1/mcp-servers/${data.id}`)).body.data.status).toBe('active')
    expect(
      (await grantry.call('GET', `/api/v1/connections/${data.connection_id}/token`)).body.data.provider,
    ).toBe('pipedrive')
  })

  test('Handling Callbacks: the sample gets code and state, or error', async () => {
    const ask = { ...documented, return_to: 'https://app.example.com/oauth/callback', state: 'their-own' }
    const good = (await create(ask)).body.data
    const callback = await grantry.sandbox!.control.consent(good.authorization_url, {
      account: 'ada@example.com',
    })
    const page = await grantry.call('GET', callback, undefined, { key: null })
    const done = await confirmPage(grantry, page.text, 'connect')
    const returned = new URL(done.headers.get('location')!)
    expect(returned.searchParams.get('code')).toMatch(/^gfc_/)
    expect(returned.searchParams.get('state')).toBe('their-own')

    const denied = (await create(ask)).body.data
    const refusal = await grantry.sandbox!.control.consent(denied.authorization_url, { deny: true })
    const back = await grantry.call('GET', refusal, undefined, { key: null })
    const query = new URL(back.headers.get('location')!).searchParams
    expect(query.get('error')).toBe('access_denied')
    expect([query.get('code'), query.get('state')]).toEqual([null, 'their-own'])
  })

  test('API Errors: 422 with the fields at fault, 401 for an invalid management token', async () => {
    for (const [field, value] of [
      ['mcp_server', 'nosuch'],
      ['access_type', 'everything'],
      ['auth_method', 'magic'],
    ]) {
      const answer = await create({ ...documented, [field!]: value })
      expect(answer.status).toBe(422)
      expect(answer.body.errors[0].path).toBe(field)
    }
    expect((await create(documented, 'not-a-management-token')).status).toBe(401)
    expect((await create(documented, null)).status).toBe(401)
  })

  test('Supported Providers and Required Scopes: the current list, with the predefined scopes', async () => {
    const { body } = await grantry.call('GET', '/api/v1/mcp-servers')
    const names = body.data.map(({ mcp_server }: { mcp_server: string }) => mcp_server)
    expect(names).toEqual(expect.arrayContaining(['pipedrive', 'gmail']))
    for (const { scopes } of body.data) expect(scopes.write.length + scopes.read.length).toBeGreaterThan(0)
  })
})
