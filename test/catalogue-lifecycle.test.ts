import { catalogue } from '@grantry/providers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from './support/connecting.ts'
import { startTestGrantry, type TestGrantry } from './support/grantry.ts'

// Every entry of the catalogue against the sandbox, whose tables were written from the providers' documentation and know
// nothing of the catalogue: connect, use, expire, refresh, revoke.

/** What an integration must say besides its client: the values of placeholders without a default. */
const params: Record<string, Record<string, string>> = { shopify: { shop: 'acme' } }

/** Apps of these get tokens that do not end, unless their owner has asked for rotation there: as the sandbox's documents say. */
const endless = new Set(['github', 'notion', 'shopify', 'slack', 'stripe'])

describe.each([...catalogue.keys()])('%s', (name) => {
  const entry = catalogue.get(name)!
  const renews = !endless.has(name)
  let grantry: TestGrantry
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
  let connection: any
  beforeAll(async () => {
    grantry = await startTestGrantry()
  })
  afterAll(() => grantry?.close())

  const read = async () => (await grantry.call('GET', `/api/v1/connections/${connection.id}/token`)).body

  test('connects: consent, code, tokens, and whose account it is', async () => {
    const fields = params[name] ? { params: params[name] } : {}
    const integration = await addSandboxIntegration(grantry, name, fields)
    expect(integration.validation.status).toMatch(/verified/)
    connection = await connectAccount(grantry, {
      provider: name,
      end_user: { id: 'u' },
      access_type: 'write',
    })
    expect(connection).toMatchObject({ status: 'active', provider: name })
    expect(connection.scopes_granted ?? connection.scopes_requested).toBeInstanceOf(Array)
    if (entry.account) expect(connection.account?.id).toBeTruthy()
    if (entry.tenants) expect(connection.metadata[entry.tenants.metadata]).toBeTruthy()
    const { data } = await read()
    expect(grantry.sandbox!.control.token(data.access_token)).toMatchObject({ live: true })
    if (entry.api) expect(data.api_base_url).toMatch(/^http/)
  })

  test(renews ? 'expires, and is refreshed for whoever reads' : 'has a token that does not end', async () => {
    const before = (await read()).data
    const lifetime = before.expires_in
    expect(lifetime === null).toBe(!renews)
    if (!renews) {
      grantry.clock.advance(7 * 86_400)
      grantry.sandbox!.control.clock.advance(7 * 86_400)
      const later = (await read()).data
      return expect(grantry.sandbox!.control.token(later.access_token)).toMatchObject({ live: true })
    }
    grantry.clock.advance(lifetime + 1)
    grantry.sandbox!.control.clock.advance(lifetime + 1)
    const after = (await read()).data
    expect(grantry.sandbox!.control.token(after.access_token)).toMatchObject({ live: true })
    const { body } = await grantry.call('GET', `/api/v1/connections/${connection.id}`)
    expect(body.data.last_refresh).toMatchObject({ ok: true })
  })

  test(
    entry.revocation ? 'is ended at the provider' : 'is ended here; the provider has no way to be told',
    async () => {
      const { access_token } = (await read()).data
      const { body } = await grantry.call('DELETE', `/api/v1/connections/${connection.id}`)
      expect(body.data.revoked_upstream).toBe(entry.revocation ? true : 'unsupported')
      const revocations = grantry.sandbox!.control.calls({
        provider: name,
        endpoint: 'revoke',
        outcome: 'ok',
      })
      expect(revocations.length).toBe(entry.revocation ? 1 : 0)
      expect((await grantry.call('GET', `/api/v1/connections/${connection.id}/token`)).status).toBe(409)
      expect(access_token).toBeTruthy()
    },
  )
})
