import type { IncomingMessage } from 'node:http'
import { hasBody } from '../http/body-time.ts'
import { keptBytes } from './resend-body.ts'

/**
 * The body of a request: none, its bytes where they are few (they go out in one piece, and can be sent again), else
 * the stream that it is. Of whoever sends nothing for `silenceMs` meanwhile the connection ends.
 */
export async function readBody(
  request: IncomingMessage,
  silenceMs: number,
): Promise<Uint8Array | AsyncIterable<Uint8Array> | null> {
  if (!hasBody(request)) return null
  // Whoever stops reading has an answer to give, and needs the connection for that.
  const stream = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  if (!(Number(request.headers['content-length']) <= keptBytes)) return stream
  const parts: Uint8Array[] = []
  request.socket.setTimeout(silenceMs)
  try {
    for await (const part of stream) parts.push(part)
  } finally {
    request.socket.setTimeout(0)
  }
  return Buffer.concat(parts)
}
