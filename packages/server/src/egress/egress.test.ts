import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test, vi } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { createEgress, type EgressOptions } from './egress.ts'
import { serve, until } from './loopback.fixture.ts'
import type { Address } from './resolve.ts'

const WS = 'ws_one'
const LOOPBACK: Address[] = [{ address: '127.0.0.1', family: 4 }]

function open(port: number, options: Partial<EgressOptions> = {}) {
  const egress = createEgress({
    allow: [{ workspace: null, host: 'localhost', port }],
    lookup: async () => LOOPBACK,
    ...options,
  })
  onTestFinished(() => egress.close(0))
  return egress
}

test('sends method, headers and body, and answers a standard Response', async () => {
  let seen: { request: IncomingMessage; body: string } | undefined
  const server = await serve(async (request, response) => {
    seen = { request, body: await text(request) }
    response.writeHead(201, { 'content-type': 'application/json', 'x-two': ['a', 'b'] }).end('{"ok":true}')
  })
  const egress = open(server.port)
  const response = await egress.fetch(WS, `${server.url}/token?a=1#fragment`, {
    method: 'post',
    headers: { authorization: 'Basic abc', 'x-mine': 'yes' },
    body: new URLSearchParams({ grant_type: 'refresh_token' }),
  })
  expect(response).toBeInstanceOf(Response)
  expect(response.status).toBe(201)
  expect(response.headers.get('x-two')).toBe('a, b')
  expect(await response.json()).toEqual({ ok: true })
  expect(seen!.body).toBe('grant_type=refresh_token')
  expect(seen!.request.method).toBe('POST')
  expect(seen!.request.url).toBe('/token?a=1')
  expect(seen!.request.headers).toMatchObject({
    host: `localhost:${server.port}`,
    authorization: 'Basic abc',
    'x-mine': 'yes',
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    'content-length': '24',
    'user-agent': `Grantry/${pkg.version}`,
  })
})

test('an answer without body, an empty one and a large one', async () => {
  const server = await serve((request, response) => {
    if (request.url === '/none') response.writeHead(204).end()
    else if (request.url === '/empty') response.writeHead(200, { 'content-length': '0' }).end()
    else response.setHeader('content-length', 900_000).end(Buffer.alloc(900_000, 'x'))
  })
  const egress = open(server.port)
  expect((await egress.fetch(WS, `${server.url}/none`)).body).toBeNull()
  expect(await (await egress.fetch(WS, `${server.url}/empty`)).text()).toBe('')
  const head = await egress.fetch(WS, `${server.url}/large`, { method: 'HEAD' })
  expect([head.headers.get('content-length'), head.body]).toEqual(['900000', null])
  expect((await (await egress.fetch(WS, `${server.url}/large`)).bytes()).length).toBe(900_000)
})

test('bodies of every kind arrive', async () => {
  const server = await serve(async (request, response) => {
    const type = request.headers['content-type'] ?? 'none'
    response.end(
      `${type.replace(/boundary=.*/, '')}|${request.headers['content-length']}|${await text(request)}`,
    )
  })
  const egress = open(server.port)
  const post = async (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
    (await egress.fetch(WS, server.url, { method: 'POST', body, headers })).text()
  expect(await post('héé')).toBe('text/plain;charset=UTF-8|5|héé')
  expect(await post(new URLSearchParams({ a: '1 2' }))).toBe(
    'application/x-www-form-urlencoded;charset=UTF-8|5|a=1+2',
  )
  expect(await post(new TextEncoder().encode('xabcx').subarray(1, 4))).toBe('none|3|abc')
  expect(await post(new Blob(['{}'], { type: 'application/json' }))).toBe('application/json|undefined|{}')
  expect(await post(new Response('streamed').body!)).toBe('none|undefined|streamed')
  expect(await post(new Response('streamed').body!, { 'content-length': '8' })).toBe('none|8|streamed')
  expect(await post('{}', { 'content-type': 'application/json', 'content-length': '99' })).toBe(
    'application/json|2|{}',
  )
})

test("sends no cookie, no referrer and none of the connection's own headers, whoever sets them", async () => {
  let seen: Record<string, unknown> = {}
  const server = await serve((request, response) => {
    seen = request.headers
    response.setHeader('set-cookie', 'a=b').end()
  })
  const egress = open(server.port)
  await egress.fetch(WS, server.url)
  await egress.fetch(WS, server.url, {
    headers: {
      cookie: 'a=b',
      referer: 'https://customer.example/secret',
      host: 'other.example',
      connection: 'close',
      'transfer-encoding': 'chunked',
      'proxy-authorization': 'Basic abc',
      expect: '100-continue',
      'user-agent': 'Profile/1',
    },
  })
  expect(seen).toEqual({
    host: `localhost:${server.port}`,
    connection: 'keep-alive',
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br',
    'user-agent': 'Profile/1',
  })
})

test.each([
  ['a method of tunnels', { method: 'CONNECT' }],
  ['a method that echoes', { method: 'TRACE' }],
  ['a method with a line break', { method: 'GET\r\nX: 1' }],
  ['a header with a line break', { headers: { 'x-a': 'b\r\nx-c: d' } }],
  ['a header name that is none', { headers: { 'x a': 'b' } }],
  ['a GET with a body', { body: 'x' }],
])('refuses %s before anything is sent', async (_, init) => {
  const server = await serve((_, response) => response.end())
  const egress = open(server.port)
  await expect(egress.fetch(WS, server.url, init)).rejects.toMatchObject({
    code: 'egress_bad_request',
    sent: false,
  })
  expect(server.opened()).toBe(0)
})

test('the name is resolved once and the socket goes to what was judged, whatever the name says next', async () => {
  const server = await serve((request, response) => response.end(request.headers.host))
  const lookup = vi
    .fn(async () => [{ address: '10.66.66.66', family: 4 }])
    .mockResolvedValueOnce([{ address: '127.0.0.1', family: 4 }])
  const egress = createEgress({
    allow: [{ workspace: null, host: 'rebind.example', port: server.port }],
    lookup,
  })
  onTestFinished(() => egress.close(0))
  const response = await egress.fetch(WS, `http://rebind.example:${server.port}/`)
  expect(await response.text()).toBe(`rebind.example:${server.port}`)
  expect(lookup).toHaveBeenCalledExactlyOnceWith('rebind.example')
})

test('a name that was public and turns private is refused when it is asked again', async () => {
  let now = 0
  const lookup = vi
    .fn(async () => [{ address: '127.0.0.1', family: 4 }])
    .mockResolvedValueOnce([{ address: '93.184.215.14', family: 4 }])
  const egress = createEgress({ allow: [], lookup, now: () => now })
  await egress.check(WS, 'https://rebind.example/')
  now = 4_999
  await egress.check(WS, 'https://rebind.example/')
  now = 5_000
  const refused = { code: 'egress_refused_address', sent: false }
  await expect(egress.check(WS, 'https://rebind.example/')).rejects.toMatchObject(refused)
  await expect(egress.fetch(WS, 'https://rebind.example/')).rejects.toMatchObject(refused)
})

test("a pooled socket serves only calls with the same verdict: another workspace's rule is not mine", async () => {
  const server = await serve((_, response) => response.end('private'))
  const egress = open(server.port, { allow: [{ workspace: 'ws_one', host: 'localhost', port: server.port }] })
  expect(await (await egress.fetch('ws_one', server.url)).text()).toBe('private')
  expect(server.sockets.size).toBe(1)
  await expect(egress.fetch('ws_two', server.url)).rejects.toMatchObject({
    code: 'egress_bad_url',
    sent: false,
  })
  await expect(egress.forWorkspace('ws_two')(server.url)).rejects.toMatchObject({ code: 'egress_bad_url' })
  expect(await (await egress.forWorkspace('ws_one')(server.url)).text()).toBe('private')
})

test('calls one after another share a socket, until the addresses differ', async () => {
  const server = await serve((request, response) => response.end(request.socket.localAddress), '0.0.0.0')
  let now = 0
  let address = '127.0.0.1'
  const egress = open(server.port, { lookup: async () => [{ address, family: 4 }], now: () => now })
  for (let i = 0; i < 20; i++) await (await egress.fetch(WS, server.url)).text()
  // Two, because undici looks at a socket for a turn of the event loop before it uses it again.
  const opened = server.opened()
  expect(opened).toBeLessThanOrEqual(2)
  address = '127.0.0.2'
  now = 5_000
  expect(await (await egress.fetch(WS, server.url)).text()).toBe('127.0.0.2')
  expect(server.opened()).toBe(opened + 1)
})

test('one origin gets at most so many sockets of a workspace at once', async () => {
  const waiting: (() => void)[] = []
  const server = await serve((_, response) => waiting.push(() => response.end('ok')))
  const egress = open(server.port, { socketsPerOrigin: 3 })
  const all = Promise.all(Array.from({ length: 9 }, async () => (await egress.fetch(WS, server.url)).text()))
  let most = 0
  for (let served = 0; served < 9; served++) {
    await until(() => waiting.length > 0)
    most = Math.max(most, server.sockets.size)
    waiting.shift()!()
  }
  expect(await all).toEqual(Array(9).fill('ok'))
  expect(most).toBe(3)
})

test('a workspace that holds all its sockets to an origin keeps no other from it', async () => {
  const held: string[] = []
  const server = await serve((request, response) => {
    if (request.url === '/held') held.push(request.url)
    else response.end('ok')
  })
  const egress = open(server.port, { socketsPerOrigin: 2 })
  const leaving = new AbortController()
  const calls = Array.from({ length: 3 }, () =>
    egress.fetch(WS, `${server.url}/held`, { signal: leaving.signal }).catch(({ code }) => code),
  )
  await until(() => held.length === 2)
  expect(await (await egress.fetch('ws_two', server.url, { deadlineMs: 5_000 })).text()).toBe('ok')
  leaving.abort()
  expect(await Promise.all(calls)).toEqual(Array(3).fill('egress_aborted'))
})

test('a dead address is passed over for the next one', async () => {
  const server = await serve((request, response) => response.end(request.socket.localAddress))
  const egress = open(server.port, {
    lookup: async () => [
      { address: '127.0.0.9', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ],
  })
  expect(await (await egress.fetch(WS, server.url)).text()).toBe('127.0.0.1')
})

test('nobody listens: unreachable, and certainly not sent', async () => {
  const server = await serve(() => {})
  const egress = open(1, { allow: [{ workspace: null, host: 'localhost', port: 1 }] })
  const error = await egress.fetch(WS, 'http://localhost:1/', { method: 'POST', body: 'x' }).catch((e) => e)
  expect(error).toMatchObject({ code: 'egress_unreachable', sent: false })
  expect(error.message).not.toContain('127.0.0.1')
  expect(server.opened()).toBe(0)
})

test('a process that slept through the deadline reads the answer that has come meanwhile', async () => {
  const program = `
    const server = require('node:http').createServer((request, response) => {
      process.stdout.write('asked')
      setTimeout(() => response.end('in time'), 20)
    })
    server.listen(0, '127.0.0.1', () => console.log(server.address().port))`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill())
  const [line] = await once(child.stdout, 'data')
  const port = Number(line)
  const egress = open(port)
  const url = `http://localhost:${port}/`
  await (await egress.fetch(WS, url)).text()
  const asked = once(child.stdout, 'data')
  const answer = egress.fetch(WS, url, { deadlineMs: 50 })
  await asked
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  expect(await (await answer).text()).toBe('in time')
})

test('the deadline covers the resolver', async () => {
  const egress = open(1, { lookup: () => new Promise(() => {}) })
  await expect(egress.fetch(WS, 'https://provider.example/', { deadlineMs: 20 })).rejects.toMatchObject({
    code: 'egress_timeout',
    sent: false,
  })
})

test("the caller's signal ends a call, before it and while it waits", async () => {
  const server = await serve(() => {})
  const egress = open(server.port)
  await expect(egress.fetch(WS, server.url, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'egress_aborted',
    sent: false,
  })
  expect(server.opened()).toBe(0)
  const caller = new AbortController()
  const call = egress.fetch(WS, server.url, { signal: caller.signal })
  await until(() => server.opened() === 1)
  caller.abort(new Error('enough'))
  await expect(call).rejects.toMatchObject({ code: 'egress_aborted', cause: { message: 'enough' } })
  await until(() => server.sockets.size === 0)
})

test('a call that gives up while it waits for a socket was not sent, and never will be', async () => {
  const seen: string[] = []
  const server = await serve((request, response) => {
    seen.push(request.url!)
    if (request.url === '/third') response.end('ok')
  })
  const egress = open(server.port, { socketsPerOrigin: 1 })
  const [one, two] = [new AbortController(), new AbortController()]
  const first = egress.fetch(WS, `${server.url}/first`, { signal: one.signal })
  await until(() => seen.length === 1)
  const second = egress.fetch(WS, `${server.url}/second`, { method: 'POST', body: 'x', signal: two.signal })
  const third = egress.fetch(WS, `${server.url}/third`)
  // A turn of the event loop, after which both stand in the queue.
  await new Promise((resolve) => setImmediate(resolve))
  two.abort()
  await expect(second).rejects.toMatchObject({ code: 'egress_aborted', sent: false })
  one.abort()
  await expect(first).rejects.toMatchObject({ code: 'egress_aborted', sent: true })
  expect(await (await third).text()).toBe('ok')
  expect(seen).toEqual(['/first', '/third'])
})

test('a body that is read in part frees its socket', async () => {
  const server = await serve((_, response) => {
    response.write(Buffer.alloc(500_000))
  })
  const egress = open(server.port)
  const response = await egress.fetch(WS, server.url)
  const reader = response.body!.getReader()
  await reader.read()
  await reader.cancel()
  await until(() => server.sockets.size === 0)
})

test('a stream may outlast the deadline of its headers, and a slow reader holds the sender back', async () => {
  let written = 0
  let release = () => {}
  const server = await serve(async (request, response) => {
    if (request.url === '/ping') return response.end()
    response.flushHeaders()
    if (request.url === '/cut') return
    await new Promise<void>((resolve) => {
      release = resolve
    })
    const block = Buffer.alloc(65_536)
    for (; written < 800; written++) if (!response.write(block)) await once(response, 'drain')
    response.end()
  })
  const egress = open(server.port)
  const response = await egress.fetch(WS, server.url, {
    deadlineMs: 1000,
    bodyDeadlineMs: Number.POSITIVE_INFINITY,
    maxBytes: Number.POSITIVE_INFINITY,
  })
  const other = await egress.fetch(WS, `${server.url}/cut`, { deadlineMs: 1000 })
  await expect(other.text()).rejects.toMatchObject({ code: 'egress_timeout' })
  await until(() => server.sockets.size === 1)
  release()
  // Nothing is read yet: the sender must come to a stop long before it is through.
  for (let before = -1, same = 0; same < 20; same = written === before ? same + 1 : 0, before = written) {
    await egress.fetch(WS, `${server.url}/ping`)
  }
  expect(written).toBeLessThan(800)
  expect((await response.bytes()).length).toBe(800 * 65_536)
})

test('closing lets a running call finish and refuses the next', async () => {
  let answer: (() => void) | undefined
  const server = await serve((_, response) => {
    answer = () => response.end('done')
  })
  const egress = open(server.port)
  const call = egress.fetch(WS, server.url)
  await until(() => answer)
  const closed = egress.close()
  await expect(egress.fetch(WS, server.url)).rejects.toMatchObject({ code: 'egress_closed', sent: false })
  answer!()
  expect(await (await call).text()).toBe('done')
  await closed
})

test('closing without grace ends what runs', async () => {
  let arrived = false
  const server = await serve(() => {
    arrived = true
  })
  const egress = open(server.port)
  const call = egress.fetch(WS, server.url)
  const failed = expect(call).rejects.toMatchObject({ code: 'egress_closed', sent: true })
  await until(() => arrived)
  await egress.close(0)
  await failed
})
