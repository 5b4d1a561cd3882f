import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { addPlainIntegration, importTokens, mintTokens } from '../support/importing.ts'

// Twice as many workspaces as the pool has connections, and every data key out of memory: a transaction that asked for
// another connection would wait for those that wait for it.
const workspaces = 20

eachDatabase('transactions of many workspaces at once', (open) => {
  let grantry: TestGrantry
  let tenants: { call: TestGrantry['call']; sandbox: TestGrantry['sandbox'] }[] = []
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    const make = async () => {
      const key = grantry.operatorKey
      const { body } = await grantry.call('POST', '/api/v1/workspaces', { name: 'w' }, { key })
      const call: TestGrantry['call'] = (method, path, more, options) =>
        grantry.call(method, path, more, { key: body.data.api_key, ...options })
      return { ...grantry, call }
    }
    tenants = await Promise.all(Array.from({ length: workspaces }, make))
  })
  afterAll(() => grantry?.close())
  const forgetKeys = () => grantry.clock.advance(61)

  test('ending connections', async () => {
    const ids = await Promise.all(
      tenants.map(async (tenant) => {
        const { id } = await addPlainIntegration(tenant as TestGrantry)
        return (await importTokens(tenant as TestGrantry, id, await mintTokens(grantry), { expiresIn: 3600 }))
          .id
      }),
    )
    forgetKeys()
    const ended = await Promise.all(
      tenants.map(({ call }, i) => call('DELETE', `/api/v1/connections/${ids[i]}`)),
    )
    expect(ended.map(({ status }) => status)).toEqual(Array(workspaces).fill(200))
  })

  test('making MCP servers', async () => {
    for (const tenant of tenants)
      await addSandboxIntegration(tenant as TestGrantry, 'gmail', { validate: false })
    forgetKeys()
    const body = { mcp_server: 'gmail', access_type: 'read', auth_method: 'oauth' }
    const made = await Promise.all(tenants.map(({ call }) => call('POST', '/api/v1/mcp-servers', body)))
    expect(made.map(({ status }) => status)).toEqual(Array(workspaces).fill(201))
  })
})
