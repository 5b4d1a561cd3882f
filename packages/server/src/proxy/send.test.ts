import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { TestGrantry } from '../../../../test/support/grantry.ts'
import { passTime, refreshCalls, showConnection } from '../../../../test/support/importing.ts'
import { callsOf, type Proxied, startProxied } from './proxied.fixture.ts'
import { answer, byHand, type Handler, type Upstream } from './upstream.fixture.ts'

let world: Proxied
let grantry: TestGrantry
let upstream: Upstream
let stranger: Upstream
let connection: string
let token: string

beforeAll(async () => {
  world = await startProxied()
  ;({ grantry, upstream, stranger } = world)
  const { id, tokens } = await world.connectPlain()
  connection = id
  token = tokens.access_token
})
afterAll(() => world?.close())
beforeEach(() => world.forget())

const call = (method: string, path: string, body?: unknown, options = {}) =>
  world.proxied(connection, method, path, body, options)
const urls = ({ reached }: Upstream) => reached.map(({ url }) => url)

describe('redirects', () => {
  test('of a GET are followed with the token on the same origin', async () => {
    upstream.next(answer(302, '', { location: '/elsewhere?a=1#part' }))
    expect((await call('GET', '/x')).body).toEqual({ ok: true })
    expect(urls(upstream)).toEqual(['/base/v1/x', '/elsewhere?a=1'])
    expect(upstream.reached[1]!.headers.authorization).toBe(`Bearer ${token}`)
  })

  test('to another origin nothing goes that tells whose call it is, and it does not come back with the next', async () => {
    upstream.next(answer(307, '', { location: `${stranger.origin}/file` }))
    stranger.next(answer(302, '', { location: `${upstream.origin}/base/v1/back` }))
    const headers = { 'x-custom': 'private', 'idempotency-key': 'k', range: 'bytes=0-3' }
    expect((await call('GET', '/x', undefined, { headers })).status).toBe(200)
    expect(urls(stranger)).toEqual(['/file'])
    for (const { headers } of [stranger.reached[0]!, upstream.reached[1]!]) {
      expect(headers).toMatchObject({ range: 'bytes=0-3' })
      for (const name of ['authorization', 'x-custom', 'idempotency-key'])
        expect(headers[name]).toBeUndefined()
    }
  })

  test('a token in the query goes along on the same origin only, even where the API copies it into the address', async () => {
    const id = await world.connect('by-query')
    upstream.next(answer(302, '', { location: '/api/y?a=1' }))
    await world.proxied(id, 'GET', '/x')
    const secret = 'api_token=the-token-of-by-query'
    expect(urls(upstream)).toEqual([`/api/x?${secret}`, `/api/y?a=1&${secret}`])
    upstream.next(answer(302, '', { location: `${stranger.origin}/z?${secret}&b=2` }))
    await world.proxied(id, 'GET', '/x')
    expect(urls(stranger)).toEqual(['/z?b=2'])
  })

  test('a header that carries the token stays behind, as do those of the connection', async () => {
    const id = await world.connect('by-header')
    upstream.next(answer(302, '', { location: `${stranger.origin}/z` }))
    await world.proxied(id, 'GET', '/x')
    for (const name of ['x-access', 'x-site']) expect(stranger.reached[0]!.headers[name]).toBeUndefined()
  })

  test('three at most, none of a POST, and none to where nobody may go', async () => {
    upstream.next(...Array.from({ length: 4 }, () => answer(302, '', { location: '/base/v1/again' })))
    expect((await call('GET', '/x')).status).toBe(302)
    expect(upstream.reached).toHaveLength(4)
    upstream.next(answer(307, '', { location: `${stranger.origin}/z` }))
    expect((await call('POST', '/x', { a: 1 })).status).toBe(307)
    expect(stranger.reached).toEqual([])
    upstream.next(answer(302, '', { location: 'http://169.254.169.254/latest/meta-data' }))
    expect(await call('GET', '/x')).toMatchObject({ status: 422, body: { code: 'url_refused' } })
  })
})

describe('a refused token', () => {
  const unless =
    (good: () => string): Handler =>
    (incoming, response) => {
      const ok = incoming.headers.authorization === `Bearer ${good()}`
      response.writeHead(ok ? 200 : 401).end(ok ? 'yes' : 'no')
    }
  const tokenOf = async (id: string) =>
    (await grantry.call('GET', `/api/v1/connections/${id}/token`)).body.data.access_token

  test('is renewed once, and the call with its body sent once more', async () => {
    const { id } = await world.connectPlain()
    const before = refreshCalls(grantry).length
    upstream.next(answer(401, 'no'))
    const { status, body } = await world.proxied(id, 'POST', '/x', { a: 1 })
    expect([status, body]).toEqual([200, { ok: true }])
    expect(refreshCalls(grantry).length).toBe(before + 1)
    expect(upstream.reached.map((each) => each.body)).toEqual(['{"a":1}', '{"a":1}'])
    const [first, second] = upstream.reached.map(({ headers }) => headers.authorization)
    expect(second).toBe(`Bearer ${await tokenOf(id)}`)
    expect(second).not.toBe(first)
    expect(await callsOf(grantry, id)).toHaveLength(1)
  })

  test('that stays refused is the answer; the next call does not renew it again at once', async () => {
    const { id } = await world.connectPlain()
    const before = refreshCalls(grantry).length
    upstream.next(answer(401, 'a'), answer(401, 'b'), answer(401, 'c'), answer(401, 'd'), answer(401, 'e'))
    expect(await world.proxied(id, 'GET', '/x')).toMatchObject({ status: 401, text: 'b' })
    expect(await world.proxied(id, 'GET', '/x')).toMatchObject({ status: 401, text: 'c' })
    expect(refreshCalls(grantry).length).toBe(before + 1)
    passTime(grantry, 11)
    expect(await world.proxied(id, 'GET', '/x')).toMatchObject({ status: 401, text: 'e' })
    expect(refreshCalls(grantry).length).toBe(before + 2)
  })

  test('many calls at once: one renewal', async () => {
    const { id } = await world.connectPlain()
    const before = refreshCalls(grantry).length
    const old = await tokenOf(id)
    let good = ''
    upstream.otherwise = (incoming, response) => {
      if (good === '' && incoming.headers.authorization !== `Bearer ${old}`)
        good = incoming.headers.authorization!.slice(7)
      unless(() => good)(incoming, response)
    }
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.proxied(id, 'GET', '/x')))
    upstream.otherwise = answer(200, '{"ok":true}', { 'content-type': 'application/json' })
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(refreshCalls(grantry).length).toBe(before + 1)
  })

  test('whose grant has ended: the connection says so', async () => {
    const { id, tokens } = await world.connectPlain()
    grantry.sandbox!.control.fault({ fault: 'error', error: 'invalid_grant', endpoint: 'token' } as never)
    grantry.sandbox!.control.fault({ fault: 'error', error: 'invalid_grant', endpoint: 'token' } as never)
    void tokens
    upstream.next(answer(401, 'no'))
    const { status, body } = await world.proxied(id, 'GET', '/x')
    expect([status, body.code]).toEqual([409, 'connection_needs_reauth'])
    expect((await showConnection(grantry, id)).status).toBe('needs_reauth')
  })

  test('whose grant has ended: what the API said is not left unread, its connection ends', async () => {
    const { id } = await world.connectPlain()
    const error = { fault: 'error', error: 'invalid_grant', endpoint: 'token' } as never
    for (let times = 0; times < 2; times++) grantry.sandbox!.control.fault(error)
    const closed = Promise.withResolvers<void>()
    upstream.next((_request, response) => {
      response.once('close', closed.resolve)
      response.writeHead(401).write('no')
    })
    expect((await world.proxied(id, 'GET', '/x')).status).toBe(409)
    await closed.promise
  })

  test('that nothing renews: the API’s own answer', async () => {
    upstream.next(answer(401, 'no'))
    expect(await world.proxied(await world.connect('by-header'), 'GET', '/x')).toMatchObject({
      status: 401,
      text: 'no',
    })
    expect(upstream.reached).toHaveLength(1)
  })
})

describe('a busy provider', () => {
  const sleep = () => vi.spyOn(grantry.ctx.clock, 'sleep').mockImplementation(async () => {})

  test.each([429, 502, 503, 504])(
    '%i is asked again, at most three times, after as long as it says',
    async (status) => {
      const slept = sleep()
      upstream.next(answer(status, '', { 'retry-after': '3' }), answer(status, '', { 'retry-after': '2' }))
      expect((await call('GET', '/x')).status).toBe(200)
      expect(slept.mock.calls.map(([ms]) => ms)).toEqual([3000, 2000])
      upstream.next(...Array.from({ length: 3 }, () => answer(status, 'still')))
      expect(await call('PUT', '/x', { a: 1 })).toMatchObject({ status, text: 'still' })
      expect(upstream.reached).toHaveLength(6)
      const backoffs = slept.mock.calls.slice(2).map(([ms]) => ms)
      expect(backoffs[0]).toBeGreaterThanOrEqual(250)
      expect(backoffs[1]).toBeGreaterThanOrEqual(500)
      expect(Math.max(...backoffs)).toBeLessThan(1000)
      slept.mockRestore()
    },
  )

  test('that asks for longer than a caller waits: its answer, at once', async () => {
    const slept = sleep()
    upstream.next(answer(503, 'later', { 'retry-after': '11' }))
    const { status, headers, text } = await call('GET', '/x')
    expect([status, headers.get('retry-after'), text]).toEqual([503, '11', 'later'])
    expect([slept.mock.calls.length, upstream.reached.length]).toEqual([0, 1])
    slept.mockRestore()
  })

  test('a POST or PATCH is not sent again, nor anything on other statuses', async () => {
    for (const method of ['POST', 'PATCH']) {
      upstream.next(answer(503))
      expect((await call(method, '/x', {})).status).toBe(503)
    }
    upstream.next(answer(500))
    expect((await call('GET', '/x')).status).toBe(500)
    expect(upstream.reached).toHaveLength(3)
  })

  test('a connection that is cut before the answer: a GET goes again, a POST does not', async () => {
    const slept = sleep()
    const cut: Handler = (incoming) => void incoming.socket.destroy()
    upstream.next(cut)
    expect((await call('GET', '/x')).status).toBe(200)
    upstream.next(cut)
    expect(await call('POST', '/x', {})).toMatchObject({ status: 502, body: { code: 'provider_failed' } })
    expect(upstream.reached).toHaveLength(3)
    slept.mockRestore()
  })
})

describe('the two ends', () => {
  /** Sends by hand, so that the caller can go away when it likes. */
  function open(method: string, path: string, headers: Record<string, string | number> = {}): ClientRequest {
    const sent = request(`${grantry.url}/api/v1/proxy/${connection}${path}`, {
      method,
      headers: { authorization: `Bearer ${grantry.apiKey}`, ...headers },
    })
    sent.on('error', () => {})
    return sent
  }
  /** The next request, before its body is read. */
  const arrival = () =>
    new Promise<[IncomingMessage, ServerResponse]>((resolve) => {
      upstream.next(byHand((incoming, response) => resolve([incoming, response])))
    })
  const answered = async (sent: ClientRequest): Promise<IncomingMessage> => (await once(sent, 'response'))[0]

  test('a caller who goes before the answer: the call ends at the API, and is not tried again', async () => {
    const arrived = arrival()
    const sent = open('GET', '/slow')
    sent.end()
    const [incoming] = await arrived
    const gone = once(incoming.socket, 'close')
    sent.destroy()
    await gone
    expect(upstream.reached).toEqual([])
  })

  test('a caller who goes in the middle of the answer', async () => {
    const arrived = arrival()
    const sent = open('GET', '/stream')
    sent.end()
    const [, response] = await arrived
    response.writeHead(200)
    response.write('begun')
    const incoming = await answered(sent)
    await once(incoming, 'data')
    const gone = once(response, 'close')
    sent.destroy()
    await gone
    expect(response.writableFinished).toBe(false)
  })

  test('a caller who goes in the middle of an upload', async () => {
    const arrived = arrival()
    const sent = open('POST', '/upload', { 'content-length': 10_000_000 })
    sent.write('x'.repeat(1000))
    const [incoming] = await arrived
    await once(incoming, 'data')
    const gone = new Promise((resolve) => incoming.once('error', resolve))
    sent.destroy()
    expect(await gone).toMatchObject({ code: 'ECONNRESET' })
    expect(incoming.complete).toBe(false)
  })

  test('what arrives goes on at once, both ways', async () => {
    const arrived = arrival()
    const sent = open('POST', '/both', { 'transfer-encoding': 'chunked' })
    sent.write('one')
    const [incoming, response] = await arrived
    incoming.setEncoding('utf8')
    expect((await once(incoming, 'data'))[0]).toBe('one')
    response.writeHead(200).write('answer one')
    const back = (await answered(sent)).setEncoding('utf8')
    expect((await once(back, 'data'))[0]).toBe('answer one')
    sent.write('two')
    expect((await once(incoming, 'data'))[0]).toBe('two')
    response.write('answer two')
    expect((await once(back, 'data'))[0]).toBe('answer two')
    sent.end()
    await once(incoming, 'end')
    response.end()
    await once(back, 'end')
    expect(back.complete).toBe(true)
  })

  test.each([
    ['of a stated length', { 'content-length': '100000' }],
    ['of no stated length', {}],
  ])('an answer %s that is cut arrives cut, never as a whole one', async (_what, headers) => {
    const arrived = arrival()
    const sent = open('GET', '/cut')
    sent.end()
    const [incoming, response] = await arrived
    response.writeHead(200, headers as Record<string, string>)
    response.write('half')
    const back = await answered(sent)
    const failed = once(back, 'error')
    back.resume()
    incoming.socket.destroy()
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' })
    expect(back.complete).toBe(false)
  })

  test('a small answer that is cut is no answer: 502', async () => {
    upstream.next((incoming, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => incoming.socket.destroy())
    })
    expect(await call('POST', '/x', {})).toMatchObject({ status: 502, body: { code: 'provider_failed' } })
  })

  test('an answer before the upload is through arrives, and the rest is not asked of the caller', async () => {
    const arrived = arrival()
    const sent = open('POST', '/early', { 'content-length': 1_000_000 })
    sent.write('x'.repeat(300_000))
    const [, response] = await arrived
    response.writeHead(413).end('too much')
    const back = await answered(sent)
    expect(back.statusCode).toBe(413)
    sent.destroy()
  })

  test('a stream whose token is refused goes again from its beginning while little of it is gone', async () => {
    const { id } = await world.connectPlain()
    const sent = request(`${grantry.url}/api/v1/proxy/${id}/x`, {
      method: 'POST',
      headers: { authorization: `Bearer ${grantry.apiKey}`, 'transfer-encoding': 'chunked' },
    })
    const refused = new Promise<void>((resolve) => {
      upstream.next(
        byHand((incoming, response) => {
          incoming.once('data', () => {
            response.writeHead(401).end()
            resolve()
          })
        }),
      )
    })
    sent.write('one,')
    await refused
    sent.end('two')
    expect((await answered(sent)).statusCode).toBe(200)
    expect(upstream.reached.map(({ body }) => body)).toEqual(['one,two'])
  })

  test('a stream of which too much is gone is not sent again: the API’s refusal is the answer', async () => {
    const { id } = await world.connectPlain()
    const before = refreshCalls(grantry).length
    upstream.next(answer(401, 'no'))
    const { status } = await world.proxied(id, 'POST', '/x', 'x'.repeat(400_000))
    expect([status, upstream.reached.length, refreshCalls(grantry).length]).toEqual([401, 1, before])
  })
})
