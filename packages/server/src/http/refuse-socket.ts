import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { errorCatalogue, type Problem } from '@grantry/api'

/** Answers what Node's parser refuses before there is a request — not HTTP, headers without end — and ends the socket. */
export function refuseSocket(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const { status, title } = errorCatalogue.malformed_request
  const body = JSON.stringify({
    type: '/docs#error-malformed_request',
    title,
    status,
    code: 'malformed_request',
    detail:
      error.code === 'HPE_HEADER_OVERFLOW'
        ? 'The request headers are larger than 16 KiB.'
        : 'This is not a valid HTTP request.',
    request_id: `req_${randomBytes(12).toString('base64url')}`,
  } satisfies Problem)
  const head = [
    `HTTP/1.1 ${status} Bad Request`,
    'content-type: application/problem+json',
    'cache-control: no-store',
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}
