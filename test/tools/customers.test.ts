import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, confirmPage, consent } from '../support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { callMcp, toolCall } from '../support/mcp.ts'

let grantry: TestGrantry
beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
  for (const provider of ['pipedrive', 'hubspot', 'salesforce'])
    await addSandboxIntegration(grantry, provider)
})
afterAll(() => grantry?.close())

/** A server over Ada's account there, connected; gives what asks it. */
async function connect(provider: string, access_type: 'read' | 'write') {
  const { body } = await grantry.call('POST', '/api/v1/mcp-servers', {
    mcp_server: provider,
    access_type,
    auth_method: 'oauth',
    end_user: { id: access_type },
  })
  const callback = await consent(grantry, body.data.connect_url)
  const page = await grantry.call('GET', callback, undefined, { key: null })
  expect((await confirmPage(grantry, page.text, 'connect')).text).toContain('is connected to')
  return async (call: { method: string; params?: Record<string, unknown> }) =>
    (await callMcp(grantry, { url: body.data.mcp_url, ...call })).body
}

const written = (provider: string) => grantry.sandbox!.control.outbox({ provider })

test.each([
  ['pipedrive', 'list_deals', { status: 'won' }, 'deals', 'create_deal', { title: 'x' }],
  [
    'hubspot',
    'search_contacts',
    { query: 'babbage' },
    'contacts',
    'create_contact',
    { properties: { email: 'x@example.com' } },
  ],
  [
    'salesforce',
    'query',
    { soql: 'SELECT Name FROM Account' },
    'records',
    'create_record',
    { object: 'Account', fields: { Name: 'x', Phone: null } },
  ],
] as const)(
  '%s: servers read and write at the address of the account; those for reading only read',
  async (provider, read, wanted, list, write, made) => {
    const reader = await connect(provider, 'read')
    const { tools } = (await reader({ method: 'tools/list' })).result
    expect(tools.map(({ name }: { name: string }) => name)).toContain(read)
    for (const { annotations } of tools) expect(annotations.readOnlyHint).toBe(true)
    const found = await reader(toolCall(read, wanted))
    expect(found.result.structuredContent[list], JSON.stringify(found)).toHaveLength(1)
    const refused = await reader(toolCall(write, made))
    expect(refused.error ?? refused.result.isError, JSON.stringify(refused)).toBeTruthy()
    expect(written(provider)).toEqual([])

    const writer = await connect(provider, 'write')
    const done = await writer(toolCall(write, made))
    expect(done.result.isError, JSON.stringify(done)).toBeUndefined()
    expect(written(provider)).toHaveLength(1)
  },
)
