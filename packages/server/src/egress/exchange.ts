import { type Dispatcher, errors } from 'undici'
import { type Body, openBody } from './body.ts'
import { ConnectError } from './connect.ts'
import { listEncodings } from './decode.ts'
import { EgressError, type EgressErrorCode } from './error.ts'
import type { Outgoing } from './outgoing.ts'
import type { Target } from './target.ts'

export type ExchangeOptions = {
  dispatcher: Dispatcher
  target: Target
  outgoing: Outgoing
  /** Of decoded body, and of body as sent. */
  maxBytes: number
  /** Aborts with an EgressError, before or during the answer. */
  signal: AbortSignal
  /** Bytes have moved. */
  onProgress?: () => void
}

/** `ended` resolves when nothing more will come, by the answer's end, a failure or a reader that had enough. */
export type Exchanged = { response: Response; ended: Promise<void> }

const MAX_HEADERS = 256
const MAX_INTERIM_ANSWERS = 16
const NULL_BODY = new Set([204, 205, 304])

const MESSAGES: Record<EgressErrorCode, string> = {
  egress_bad_url: 'The URL cannot be called.',
  egress_bad_request: 'The request cannot be sent.',
  egress_refused_address: 'The host is not one that may be called from here.',
  egress_unresolvable: 'The host could not be resolved.',
  egress_unreachable: 'The host could not be reached.',
  egress_tls: 'No secure connection to the host could be made.',
  egress_timeout: 'The host did not answer in time.',
  egress_too_large: 'The host answered more than is accepted.',
  egress_cut: 'The host closed the connection before its answer was complete.',
  egress_bad_answer: 'The host did not answer in HTTP.',
  egress_bad_encoding: 'The host answered in a content encoding that cannot be read.',
  egress_aborted: 'The call was abandoned.',
  egress_closed: 'Outbound calls have ended.',
}

/**
 * One request and its answer over a dispatcher whose sockets are already pinned. Resolves when the answer's headers
 * are complete; what goes wrong later, the body's reader gets, as an EgressError too. Nothing is sent twice.
 */
export function exchange({
  dispatcher,
  target,
  outgoing,
  maxBytes,
  signal,
  onProgress = () => {},
}: ExchangeOptions): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    let head: { status: number; headers: Headers } | undefined
    let body: Body | undefined
    let pending: Buffer[] = []
    let received = 0
    let interim = 0
    let complete = false
    let failure: EgressError | undefined
    let scheduled = false
    let delivered = false
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()

    const fail = (code: EgressErrorCode, cause?: unknown) => {
      if (failure) return
      const sent = controller !== undefined
      failure = new EgressError(code, MESSAGES[code], { sent, cause })
      controller?.abort(failure)
      pending = []
      if (!head) reject(failure)
      body?.fail(failure)
      end()
    }

    /**
     * Runs after the parser is through with what one read of the socket gave: an answer that came at once needs no
     * stream, and a body cut into a million one-byte chunks does not become a million objects.
     */
    const flush = () => {
      scheduled = false
      if (!head || (failure && delivered)) return
      const encodings = listEncodings(head.headers.get('content-encoding'))
      const bodiless = outgoing.method === 'HEAD' || NULL_BODY.has(head.status)
      if (!delivered) {
        delivered = true
        const init = { status: head.status, headers: head.headers }
        if (!failure && (bodiless || (complete && encodings.length === 0))) {
          resolve({ response: new Response(bodiless ? null : joined(pending), init), ended })
          if (complete) end()
          return
        }
        if (encodings.length > 0) {
          head.headers.delete('content-encoding')
          head.headers.delete('content-length')
        }
        body = openBody({
          encodings,
          maxBytes,
          source: { pause: () => controller?.pause(), resume: () => controller?.resume() },
          onFail: fail,
          onEnd: end,
          onCancel: () => fail('egress_aborted'),
        })
        resolve({ response: new Response(bodiless ? null : body.stream, init), ended })
        if (failure) return body.fail(failure)
      }
      if (pending.length > 0) {
        const chunk = joined(pending)
        pending = []
        body?.write(chunk)
      }
      if (complete) {
        if (body) body.end()
        else end()
      }
    }
    const schedule = () => {
      if (scheduled) return
      scheduled = true
      queueMicrotask(flush)
    }

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(given) {
        // A second start would be a request sent again, which is ours to decide and never the dispatcher's.
        const again = controller !== undefined
        if (!failure && !again) controller = given
        else given.abort(failure ?? new Error('a request is sent once'))
        if (again) fail('egress_cut')
      },
      onResponseStart(given, status) {
        if (status < 200) {
          if (++interim > MAX_INTERIM_ANSWERS) fail('egress_bad_answer')
          return
        }
        const headers = readHeaders(given.rawHeaders)
        if (headers === 'too many') return fail('egress_too_large')
        if (headers === 'malformed' || status > 599) return fail('egress_bad_answer')
        onProgress()
        head = { status, headers }
        schedule()
      },
      onResponseData(_, chunk) {
        onProgress()
        received += chunk.length
        if (received > maxBytes) return fail('egress_too_large')
        pending.push(chunk)
        schedule()
      },
      onResponseEnd() {
        complete = true
        schedule()
      },
      onResponseError(_, error) {
        if (error instanceof ConnectError) fail(CONNECT_CODES[error.phase], error)
        else if (error instanceof errors.HTTPParserError) {
          // Its `data` holds what the peer sent, which may be a token; the cause goes to logs, so only the words go on.
          fail(/EOF/.test(error.message) ? 'egress_cut' : 'egress_bad_answer', new Error(error.message))
        } else fail(classify(error), error)
      },
    }

    const cut = () => {
      const reason = signal.reason as EgressError
      fail(reason.code, reason.cause)
    }
    if (signal.aborted) return cut()
    signal.addEventListener('abort', cut, { once: true })
    void ended.then(() => signal.removeEventListener('abort', cut))
    dispatcher.dispatch(
      {
        path: target.path,
        method: outgoing.method as Dispatcher.HttpMethod,
        headers: Object.fromEntries(outgoing.headers),
        body: watched(outgoing.body, onProgress) as Buffer | null,
      },
      handler,
    )
  })
}

/** A body that tells of each chunk that is taken; what is there at once goes at once. */
function watched(body: Outgoing['body'], onProgress: () => void): Outgoing['body'] {
  if (body === null || Buffer.isBuffer(body)) return body
  return (async function* () {
    for await (const chunk of body) {
      onProgress()
      yield chunk
    }
  })()
}

const CONNECT_CODES = { tcp: 'egress_unreachable', tls: 'egress_tls', deadline: 'egress_timeout' } as const

function classify(error: Error & { code?: string }): EgressErrorCode {
  const code = error.code ?? ''
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'egress_too_large'
  if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED') return 'egress_closed'
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') return 'egress_bad_request'
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') return 'egress_bad_request'
  return 'egress_cut'
}

/** Header values are bytes (RFC 9110 §5.5); Latin-1 keeps each as it came, as fetch does. */
function readHeaders(raw: Dispatcher.DispatchController['rawHeaders']): Headers | 'too many' | 'malformed' {
  const list = Array.isArray(raw) ? raw : []
  if (list.length > 2 * MAX_HEADERS) return 'too many'
  const headers = new Headers()
  try {
    for (let i = 0; i + 1 < list.length; i += 2) headers.append(latin1(list[i]!), latin1(list[i + 1]!))
  } catch {
    return 'malformed'
  }
  return headers
}

const latin1 = (part: Buffer | string) => (typeof part === 'string' ? part : part.toString('latin1'))

const joined = (chunks: Buffer[]): Buffer<ArrayBuffer> =>
  (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)) as Buffer<ArrayBuffer>
