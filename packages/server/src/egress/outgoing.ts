import { ACCEPT_ENCODING } from './decode.ts'
import { EgressError } from './error.ts'

/** A request ready to be written: what fetch's init comes down to. */
export type Outgoing = {
  method: string
  headers: Headers
  body: Buffer | AsyncIterable<Uint8Array> | null
}

/** What fetch takes, and any stream of bytes that can be read step by step. */
export type OutgoingBody = RequestInit['body'] | AsyncIterable<Uint8Array>

/** Set by us or by the connection; cookies and the referrer never leave, whoever sets them. */
const NEVER_SENT = [
  'connection',
  'cookie',
  'cookie2',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'referer',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])

/**
 * Reads method, headers and body as fetch does, less the headers that are not the caller's to set.
 *
 * @throws EgressError `egress_bad_request`
 */
export function prepareRequest(
  init: Pick<RequestInit, 'method' | 'headers'> & { body?: OutgoingBody },
  userAgent: string,
): Outgoing {
  const method = (init.method ?? 'GET').toUpperCase()
  if (!METHODS.has(method)) throw bad('The method cannot be used.')
  if (init.body != null && (method === 'GET' || method === 'HEAD'))
    throw bad(`A ${method} cannot have a body.`)
  try {
    const headers = new Headers(init.headers)
    for (const name of NEVER_SENT) headers.delete(name)
    const { bytes, type } = readBody(init.body ?? null)
    if (type !== null && !headers.has('content-type')) headers.set('content-type', type)
    // A stream's length is only the caller's to know; of bytes we know it.
    if (bytes === null || Buffer.isBuffer(bytes)) headers.delete('content-length')
    if (!headers.has('user-agent')) headers.set('user-agent', userAgent)
    if (!headers.has('accept')) headers.set('accept', '*/*')
    if (!headers.has('accept-encoding')) headers.set('accept-encoding', ACCEPT_ENCODING)
    return { method, headers, body: bytes }
  } catch {
    // The platform's own error quotes the header's value, which may be a credential.
    throw bad('The headers or the body cannot be sent.')
  }
}

function readBody(body: NonNullable<OutgoingBody> | null): {
  bytes: Outgoing['body']
  type: string | null
} {
  if (body === null) return { bytes: null, type: null }
  if (typeof body === 'string') return { bytes: Buffer.from(body), type: 'text/plain;charset=UTF-8' }
  if (body instanceof URLSearchParams) {
    return { bytes: Buffer.from(body.toString()), type: 'application/x-www-form-urlencoded;charset=UTF-8' }
  }
  if (ArrayBuffer.isView(body)) {
    return { bytes: Buffer.from(body.buffer, body.byteOffset, body.byteLength), type: null }
  }
  // A stream goes as it is, a chunk at a time; of the rest, the platform knows the bytes.
  if (Symbol.asyncIterator in body) return { bytes: body as AsyncIterable<Uint8Array>, type: null }
  const wrapped = new Response(body)
  return { bytes: wrapped.body, type: wrapped.headers.get('content-type') }
}

const bad = (message: string) => new EgressError('egress_bad_request', message, { sent: false })
