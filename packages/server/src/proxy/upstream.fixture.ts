import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A request as it reached the API, its body read to the end. */
export type Reached = {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** An API on loopback that keeps what reached it and answers as it is told. */
export type Upstream = {
  port: number
  origin: string
  /** Requests whose body was read to its end, oldest first. */
  reached: Reached[]
  sockets: Set<Socket>
  /** Answers the next requests, one each; after them `otherwise` does. */
  next(...handlers: Handler[]): void
  otherwise: Handler
  close(): Promise<void>
}

/** Answers with this status, body and headers. */
export function answer(status: number, body = '', headers: Record<string, string> = {}): Handler {
  return (_request, response) => response.writeHead(status, headers).end(body)
}

export async function startUpstream(): Promise<Upstream> {
  const waiting: Handler[] = []
  const sockets = new Set<Socket>()
  const server = createServer(async (request, response) => {
    const handler = waiting.shift()
    // Who handles it by hand may want the stream itself.
    if (handler && handler.length > 2) return handler(request, response)
    const parts: Buffer[] = []
    try {
      for await (const part of request) parts.push(part)
    } catch {
      return
    }
    upstream.reached.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(parts).toString(),
    })
    ;(handler ?? upstream.otherwise)(request, response)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const upstream: Upstream = {
    port,
    origin: `http://localhost:${port}`,
    reached: [],
    sockets,
    next: (...handlers) => void waiting.push(...handlers),
    otherwise: answer(200, '{"ok":true}', { 'content-type': 'application/json' }),
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return upstream
}

/** Handles a request before its body is read. */
export function byHand(handler: Handler): Handler {
  const withStream = (request: IncomingMessage, response: ServerResponse, _byHand?: true) =>
    handler(request, response)
  return Object.defineProperty(withStream, 'length', { value: 3 })
}
