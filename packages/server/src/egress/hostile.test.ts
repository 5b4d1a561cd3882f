import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { createEgress, type EgressInit } from './egress.ts'
import { type Loopback, serve, serveRaw, until } from './loopback.fixture.ts'

const WS = 'ws_one'

/** An egress that may reach these servers by the name localhost. */
function open(...servers: Loopback[]) {
  const egress = createEgress({
    allow: servers.map(({ port }) => ({ workspace: null, host: 'localhost', port })),
    lookup: async () => [{ address: '127.0.0.1', family: 4 }],
  })
  onTestFinished(() => egress.close(0))
  return (url: string, init?: EgressInit) => egress.fetch(WS, url, init)
}

const POST = { method: 'POST', body: 'refresh_token=secret' }

/** Writes a block over and over, as fast as the peer takes it, until the peer hangs up. */
function pour(socket: Socket, block: string | Buffer) {
  const more = () => {
    while (!socket.destroyed && socket.write(block));
  }
  socket.on('drain', more)
  more()
}

/** Writes a block every few milliseconds until the peer hangs up. */
function drip(socket: Socket, block: string) {
  const timer = setInterval(() => socket.write(block), 5)
  socket.on('close', () => clearInterval(timer))
}

const hungUp = (server: Loopback) => until(() => server.sockets.size === 0)

test('no answer at all: cut at the deadline, and the request may have been read', async () => {
  const server = await serveRaw(() => {})
  await expect(open(server)(server.url, { ...POST, deadlineMs: 1000 })).rejects.toMatchObject({
    code: 'egress_timeout',
    sent: true,
  })
  await hungUp(server)
})

test('headers byte by byte: cut at the deadline', async () => {
  const server = await serveRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nx-slow: ')
    drip(socket, 'a')
  })
  await expect(open(server)(server.url, { deadlineMs: 200 })).rejects.toMatchObject({
    code: 'egress_timeout',
  })
  await hungUp(server)
})

test('a body byte by byte: the same deadline cuts it while it is read', async () => {
  const server = await serveRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n')
    drip(socket, 'a')
  })
  const response = await open(server)(server.url, { ...POST, deadlineMs: 1000 })
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toMatchObject({
    name: 'EgressError',
    code: 'egress_timeout',
    sent: true,
  })
  await hungUp(server)
})

test('a body that nobody reads does not keep its socket beyond the deadline', async () => {
  const server = await serveRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    drip(socket, 'a')
  })
  await open(server)(server.url, { deadlineMs: 1000 })
  await hungUp(server)
})

test.each([
  ['one endless header', 'x-a: ', 'a'.repeat(1000)],
  ['endless small headers', '', 'x-a: b\r\n'.repeat(100)],
  ['endless header name', 'x', 'x'.repeat(1000)],
])('%s: cut at the limit', async (_, start, more) => {
  const server = await serveRaw((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\n${start}`)
    pour(socket, more)
  })
  await expect(open(server)(server.url)).rejects.toMatchObject({ code: 'egress_too_large', sent: true })
  await hungUp(server)
})

test('more headers than anyone needs, small though they are', async () => {
  const server = await serveRaw((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(300)}content-length: 0\r\n\r\n`)
  })
  await expect(open(server)(server.url)).rejects.toMatchObject({ code: 'egress_too_large' })
})

test('endless interim answers', async () => {
  const server = await serveRaw((socket) => pour(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'))
  await expect(open(server)(server.url)).rejects.toMatchObject({ code: 'egress_bad_answer' })
  await hungUp(server)
})

test.each([
  ['endless', 'HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(10_000)],
  ['announced', 'HTTP/1.1 500 No\r\ncontent-length: 10737418240\r\n\r\n', 'x'.repeat(10_000)],
  ['chunked', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\nx\r\n'.repeat(2000)],
])('a huge body, %s: the status is known, the body is cut at 1 MiB', async (_, head, more) => {
  const server = await serveRaw((socket) => {
    socket.write(head)
    pour(socket, more)
  })
  const response = await open(server)(server.url)
  expect(response.status).toBe(head.includes('500') ? 500 : 200)
  await expect(response.text()).rejects.toMatchObject({ code: 'egress_too_large', sent: true })
  await hungUp(server)
})

test('the limit is exact', async () => {
  const server = await serve((request, response) => response.end(Buffer.alloc(Number(request.url!.slice(1)))))
  const fetch = open(server)
  expect((await (await fetch(`${server.url}/1000`, { maxBytes: 1000 })).bytes()).length).toBe(1000)
  await expect(
    fetch(`${server.url}/1001`, { maxBytes: 1000 }).then((response) => response.bytes()),
  ).rejects.toMatchObject({ code: 'egress_too_large' })
})

test('endless bytes in chunk extensions end with the deadline', async () => {
  const server = await serveRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;')
    drip(socket, 'x'.repeat(1000))
  })
  const response = await open(server)(server.url, { deadlineMs: 1000 })
  await expect(response.text()).rejects.toMatchObject({ code: 'egress_timeout' })
})

const PLAIN = JSON.stringify({ access_token: 'x'.repeat(300) })
const ENCODED: [string, string, (data: Buffer | string) => Buffer][] = [
  ['gzip', 'gzip', gzipSync],
  ['x-gzip, in capitals', 'X-GZIP', gzipSync],
  ['zlib deflate', 'deflate', deflateSync],
  ['bare deflate', 'deflate', deflateRawSync],
  ['brotli', 'br', brotliCompressSync],
  ['zstd', 'zstd', zstdCompressSync],
  ['gzip after deflate', 'deflate, gzip', (data) => gzipSync(deflateSync(data))],
]

test.each(ENCODED)('decodes %s', async (_, encoding, encode) => {
  const body = encode(PLAIN)
  const server = await serve((request, response) => {
    response.setHeader('content-encoding', encoding)
    if (request.url === '/slow') for (const byte of body) response.write(Buffer.from([byte]))
    response.end(request.url === '/slow' ? undefined : body)
  })
  const fetch = open(server)
  const response = await fetch(server.url)
  expect(response.headers.get('content-encoding')).toBeNull()
  expect(response.headers.get('content-length')).toBeNull()
  expect(await response.text()).toBe(PLAIN)
  expect(await (await fetch(`${server.url}/slow`)).text()).toBe(PLAIN)
})

test.each(ENCODED)('decodes %s that does not compress, piece by piece', async (_, encoding, encode) => {
  const noise = randomBytes(900_000)
  const server = await serve((_, response) =>
    response.setHeader('content-encoding', encoding).end(encode(noise)),
  )
  const response = await open(server)(server.url)
  expect(noise.equals(await response.bytes())).toBe(true)
})

test.each(ENCODED)('a bomb in %s is cut at the decoded limit', async (_, encoding, encode) => {
  const bomb = encode(Buffer.alloc(64 * 1_048_576))
  expect(bomb.length).toBeLessThan(1_048_576)
  const server = await serve((_, response) => response.setHeader('content-encoding', encoding).end(bomb))
  const response = await open(server)(server.url)
  await expect(response.text()).rejects.toMatchObject({ code: 'egress_too_large' })
})

test.each(ENCODED)(
  'a bomb in %s, read slowly, is decoded no faster than it is read',
  async (_, encoding, encode) => {
    const bomb = encode(Buffer.alloc(16 * 1_048_576))
    const server = await serve((_, response) => response.setHeader('content-encoding', encoding).end(bomb))
    const response = await open(server)(server.url, { maxBytes: Number.POSITIVE_INFINITY })
    let total = 0
    for await (const chunk of response.body!) total += chunk.length
    expect(total).toBe(16 * 1_048_576)
  },
)

test.each(ENCODED)('broken %s is told apart from a cut answer', async (_, encoding, encode) => {
  const body = encode(PLAIN)
  const server = await serve((request, response) => {
    response.setHeader('content-encoding', encoding)
    if (request.url === '/short') response.end(body.subarray(0, body.length - 9))
    else response.end(Buffer.alloc(100, 0x68))
  })
  const fetch = open(server)
  for (const path of ['/short', '/noise']) {
    const response = await fetch(server.url + path)
    await expect(response.text(), path).rejects.toMatchObject({ code: 'egress_bad_encoding', sent: true })
  }
})

test.each([
  ['compress', gzipSync(PLAIN)],
  ['gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(PLAIN)))],
  ['__proto__', gzipSync(PLAIN)],
  ['gzip;q=1', gzipSync(PLAIN)],
  ['dcb', gzipSync(PLAIN)],
])('an encoding that we do not decode: %s', async (encoding, body) => {
  const server = await serve((_, response) => response.setHeader('content-encoding', encoding).end(body))
  const response = await open(server)(server.url)
  await expect(response.text()).rejects.toMatchObject({ code: 'egress_bad_encoding' })
})

test('a zstd frame that asks for a huge window is refused', async () => {
  const params = { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_enableLongDistanceMatching]: 1 }
  const frame = zstdCompressSync(Buffer.alloc(200_000_000, 'abc'), { params })
  const server = await serve((_, response) => response.setHeader('content-encoding', 'zstd').end(frame))
  const response = await open(server)(server.url)
  await expect(response.text()).rejects.toMatchObject({ code: 'egress_bad_encoding' })
})

test.each([
  ['with a length', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"access_token":"abc'],
  [
    'in chunks before a close',
    'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n14\r\n{"acc',
  ],
  ['in chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n14\r\n{"access_token":"abc'],
])('a body cut off, %s', async (_, answer) => {
  const server = await serveRaw((socket) => socket.end(answer))
  const response = await open(server)(server.url, POST)
  await expect(response.text()).rejects.toMatchObject({ code: 'egress_cut', sent: true })
})

test.each([
  ['without a word', ''],
  ['within the headers', 'HTTP/1.1 200 OK\r\ncontent-'],
])('the connection closed %s: the request counts as sent and is not sent again', async (_, answer) => {
  const requests: string[] = []
  const server = await serveRaw((socket, bytes) => {
    requests.push(bytes)
    socket.end(answer)
  })
  await expect(open(server)(server.url, POST)).rejects.toMatchObject({ code: 'egress_cut', sent: true })
  await expect(open(server)(server.url)).rejects.toMatchObject({ code: 'egress_cut', sent: true })
  expect(requests.length).toBe(2)
})

test.each([
  ['not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['a status out of range', 'HTTP/1.1 999 Denied\r\ncontent-length: 0\r\n\r\n'],
  ['a NUL in a header', 'HTTP/1.1 200 OK\r\nx-a: \0b\r\ncontent-length: 0\r\n\r\n'],
  ['a length and chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\nab'],
])('%s is a bad answer', async (_, answer) => {
  const server = await serveRaw((socket) => socket.write(answer))
  await expect(open(server)(server.url)).rejects.toMatchObject({ code: 'egress_bad_answer', sent: true })
  await hungUp(server)
})

test('no error tells, not even in its cause, what was sent or answered', async () => {
  const server = await serveRaw((socket) =>
    socket.write('HTTP/1.1 200 OK\r\nbad header: x\r\n\r\n{"access_token":"canary"}'),
  )
  const fetch = open(server)
  const failures = await Promise.all([
    fetch(server.url, { ...POST, headers: { authorization: 'Bearer canary' } }).catch((error) => error),
    fetch(server.url, { headers: { authorization: 'Bearer canary\n' + 'x: y' } }).catch((error) => error),
    fetch('https://user:canary@provider.example/').catch((error) => error),
  ])
  expect(failures.map((error) => error.code)).toEqual([
    'egress_bad_answer',
    'egress_bad_request',
    'egress_bad_url',
  ])
  expect(inspect(failures, { depth: 10 })).not.toContain('canary')
})

test('an upgrade that nobody asked for', async () => {
  const server = await serveRaw((socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
  )
  await expect(open(server)(server.url)).rejects.toMatchObject({ sent: true })
  await hungUp(server)
})

test('an answer slipped in for the next request is thrown away', async () => {
  let served = 0
  const server = await serveRaw((socket) => {
    served++
    const answer = (body: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    socket.write(answer('mine') + answer('evil'))
  })
  const fetch = open(server)
  for (let i = 0; i < 3; i++) expect(await (await fetch(server.url)).text()).toBe('mine')
  expect(served).toBe(3)
})

test('header bytes beyond ASCII arrive as they were', async () => {
  const server = await serveRaw((socket) => {
    socket.write(Buffer.from('HTTP/1.1 200 OK\r\nx-name: M\u00fcnchen \u20ac\r\ncontent-length: 0\r\n\r\n'))
  })
  const response = await open(server)(server.url)
  expect(Buffer.from(response.headers.get('x-name')!, 'latin1').toString()).toBe('München €')
})

test.each([301, 302, 303, 307, 308])(
  'a %d is an answer; the body is never sent elsewhere',
  async (status) => {
    let reached = 0
    const other = await serve((_, response) => {
      reached++
      response.end()
    })
    const server = await serve((_, response) =>
      response.writeHead(status, { location: `${other.url}/steal` }).end('moved'),
    )
    const fetch = open(server, other)
    for (const init of [POST, { ...POST, maxRedirects: 3 }, {}]) {
      const response = await fetch(server.url, init)
      expect(response.status).toBe(status)
      expect(response.headers.get('location')).toBe(`${other.url}/steal`)
      expect(await response.text()).toBe('moved')
    }
    expect(reached).toBe(0)
  },
)

test('a GET follows as many hops as it may, and returns the redirect after the last', async () => {
  const server = await serve((request, response) => {
    const hop = Number(request.url!.slice(1))
    if (hop === 0) response.end('arrived')
    else response.writeHead(302, { location: `./${hop - 1}#part` }).end('a body that nobody wants')
  })
  const fetch = open(server)
  expect(await (await fetch(`${server.url}/3`, { maxRedirects: 3 })).text()).toBe('arrived')
  const response = await fetch(`${server.url}/4`, { maxRedirects: 3 })
  expect([response.status, response.headers.get('location')]).toEqual([302, './0#part'])
})

test.each([
  ['http://127.0.0.1:1/', 'egress_bad_url'],
  ['https://127.0.0.1/', 'egress_refused_address'],
  ['https://169.254.169.254/latest/meta-data/', 'egress_refused_address'],
  ['https://[::ffff:10.0.0.1]/', 'egress_refused_address'],
  ['//10.0.0.1/', 'egress_bad_url'],
  ['file:///etc/passwd', 'egress_bad_url'],
  ['https://user:pass@provider.example/', 'egress_bad_url'],
])('a redirect to %s is judged like a first call', async (location, code) => {
  const server = await serve((_, response) => response.writeHead(302, { location }).end())
  await expect(open(server)(server.url, { maxRedirects: 3 })).rejects.toMatchObject({ code, sent: true })
})

test('credentials stay behind when a redirect leaves the origin, and do not come back', async () => {
  const seen: Record<string, unknown>[] = []
  const other = await serve((request, response) => {
    seen.push(request.headers)
    response.writeHead(302, { location: `${server.url}/again` }).end()
  })
  const server: Loopback = await serve((request, response) => {
    seen.push(request.headers)
    if (request.url === '/again') response.end()
    else response.writeHead(302, { location: request.url === '/' ? '/same' : other.url }).end()
  })
  await open(server, other)(server.url, {
    maxRedirects: 3,
    headers: { authorization: 'Bearer secret', 'X-Token': 'secret', 'x-plain': 'yes' },
    sensitiveHeaders: ['x-token'],
  })
  const secrets = seen.map((headers) => [headers.authorization, headers['x-token'], headers['x-plain']])
  expect(secrets).toEqual([
    ['Bearer secret', 'secret', 'yes'],
    ['Bearer secret', 'secret', 'yes'],
    [undefined, undefined, 'yes'],
    [undefined, undefined, 'yes'],
  ])
})

test('the body of a redirect that is followed does not go on behind our back', async () => {
  const endless = await serveRaw((socket) => {
    socket.write(`HTTP/1.1 302 Found\r\nlocation: ${server.url}\r\n\r\n`)
    drip(socket, 'a')
  })
  const server: Loopback = await serve((_, response) => response.end('arrived'))
  const response = await open(server, endless)(endless.url, { maxRedirects: 1 })
  expect(await response.text()).toBe('arrived')
  await hungUp(endless)
})

test('one deadline covers all hops', async () => {
  const server = await serve((request, response) => {
    const hop = Number(request.url!.slice(1))
    setTimeout(() => response.writeHead(302, { location: `/${hop + 1}` }).end(), 20)
  })
  await expect(
    open(server)(`${server.url}/0`, { maxRedirects: 1000, deadlineMs: 1000 }),
  ).rejects.toMatchObject({ code: 'egress_timeout', sent: true })
})

test('a location that is no URL leaves the redirect as the answer', async () => {
  const server = await serve((_, response) => response.writeHead(302, { location: 'https://[oops' }).end())
  expect((await open(server)(server.url, { maxRedirects: 3 })).status).toBe(302)
})
