import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net'
import { onTestFinished, vi } from 'vitest'

export type Loopback = { port: number; url: string; sockets: Set<Socket>; opened: () => number }

async function listen(server: Server | TcpServer, scheme: string, host: string): Promise<Loopback> {
  const sockets = new Set<Socket>()
  let opened = 0
  server.on('connection', (socket: Socket) => {
    opened++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  const { port } = server.address() as AddressInfo
  return { port, url: `${scheme}://localhost:${port}`, sockets, opened: () => opened }
}

/** An HTTP server on loopback that ends with the test. */
export const serve = (listener: RequestListener, host = '127.0.0.1') =>
  listen(createServer(listener), 'http', host)

/** The same over TLS. */
export const serveTls = (options: ServerOptions, listener: RequestListener) =>
  listen(createTlsServer(options, listener), 'https', '127.0.0.1')

/** A server that speaks no protocol by itself; the handler gets each socket once the first bytes have come. */
export const serveRaw = (handler: (socket: Socket, firstBytes: string) => void) =>
  listen(
    createTcpServer((socket) => {
      socket.once('data', (bytes) => handler(socket, bytes.toString('latin1')))
    }),
    'http',
    '127.0.0.1',
  )

/** Waits for a condition with the patience that a busy machine needs. */
export const until = (condition: () => unknown) => vi.waitUntil(condition, { timeout: 20_000, interval: 5 })
