import { request } from 'node:http'
import { encodeId } from '@grantry/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createWorkspace } from '../../../../test/security/tenant.ts'
import { routeTokens, uuidOf } from '../../../../test/support/access-tokens.ts'
import type { TestGrantry } from '../../../../test/support/grantry.ts'
import { importTokens, passTime } from '../../../../test/support/importing.ts'
import { addMember } from '../../../../test/support/partner-app.ts'
import { callsOf, type Proxied, startProxied } from './proxied.fixture.ts'
import { answer, type Upstream } from './upstream.fixture.ts'

let world: Proxied
let grantry: TestGrantry
let upstream: Upstream
let connection: string
let token: string

beforeAll(async () => {
  world = await startProxied()
  ;({ grantry, upstream } = world)
  const { id, tokens } = await world.connectPlain()
  connection = id
  token = tokens.access_token
})
afterAll(() => world?.close())
beforeEach(() => world.forget())

const call = (method: string, path: string, body?: unknown, options = {}) =>
  world.proxied(connection, method, path, body, options)

async function keyOf(scopes: string[], fields = {}): Promise<string> {
  const { body } = await grantry.call('POST', '/api/v1/api-keys', { name: 'a key', scopes, ...fields })
  return body.data.secret
}

describe('what reaches the API', () => {
  test('method, path, query and body as they were written, with the token', async () => {
    const path = '/deals/a%2Fb/~x?b=1&a=2&a=3&empty=&flag&f[x]=%20+%27'
    const { status, body } = await call('PATCH', path, { a: 'ü' })
    expect([status, body]).toEqual([200, { ok: true }])
    expect(upstream.reached).toEqual([
      expect.objectContaining({ method: 'PATCH', url: `/base/v1${path}`, body: '{"a":"ü"}' }),
    ])
    expect(upstream.reached[0]!.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      host: `localhost:${upstream.port}`,
      'content-type': 'application/json',
      'content-length': '10',
    })
  })

  test.each([['GET'], ['HEAD'], ['DELETE'], ['OPTIONS'], ['POST'], ['PUT'], ['QUERY', {}]])(
    '%s',
    async (method, body?: unknown) => {
      expect((await call(method, '/x', body)).status).toBe(200)
      expect(upstream.reached.map((each) => each.method)).toEqual([method])
    },
  )

  test('without a path: the base URL itself; with a slash: below it', async () => {
    await call('GET', '?a=1')
    await call('GET', '/')
    expect(upstream.reached.map(({ url }) => url)).toEqual(['/base/v1?a=1', '/base/v1/'])
  })

  test('headers of the caller: what is the API’s passes, who the caller is and what is for one hop does not', async () => {
    const passing = {
      accept: 'text/csv',
      'accept-language': 'de',
      'idempotency-key': 'k1',
      'if-none-match': '"e"',
      range: 'bytes=0-9',
      'user-agent': 'their-agent/1',
      'x-custom': 'yes',
    }
    const held = {
      'x-api-key': grantry.apiKey,
      cookie: 'a=b',
      dpop: 'proof',
      forwarded: 'for=1.2.3.4',
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-host': 'h',
      'x-forwarded-proto': 'https',
      'x-real-ip': '1.2.3.4',
      'cf-connecting-ip': '1.2.3.4',
      'true-client-ip': '1.2.3.4',
      'proxy-authorization': 'Basic eDp5',
      origin: 'https://app.example',
      referer: 'https://app.example/page',
      'sec-fetch-mode': 'cors',
      te: 'trailers',
      via: '1.1 somewhere',
    }
    const lines = {
      ...passing,
      ...held,
      authorization: `Bearer ${grantry.apiKey}`,
      connection: 'close, x-hop',
    }
    await new Promise<void>((resolve, reject) => {
      const headers = { ...lines, 'x-hop': 'for the next one only' }
      const sent = request(`${grantry.url}/api/v1/proxy/${connection}/x`, { headers }, (response) => {
        response.resume().once('end', resolve)
      })
      sent.once('error', reject).end()
    })
    const { headers } = upstream.reached[0]!
    expect(headers).toMatchObject({ ...passing, authorization: `Bearer ${token}` })
    for (const name of [...Object.keys(held), 'x-hop']) expect(headers[name], name).toBeUndefined()
    expect(JSON.stringify(upstream.reached)).not.toContain(grantry.apiKey)
  })

  test('a token in the query: put in as the API names it, and the caller cannot bring another', async () => {
    const id = await world.connect('by-query')
    await grantry.call(
      'GET',
      `/api/v1/proxy/${id}/x?a=1&api_token=mine&%61pi_token=mine&b=%2F`,
      undefined,
      {},
    )
    expect(upstream.reached[0]!.url).toBe('/api/x?a=1&b=%2F&api_token=the-token-of-by-query')
    expect(upstream.reached[0]!.headers.authorization).toBeUndefined()
  })

  test('a token in a header of its own; headers of the connection are not the caller’s to change, an API’s version is', async () => {
    const id = await world.connect('by-header')
    await grantry.call('GET', `/api/v1/proxy/${id}/x`, undefined, {
      headers: { 'x-access': 'Token mine', 'x-site': 'another', 'x-version': '8' },
    })
    await grantry.call('GET', `/api/v1/proxy/${id}/x`)
    expect(upstream.reached.map(({ headers }) => headers)).toMatchObject([
      { 'x-access': 'Token the-token-of-by-header', 'x-site': 's 1', 'x-version': '8' },
      { 'x-access': 'Token the-token-of-by-header', 'x-site': 's 1', 'x-version': '7' },
    ])
    expect(upstream.reached[0]!.headers).not.toHaveProperty('x-unknown')
    expect(upstream.reached[0]!.headers).not.toHaveProperty('authorization')
  })
})

describe('what the caller gets', () => {
  test('the answer with the headers on the list, and none that a browser would keep or obey', async () => {
    const passing = {
      'content-type': 'text/html',
      'content-disposition': 'attachment; filename="a.html"',
      'content-range': 'bytes 0-1/9',
      'accept-ranges': 'bytes',
      etag: '"e"',
      'last-modified': 'Sat, 21 Nov 2026 12:00:00 GMT',
      'retry-after': '7',
      'ratelimit-remaining': '3',
      'x-ratelimit-reset': '9',
      'x-rate-limit-limit': '10',
    }
    const held = {
      'set-cookie': 'a=b',
      'clear-site-data': '"*"',
      'access-control-allow-origin': '*',
      'access-control-allow-credentials': 'true',
      'strict-transport-security': 'max-age=1',
      'content-security-policy': "default-src 'unsafe-inline'",
      'www-authenticate': 'Bearer realm="theirs"',
      'service-worker-allowed': '/',
      'alt-svc': 'h3=":443"',
      refresh: '0;url=https://evil.example',
      sourcemap: '/x',
      'x-internal': 'secret',
      'report-to': '{}',
      nel: '{}',
    }
    upstream.next(
      answer(206, '<script>alert(1)</script>', {
        ...passing,
        ...held,
        'x-request-id': 'theirs',
        'cache-control': 'public, max-age=600',
      }),
    )
    const { status, headers, text } = await call('GET', '/page')
    expect([status, text]).toEqual([206, '<script>alert(1)</script>'])
    expect(Object.fromEntries(headers)).toMatchObject({
      ...passing,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'x-grantry-answer': 'provider',
      'x-provider-request-id': 'theirs',
      'x-request-id': expect.stringMatching(/^req_/),
    })
    for (const name of Object.keys(held))
      expect([null, "sandbox; default-src 'none'"], name).toContain(headers.get(name))
  })

  test.each([
    [204, ''],
    [304, ''],
    [400, 'no'],
    [404, '{}'],
    [429, 'slow'],
    [500, 'broken'],
    [599, 'odd'],
  ])('a %i is a %i', async (status, body) => {
    upstream.next(answer(status, body, { 'retry-after': '600' }))
    expect(await call('POST', '/x')).toMatchObject({ status, text: body })
    expect(upstream.reached).toHaveLength(1)
  })

  test('a coded answer arrives decoded, without the coded one’s length', async () => {
    const { gzipSync } = await import('node:zlib')
    const bytes = gzipSync('x'.repeat(9000))
    upstream.next((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bytes.length }).end(bytes),
    )
    const { headers, text } = await call('GET', '/x', undefined, { headers: { 'accept-encoding': 'gzip' } })
    expect(text).toBe('x'.repeat(9000))
    expect([headers.get('content-encoding'), headers.get('content-length')]).toEqual([null, null])
  })

  test('HEAD tells the length and has no body', async () => {
    upstream.next(answer(200, '', { 'content-length': '1234' }))
    const { headers, text } = await call('HEAD', '/x')
    expect([headers.get('content-length'), text]).toEqual(['1234', ''])
  })

  test('addresses below the API’s base become ours, others are not told', async () => {
    const own = `${grantry.url}/api/v1/proxy/${connection}`
    const location = async (to: string) => {
      upstream.next(answer(201, '', { location: to }))
      return (await call('POST', '/a/b')).headers.get('location')
    }
    expect(await location(`${upstream.origin}/base/v1/things/7?x=1`)).toBe(`${own}/things/7?x=1`)
    expect(await location('/base/v1/things/7')).toBe(`${own}/things/7`)
    expect(await location('c')).toBe(`${own}/a/c`)
    expect(await location('/base/v1')).toBe(own)
    expect(await location('/base/v11/x')).toBeNull()
    expect(await location('../../../else')).toBeNull()
    expect(await location('https://elsewhere.example/base/v1/x')).toBeNull()
    expect(await location('//elsewhere.example/base/v1/x')).toBeNull()
    expect(await location('javascript:alert(1)')).toBeNull()
    upstream.next(
      answer(200, '[]', {
        link: `<${upstream.origin}/base/v1/x?page=2>; rel="next", <https://else.example/>; rel="help"`,
      }),
    )
    expect((await call('GET', '/x')).headers.get('link')).toBe(
      `<${own}/x?page=2>; rel="next", <https://else.example/>; rel="help"`,
    )
  })

  test('the token does not come back, wherever the API repeats it', async () => {
    const id = await world.connect('by-query', { label: 'echo' })
    upstream.next((request, response) => {
      const echo = `{"next":"${request.url}","again":"the-token-of-by-query"}`
      response
        .writeHead(200, { link: `<${request.url}>; rel="next"`, 'content-length': echo.length })
        .end(echo)
    })
    const { text, headers } = await world.proxied(id, 'GET', '/x?a=1')
    expect(text).toBe(`{"next":"/api/x?a=1&api_token=${'*'.repeat(21)}","again":"${'*'.repeat(21)}"}`)
    expect(headers.get('link')).not.toContain('the-token-of')
    upstream.next(answer(303, '', { location: '/api/y?api_token=the-token-of-by-query' }))
    const moved = await world.proxied(id, 'POST', '/x')
    expect(moved.headers.get('location')).not.toContain('the-token-of')
  })
})

describe('who may', () => {
  const refusal = async (path: string, key: string | null, headers = {}) => {
    const { status, body } = await grantry.call('GET', path, undefined, { key, headers })
    return [status, body?.code]
  }

  test('nobody without a credential, no key without the scope, no other workspace', async () => {
    const path = `/api/v1/proxy/${connection}/x`
    expect(await refusal(path, null)).toEqual([401, 'unauthenticated'])
    const others = ['tokens:read', 'connections:read', 'connections:write', 'mcp:write', 'admin']
    expect(await refusal(path, await keyOf(others))).toEqual([403, 'insufficient_scope'])
    expect(await refusal(path, await createWorkspace(grantry, 'theirs'))).toEqual([404, 'not_found'])
    expect(await refusal('/api/v1/proxy/con_00000000000000000000000000/x', grantry.apiKey)).toEqual([
      404,
      'not_found',
    ])
    expect(await refusal('/api/v1/proxy/nothing/x', grantry.apiKey)).toEqual([404, 'not_found'])
    expect(upstream.reached).toEqual([])
    expect((await grantry.call('GET', path, undefined, { key: await keyOf(['proxy:call']) })).status).toBe(
      200,
    )
  })

  test('an end user’s token reaches the connections of that end user', async () => {
    const { body } = await grantry.call('POST', '/api/v1/end-user-tokens', {
      end_user: { id: 'u1' },
      scopes: ['proxy:call'],
    })
    const key = body.data.token
    expect((await call('GET', '/x', undefined, { key })).status).toBe(200)
    const { id } = await world.connectPlain({ end_user: { id: 'u2' } })
    expect(await refusal(`/api/v1/proxy/${id}/x`, key)).toEqual([404, 'not_found'])
  })

  test('a partner app reaches the connections that were chosen at consent', async () => {
    const router = await routeTokens(grantry)
    const workspace = (await grantry.ctx.db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow())
      .id
    const { id: other } = await world.connectPlain({ end_user: { id: 'u3' } })
    const chosen = { connections: new Set([uuidOf('con', connection)]) }
    const get = async (id: string, token: string | null) =>
      (await router.call('GET', `/api/v1/proxy/${id}/x`, token)).status
    const token = router.issue(encodeId('ws', workspace), chosen)
    expect([await get(connection, token), await get(other, token)]).toEqual([200, 404])
    const weak = router.issue(encodeId('ws', workspace), { ...chosen, scopes: new Set(['tokens:read']) })
    const elsewhere = router.issue(encodeId('ws', workspace), { ...chosen, audience: `${grantry.url}/mcp/x` })
    expect([await get(connection, weak), await get(connection, elsewhere)]).toEqual([403, 401])
    expect(upstream.reached).toHaveLength(1)
    await router.app.close()
  })

  test('a cookie is nobody', async () => {
    const { browser } = await addMember(grantry)
    const cookies = browser.cookies
    expect(cookies.size).toBeGreaterThan(0)
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    expect(await refusal(`/api/v1/proxy/${connection}/x`, null, { cookie })).toEqual([401, 'unauthenticated'])
    expect(upstream.reached).toEqual([])
  })

  test('a connection that has ended, or that nothing can renew: refused, nothing sent', async () => {
    const { id } = await world.connectPlain()
    await grantry.call('DELETE', `/api/v1/connections/${id}`)
    expect(await refusal(`/api/v1/proxy/${id}/x`, grantry.apiKey)).toEqual([409, 'conflict'])
    const expired = await importTokens(grantry, world.integration, { access_token: 'old' }, { expiresIn: 60 })
    passTime(grantry, 61)
    expect(await refusal(`/api/v1/proxy/${expired.id}/x`, grantry.apiKey)).toEqual([
      409,
      'connection_needs_reauth',
    ])
    expect(upstream.reached).toEqual([])
  })

  test('a connection whose headers cannot be sent: told so, as no fault of ours', async () => {
    const id = await world.connect('by-header', { label: 'told in other letters' })
    await grantry.ctx.db
      .updateTable('connections')
      .set({ metadata: JSON.stringify({ site: 'Zürich → Genève' }) })
      .where('id', '=', uuidOf('con', id))
      .execute()
    expect(await refusal(`/api/v1/proxy/${id}/x`, grantry.apiKey)).toEqual([400, 'malformed_request'])
    expect(upstream.reached).toEqual([])
  })

  test('an integration that says nothing of its API', async () => {
    const { body } = await grantry.call('POST', '/api/v1/integrations', {
      label: 'No API',
      authorization_url: `${upstream.origin}/authorize`,
      token_url: `${upstream.origin}/token`,
      client_id: 'x',
      client_secret: 'x',
      validate: false,
    })
    const { id } = await importTokens(grantry, body.data.id, { access_token: 'x' })
    expect(await refusal(`/api/v1/proxy/${id}/x`, grantry.apiKey)).toEqual([422, 'api_base_url_missing'])
  })

  test('a WebSocket, another method in a header and a GET with a body are refused', async () => {
    const path = `/api/v1/proxy/${connection}/x`
    expect(await raw(path, { upgrade: 'websocket', connection: 'upgrade' })).toEqual([501, 'not_implemented'])
    expect(await raw(path, { upgrade: 'h2c', connection: 'upgrade' })).toEqual([200, undefined])
    expect(await raw(path, { 'x-http-method-override': 'DELETE' })).toEqual([400, 'malformed_request'])
    expect(await raw(path, { 'content-length': '2' }, '{}')).toEqual([400, 'malformed_request'])
    expect(upstream.reached).toHaveLength(1)
  })

  test('CONNECT and unknown methods reach nothing', async () => {
    const { port } = new URL(grantry.url)
    const ended = await new Promise((resolve) => {
      const sent = request({ host: '127.0.0.1', port, method: 'CONNECT', path: `localhost:${upstream.port}` })
      sent.once('connect', () => resolve('connected')).once('error', () => resolve('refused'))
      sent.once('response', ({ statusCode }) => resolve(statusCode)).end()
    })
    expect(ended).not.toBe('connected')
    expect(await raw(`/api/v1/proxy/${connection}/x`, {}, '', 'TRACE')).toEqual([404, 'not_found'])
    expect(upstream.reached).toEqual([])
  })

  const raw = (path: string, headers: Record<string, string>, body = '', method = 'GET') =>
    new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
      const authorization = `Bearer ${grantry.apiKey}`
      const sent = request(
        `${grantry.url}${path}`,
        { method, headers: { authorization, ...headers } },
        (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (part) => {
            text += part
          })
          response.once('end', () => resolve([response.statusCode, JSON.parse(text).code]))
        },
      )
      sent.once('error', reject).end(body)
    })
})

describe('the audit log', () => {
  test('tells method and path, never the query', async () => {
    const { id } = await world.connectPlain()
    await world.proxied(id, 'POST', '/deals/7?q=private', {})
    expect(await callsOf(grantry, id)).toEqual([{ method: 'POST', path: '/deals/7' }])
    expect(grantry.logs()).not.toContain('q=private')
  })

  test('comes first: what cannot be written there is not sent', async () => {
    const { commitEvent } = grantry.ctx
    const seen: number[] = []
    grantry.ctx.commitEvent = async (event) => {
      await commitEvent(event)
      seen.push(upstream.reached.length)
    }
    await call('GET', '/x')
    expect([seen, upstream.reached.length]).toEqual([[0], 1])
    grantry.ctx.commitEvent = async () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    }
    expect(await call('GET', '/x')).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } })
    grantry.ctx.commitEvent = commitEvent
    expect(upstream.reached).toHaveLength(1)
  })
})
