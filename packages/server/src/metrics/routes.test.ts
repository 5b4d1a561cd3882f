import { catalogue } from '@grantry/providers'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { mountedRoutes } from '../../../../test/security/endpoints.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration, importTokens, readToken } from '../../../../test/support/importing.ts'

describe('who may read /metrics', () => {
  let grantry: TestGrantry
  let endUserToken: string
  beforeAll(async () => {
    grantry = await startTestGrantry({ sandbox: false })
    const minted = await grantry.call('POST', '/api/v1/end-user-tokens', {
      end_user: { id: 'u1' },
      scopes: ['connections:read'],
      ttl: 60,
    })
    endUserToken = minted.body.data.token
  })
  afterAll(() => grantry?.close())

  /** Asks from an address, without a network in between. */
  const ask = async (remoteAddress: string, headers: Record<string, string> = {}) => {
    const { statusCode } = await grantry.app.inject({ url: '/metrics', remoteAddress, headers })
    return statusCode
  }
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

  test.each(['127.0.0.1', '127.4.5.6', '::1', '::ffff:127.0.0.1'])(
    '%s is this machine: 200',
    async (from) => {
      expect(await ask(from)).toBe(200)
    },
  )

  test.each(['203.0.113.7', '10.0.0.2', '::ffff:10.0.0.2', '2001:db8::1', '127.0.0.1.example'])(
    'from %s only with a key',
    async (from) => {
      expect(await ask(from)).toBe(401)
      expect(await ask(from, bearer('nonsense'))).toBe(401)
      expect(await ask(from, bearer(grantry.apiKey))).toBe(200)
      expect(await ask(from, { 'x-api-key': grantry.apiKey })).toBe(200)
      expect(await ask(from, bearer(grantry.operatorKey))).toBe(200)
    },
  )

  test("an end user's token is no key: 403, also from this machine", async () => {
    expect(await ask('203.0.113.7', bearer(endUserToken))).toBe(403)
    expect(await ask('127.0.0.1', bearer(endUserToken))).toBe(403)
  })

  test('a wrong key is refused also from this machine', async () => {
    expect(await ask('127.0.0.1', bearer('nonsense'))).toBe(401)
  })

  test('what a proxy here forwards without being trusted does not come from here', async () => {
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])
      expect(await ask('127.0.0.1', { [name]: '127.0.0.1' }), name).toBe(401)
  })
})

describe('behind a trusted proxy the address of the client counts', () => {
  let grantry: TestGrantry
  afterEach(() => grantry?.close())
  const ask = async (remoteAddress: string, forwarded?: string) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    return (await grantry.app.inject({ url: '/metrics', remoteAddress, headers })).statusCode
  }

  test("never the proxy's", async () => {
    grantry = await startTestGrantry({
      sandbox: false,
      env: { GRANTRY_TRUSTED_PROXIES: '127.0.0.1,10.0.0.1' },
    })
    expect(await ask('127.0.0.1')).toBe(200)
    expect(await ask('127.0.0.1', '203.0.113.7')).toBe(401)
    expect(await ask('127.0.0.1', '127.0.0.1, 203.0.113.7')).toBe(401)
    expect(await ask('127.0.0.1', '127.0.0.1')).toBe(200)
    // Another machine's loopback is not ours.
    expect(await ask('10.0.0.1', '127.0.0.1')).toBe(401)
    expect(await ask('10.0.0.1')).toBe(401)
  })
})

describe('what is in it', () => {
  let grantry: TestGrantry
  let known: string[]
  let labels: Map<string, Set<string>>
  let text: string

  beforeAll(async () => {
    grantry = await startTestGrantry()
    const { id: integration } = await addPlainIntegration(grantry)
    const connection = await importTokens(
      grantry,
      integration,
      { access_token: 'canary-access', refresh_token: 'canary-refresh' },
      { end_user: { id: 'person-canary', email: 'canary@example.com' } },
    )
    await readToken(grantry, connection.id)
    await grantry.call('GET', '/api/v1/connections?end_user=person-canary')
    await grantry.call('GET', '/nowhere/path-canary?q=query-canary')
    await grantry.call('REPORT', '/api/v1/connections/method-canary')
    await grantry.call('GET', '/connect/start-canary', undefined, { key: null })
    await grantry.call('POST', '/api/v1/integrations', { label: 5 })
    grantry.ctx.metrics.refresh.attempt({ provider: 'https://url-canary', outcome: 'stored', seconds: 1 })
    grantry.ctx.metrics.refresh.breaker({ provider: 'gmail', state: 'opened' })
    const workspace = (await grantry.call('GET', '/api/v1/workspace')).body.data.id
    known = ['canary', connection.id, integration, workspace, grantry.apiKey, new URL(grantry.url).host]
    const answer = await grantry.call('GET', '/metrics', undefined, { key: null })
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    text = answer.text
    labels = new Map()
    for (const [, name, value] of text.matchAll(/[{,](\w+)="((?:[^"\\]|\\.)*)"/g))
      labels.set(name!, (labels.get(name!) ?? new Set()).add(value!))
  })
  afterAll(() => grantry?.close())

  test('no id, person, token or URL', () => {
    for (const secret of known) expect(text).not.toContain(secret)
    expect(text).not.toMatch(/https?:|@|\b(ws|con|int|cs|key)_[0-9a-z]{26}|[0-9a-f]{8}-[0-9a-f]{4}-/)
  })

  test('labels come from bounded sets', () => {
    const patterns = mountedRoutes(grantry).map((route) => route.split(' ')[1]!)
    const allowed: Record<string, string[]> = {
      provider: [...catalogue.keys(), 'generic'],
      outcome: [
        'stored',
        'refused',
        'transient',
        'uncertain',
        'superseded',
        'delivered',
        'failed',
        'stopped',
      ],
      operation: ['seal', 'open'],
      code: ['vault_tampered', 'vault_key_missing'],
      route: [...patterns, 'none'],
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'other'],
      status: ['1xx', '2xx', '3xx', '4xx', '5xx'],
      worker: ['1'],
    }
    for (const [name, values] of Object.entries(allowed))
      for (const value of labels.get(name) ?? []) expect(values, name).toContain(value)
    const ofNode = ['le', 'type', 'space', 'kind', 'version', 'major', 'minor', 'patch']
    for (const name of labels.keys()) expect([...Object.keys(allowed), ...ofNode]).toContain(name)
  })

  test('requests by the pattern of their route, whatever was asked for', () => {
    const count = (facts: string) =>
      Number(
        text.match(
          new RegExp(`^grantry_http_request_duration_seconds_count\\{.*${facts}.*\\} (\\d+)$`, 'm'),
        )?.[1],
      )
    expect(count('route="/api/v1/connections/:id/token",method="GET",status="2xx"')).toBe(1)
    expect(count('route="/connect/:token",method="GET",status="4xx"')).toBe(1)
    expect(count('route="/api/v1/integrations",method="POST",status="4xx"')).toBe(1)
    expect(count('route="none",method="GET",status="4xx"')).toBe(1)
    expect(count('route="none",method="other",status="4xx"')).toBe(1)
  })

  test('the process and its event loop', () => {
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
    ])
      expect(text).toMatch(new RegExp(`^${name}\\{worker="1"\\} [0-9.e-]+$`, 'm'))
  })
})
