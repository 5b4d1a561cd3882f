import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { passTime, readToken, showConnection } from '../../../../test/support/importing.ts'

eachDatabase('a provider that names no lifetime, but can be asked', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    await addSandboxIntegration(grantry, 'salesforce')
  })
  afterAll(() => grantry?.close())

  const hours = async (id: string) => {
    const { expires_at } = await showConnection(grantry, id)
    return (Date.parse(expires_at) - grantry.ctx.clock.now()) / 3_600_000
  }
  const asked = () => grantry.sandbox!.control.calls({ endpoint: 'introspect' }).length

  test('is asked when an account is connected and at each refresh; where it does not say, the usual lifetime holds', async () => {
    const { id } = await connectAccount(grantry, { provider: 'salesforce' })
    expect(asked()).toBe(1)
    expect(await hours(id)).toBeCloseTo(2, 1)

    passTime(grantry, 2 * 3600 + 1)
    expect((await readToken(grantry, id)).status).toBe(200)
    expect(asked()).toBe(2)
    expect(await hours(id)).toBeCloseTo(2, 1)

    grantry.sandbox!.control.fault({ fault: 'status', status: 500, endpoint: 'introspect', times: 'forever' })
    passTime(grantry, 2 * 3600 + 1)
    expect((await readToken(grantry, id)).status).toBe(200)
    const usual = grantry.ctx.catalogue.get('salesforce')!.token_response!.default_expires_in! / 3600
    expect(await hours(id)).toBeCloseTo(usual, 1)
  })
})
