import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'

eachDatabase('looking up whose account it is', (database) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: database.url })
    for (const name of ['pipedrive', 'jira']) await addSandboxIntegration(grantry, name)
  })
  afterAll(() => grantry?.close())

  const fault = (order: Record<string, unknown>) =>
    grantry.sandbox!.control.fault({ endpoint: 'account', ...order } as never)

  test('an API that refuses to say whose account it is: the connection works, and says what to do', async () => {
    fault({ provider: 'pipedrive', fault: 'status', status: 403 })
    const connection = await connectAccount(grantry, { provider: 'pipedrive', end_user: { id: 'u1' } })
    expect(connection).toMatchObject({ status: 'active', account: null })
    expect(connection.advice).toEqual({ what: expect.stringMatching(/Pipedrive/), todo: expect.any(String) })
    const again = await connectAccount(grantry, { provider: 'pipedrive', end_user: { id: 'u1' } })
    expect([again.id, again.advice]).toEqual([connection.id, null])
    expect(again.account.id).toBeTruthy()
  })

  test('an outage of the API passes, and is not held against the connection', async () => {
    fault({ provider: 'pipedrive', fault: 'status', status: 503 })
    const connection = await connectAccount(grantry, { provider: 'pipedrive', end_user: { id: 'u2' } })
    expect(connection).toMatchObject({ status: 'active', advice: null })
  })

  test('tenants: the first fills the addresses, its name and the others are told', async () => {
    const connection = await connectAccount(grantry, { provider: 'jira', end_user: { id: 'u3' } })
    const { cloud_id, cloud_id_name } = connection.metadata
    expect([cloud_id, cloud_id_name]).toEqual([expect.any(String), expect.any(String)])
    const { body } = await grantry.call('GET', `/api/v1/connections/${connection.id}/token`)
    expect(body.data.api_base_url).toContain(cloud_id)
  })
})
