import { afterEach, describe, expect, test } from 'vitest'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'

let grantry: TestGrantry
afterEach(() => grantry?.close())

/** Opens a connect link that does not exist, as somebody whom a forwarding header names. */
const visit = async (headers: Record<string, string>) =>
  (await grantry.call('GET', '/connect/gst_none', undefined, { key: null, headers })).status

/** Until the network has spent its visits; each time under another name. */
async function flood(name: (i: number) => Record<string, string>): Promise<number[]> {
  const statuses: number[] = []
  for (let i = 0; i < 320; i++) statuses.push(await visit(name(i)))
  return statuses
}

describe('forwarding headers', () => {
  test('from anyone are not believed: who changes them is throttled all the same', async () => {
    grantry = await startTestGrantry({ sandbox: false })
    const address = (i: number) => `203.0.113.${i % 250}`
    const statuses = await flood((i) => ({
      'x-forwarded-for': address(i),
      forwarded: `for=${address(i)}`,
      'x-real-ip': address(i),
    }))
    expect(statuses.slice(0, 300)).toEqual(Array(300).fill(404))
    expect(statuses).toContain(429)
  })

  test('from a listed proxy count, but only what that proxy added; an IPv6 /64 is one', async () => {
    grantry = await startTestGrantry({ sandbox: false, env: { GRANTRY_TRUSTED_PROXIES: '127.0.0.0/8,::1' } })
    const others = await flood((i) => ({ 'x-forwarded-for': `203.0.${i >> 8}.${i & 255}` }))
    expect(others).not.toContain(429)
    const forged = await flood((i) => ({ 'x-forwarded-for': `198.51.100.${i & 255}, 192.0.2.1` }))
    expect(forged).toContain(429)
    const sameNetwork = await flood((i) => ({ 'x-forwarded-for': `2001:db8:1:2::${i.toString(16)}` }))
    expect(sameNetwork).toContain(429)
    expect(await visit({ 'x-forwarded-for': '2001:db8:1:3::1' })).toBe(404)
  })

  test('never change the addresses that we hand out', async () => {
    grantry = await startTestGrantry({ env: { GRANTRY_TRUSTED_PROXIES: '127.0.0.1' } })
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-prefix': '/evil',
    }
    const provider = await grantry.call('GET', '/api/v1/providers/gmail', undefined, { headers })
    expect(provider.body.data.redirect_uri).toBe(`${grantry.url}/api/v1/credentials/auth/callback/gmail`)
    expect((await grantry.call('GET', '/openapi.json', undefined, { headers })).text).not.toContain('evil')
  })
})
