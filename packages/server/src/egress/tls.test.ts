import type { TLSSocket } from 'node:tls'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeCertificate } from './certificate.fixture.ts'
import { createEgress } from './egress.ts'
import { type Loopback, serveRaw, serveTls, until } from './loopback.fixture.ts'

const WS = 'ws_one'
const POST = { method: 'POST', body: 'refresh_token=secret' }

/** An egress for which provider.example and 127.0.0.1, at the server's port, are the loopback server. */
function open({ port }: Loopback, ca?: string) {
  const egress = createEgress({
    allow: ['provider.example', '127.0.0.1'].map((host) => ({ workspace: null, host, port })),
    lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    ...(ca === undefined ? {} : { ca }),
  })
  onTestFinished(() => egress.close(0))
  return egress.forWorkspace(WS)
}

test('the name stays in SNI and Host although the socket is pinned', async () => {
  const certificate = makeCertificate('provider.example')
  const server = await serveTls(certificate, (request, response) => {
    const socket = request.socket as TLSSocket & { servername: string }
    response.end(`${socket.servername} ${request.headers.host} ${socket.getProtocol()}`)
  })
  const fetch = open(server, certificate.cert)
  const response = await fetch(`https://provider.example:${server.port}/`)
  expect(await response.text()).toBe(`provider.example provider.example:${server.port} TLSv1.3`)
})

test('an address as the host: its certificate is for the address', async () => {
  const certificate = makeCertificate('127.0.0.1')
  const server = await serveTls(certificate, (_, response) => response.end('ok'))
  expect(await (await open(server, certificate.cert)(`https://127.0.0.1:${server.port}/`)).text()).toBe('ok')
})

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a certificate for another name, by %s: what the first handshake left does not help the next',
  async (maxVersion) => {
    const certificate = makeCertificate('other.example')
    let requests = 0
    const server = await serveTls({ ...certificate, maxVersion }, (_, response) => {
      requests++
      response.end()
    })
    const fetch = open(server, certificate.cert)
    for (let i = 0; i < 3; i++) {
      await expect(fetch(`https://provider.example:${server.port}/`, POST)).rejects.toMatchObject({
        code: 'egress_tls',
        sent: false,
      })
    }
    expect(requests).toBe(0)
  },
)

test('a certificate that nobody we know has signed, even where the environment says not to mind', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  onTestFinished(() => void vi.unstubAllEnvs())
  const server = await serveTls(makeCertificate('provider.example'), (_, response) => response.end())
  const call = open(server)(`https://provider.example:${server.port}/`, POST)
  await expect(call).rejects.toMatchObject({ code: 'egress_tls', sent: false })
})

test('a server that does not speak TLS, or hangs up within the handshake', async () => {
  const plain = await serveRaw((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
  const gone = await serveRaw((socket) => socket.destroy())
  for (const server of [plain, gone]) {
    const call = open(server)(`https://provider.example:${server.port}/`, POST)
    await expect(call).rejects.toMatchObject({ code: 'egress_tls', sent: false })
  }
})

test('a handshake that never ends: the deadline, and certainly not sent', async () => {
  const server = await serveRaw(() => {})
  const call = open(server)(`https://provider.example:${server.port}/`, { ...POST, deadlineMs: 100 })
  await expect(call).rejects.toMatchObject({ code: 'egress_timeout', sent: false })
})

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'later sockets resume the session of a handshake that was good, by %s',
  async (maxVersion) => {
    const certificate = makeCertificate('provider.example')
    const reused: boolean[] = []
    const server = await serveTls({ ...certificate, maxVersion }, (request, response) => {
      reused.push((request.socket as TLSSocket).isSessionReused())
      response.setHeader('connection', 'close').end()
    })
    const fetch = open(server, certificate.cert)
    for (let i = 0; i < 3; i++) {
      await (await fetch(`https://provider.example:${server.port}/`)).text()
      await until(() => server.sockets.size === 0)
    }
    expect(reused).toEqual([false, true, true])
  },
)
