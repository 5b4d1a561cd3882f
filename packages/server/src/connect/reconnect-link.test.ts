import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addSandboxIntegration,
  confirmPage,
  connectAccount,
  consent,
} from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'

eachDatabase('a link to connect again', (database) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: database.url })
    await addSandboxIntegration(grantry, 'gmail')
  })
  afterAll(() => grantry?.close())

  test('a read of an ended connection names the link that renews it, to whoever may start that', async () => {
    const connection = await connectAccount(grantry, { provider: 'gmail', end_user: { id: 'u' } })
    grantry.sandbox!.control.revokeGrant({ provider: 'gmail', account: 'ada@example.com' })
    grantry.clock.advance(4000)
    const path = `/api/v1/connections/${connection.id}/token`
    const ended = await grantry.call('GET', path)
    expect(ended).toMatchObject({
      status: 409,
      body: { code: 'connection_needs_reauth', connection_id: connection.id },
    })

    const shown = await grantry.call('GET', `/api/v1/connections/${connection.id}`)
    expect(shown.body.data.advice).toEqual({
      what: 'The grant at Gmail has ended.',
      todo: 'Send the end user a link to connect this account again.',
    })

    expect((await grantry.call('GET', path)).body.connect_url).toBe(ended.body.connect_url)

    const { secret } = (
      await grantry.call('POST', '/api/v1/api-keys', { name: 'r', scopes: ['tokens:read'] })
    ).body.data
    const reader = await grantry.call('GET', path, undefined, { key: secret })
    expect(reader.body).not.toHaveProperty('connect_url')

    const page = await grantry.call('GET', await consent(grantry, ended.body.connect_url), undefined, {
      key: null,
    })
    await confirmPage(grantry, page.text, 'connect')
    const again = await grantry.call('GET', path)
    expect(again.body.data.connection_id).toBe(connection.id)

    // A link that has been used is not told again.
    grantry.sandbox!.control.revokeGrant({ provider: 'gmail', account: 'ada@example.com' })
    await grantry.call('POST', `/api/v1/connections/${connection.id}/refresh`)
    const endedAgain = await grantry.call('GET', path)
    expect(endedAgain.status).toBe(409)
    const link = await grantry.call('GET', endedAgain.body.connect_url, undefined, { key: null })
    expect(link.status).toBe(302)
  })
})
