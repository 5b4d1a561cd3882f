import * as v2 from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, confirmPage } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { findPython } from '../support/python.ts'
import { runProgram } from '../support/shell.ts'

// Kambrium's "OAuth URL generation": its API requests, with the host changed. Its popup and redirect snippets run in a
// real browser in kambrium-browser.test.ts.
const python = await findPython()
const createInPython = `import requests

# Create OAuth connection
response = requests.post(
    "https://api.kambrium.ai/api/v1/mcp-servers",
    headers={
        "Authorization": f"Bearer {your_management_token}",
        "Content-Type": "application/json"
    },
    json={
        "mcp_server": "pipedrive",
        "access_type": "write",
        "auth_method": "oauth"
    }
)

connection_data = response.json()["data"]

# Get the OAuth authorization URL
auth_url = connection_data["authorization_url"]
provider_name = connection_data.get("mcp_server_name", "Provider")

print(f"Direct user to: {auth_url}")
`
const handleErrorsInPython = `try:
    response = requests.post(url, json=data, headers=headers)
    response.raise_for_status()
except requests.exceptions.HTTPError as e:
    if response.status_code == 422:
        print("Invalid request data:", response.json())
    elif response.status_code == 401:
        print("Invalid management token")
    else:
        print(f"API error: {e}")
`

eachDatabase('Kambrium as documented', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    await addSandboxIntegration(grantry, 'pipedrive')
    await addSandboxIntegration(grantry, 'gmail')
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

  /** The person's part: consent at the provider, and the one click here. */
  async function connect(authorizationUrl: string): Promise<void> {
    const callback = await grantry.sandbox!.control.consent(authorizationUrl, { account: 'ada@example.com' })
    const page = await grantry.call('GET', callback, undefined, { key: null })
    await confirmPage(grantry, page.text, 'connect')
  }
  const openServer = async (url: string) => {
    const client = new v2.Client({ name: 'an agent', version: '1.0.0' })
    const headers = { authorization: `Bearer ${grantry.apiKey}` }
    await client.connect(new v2.StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }))
    return client
  }

  test('live: the URL, consent, active, and mcp_url serves the account', async () => {
    const { data } = (await create({ ...documented, mcp_server: 'gmail' })).body
    await connect(data.authorization_url)
    const client = await openServer(data.mcp_url)
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('search_messages')
    const found = await client.callTool({ name: 'search_messages', arguments: { query: 'subject:invoice' } })
    expect(found.structuredContent).toMatchObject({ messages: [{ subject: 'Invoice 2041' }] })
    await client.close()
  })

  test.skipIf('missing' in python)(
    'its Python, as written: from the request to the deals of Pipedrive',
    async () => {
      const run = async (code: string) => {
        const path = 'path' in python ? python.path : ''
        const { stdout, stderr } = await runProgram(path, ['-'], { input: code })
        expect(stderr).toBe('')
        return stdout
      }
      const filled = createInPython.replace('https://api.kambrium.ai', grantry.url)
      const told = await run(
        `your_management_token = "${grantry.apiKey}"\n${filled}\nprint(connection_data["mcp_url"], provider_name)`,
      )
      const [, authorizationUrl = '', mcpUrl = '', name] =
        /^Direct user to: (\S+)\n(\S+) (.*)$/m.exec(told) ?? []
      expect(name).toBe('Pipedrive')
      await connect(authorizationUrl)
      const client = await openServer(mcpUrl)
      const deals = await client.callTool({ name: 'list_deals', arguments: {} })
      expect(deals.isError, JSON.stringify(deals.content)).toBeFalsy()
      await client.close()

      const fail = (key: string, accessType: string) =>
        run(
          `import requests\nurl = "${grantry.url}/api/v1/mcp-servers"\nheaders = {"Authorization": "Bearer ${key}"}\n` +
            `data = {"mcp_server": "gmail", "access_type": "${accessType}", "auth_method": "oauth"}\n${handleErrorsInPython}`,
        )
      expect(await fail(grantry.apiKey, 'everything')).toMatch(/^Invalid request data: .*access_type/)
      expect(await fail('wrong', 'write')).toBe('Invalid management token\n')
    },
  )

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
