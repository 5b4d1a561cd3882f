import { type ApiCredential, readRetryAfter } from '@grantry/oauth'
import { draw } from '../connections/refresh/schedule.ts'
import type { Context } from '../context.ts'
import type { BoundFetch, EgressInit } from '../egress/egress.ts'
import { EgressError } from '../egress/error.ts'
import { impersonalHeaders, requestHeaders } from './request-headers.ts'
import type { ResendableBody } from './resend-body.ts'

export type Sending = {
  fetch: BoundFetch
  method: string
  /** Without the credential. */
  url: URL
  headers: Headers
  body: ResendableBody | null
  /** The caller's length of a streamed body. */
  contentLength: string | null
  limits: Pick<EgressInit, 'idleMs' | 'maxBytes'>
  /** Milliseconds that are left for everything; Infinity for no limit. */
  timeLeft(): number
  signal: AbortSignal | undefined
  /** Whether a call may be led to this address. `ours`: it is of the API's origin, and the credential goes along. */
  mayFollow(to: URL, ours: boolean): boolean
}

/** RFC 9110 §9.2.2, RFC 10008: done twice they are as done once. */
const idempotent = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'QUERY'])
const passing = new Set([429, 502, 503, 504])
const attempts = 3
/** The time, waits included, after which nothing is tried again. */
const patienceMs = 10_000
const maxRedirects = 3

/**
 * Sends a call, and an idempotent one again where the provider is busy or was not reached: at most three times, after
 * as long as it asks for, as long as that is not long.
 * @throws EgressError
 */
export async function sendCall(
  ctx: Pick<Context, 'clock' | 'random'>,
  sending: Sending,
  credential: ApiCredential,
): Promise<{ response: Response; asked: URL }> {
  const begun = ctx.clock.now()
  for (let attempt = 1; ; attempt++) {
    const outcome = await sendOnce(sending, credential).then(
      (answered) => ({ answered }),
      (error: unknown) => ({ error }),
    )
    const wait = attempt < attempts ? retryAfter(ctx, sending, outcome, attempt) : null
    const longest = Math.min(patienceMs - (ctx.clock.now() - begun), sending.timeLeft())
    if (wait === null || wait > longest) {
      if ('error' in outcome) throw outcome.error
      return outcome.answered
    }
    if ('answered' in outcome) await outcome.answered.response.body?.cancel()
    await ctx.clock.sleep(wait, sending.signal)
  }
}

type Outcome = { answered: { response: Response } } | { error: unknown }

/** Milliseconds to wait before the call is sent again; null where it is not. */
function retryAfter(
  ctx: Pick<Context, 'clock' | 'random'>,
  { method, body, signal }: Sending,
  outcome: Outcome,
  attempt: number,
): number | null {
  if (signal?.aborted || body?.canReopen() === false) return null
  const backoff = 250 * 2 ** (attempt - 1) * (1 + draw(ctx))
  if ('error' in outcome) {
    const { error } = outcome
    const reached = !(error instanceof EgressError) || error.sent || error.code !== 'egress_unreachable'
    const again =
      !reached || (error instanceof EgressError && error.code === 'egress_cut' && idempotent.has(method))
    return again ? backoff : null
  }
  const { status, headers } = outcome.answered.response
  if (!idempotent.has(method) || !passing.has(status)) return null
  return readRetryAfter(headers.get('retry-after'), ctx.clock.now()) ?? backoff
}

/** One call with the redirects that a GET or HEAD is led through. To another origin nothing goes that tells whose call it is. */
async function sendOnce(
  { fetch, method, url, headers, body, contentLength, limits, timeLeft, signal, mayFollow }: Sending,
  credential: ApiCredential,
): Promise<{ response: Response; asked: URL }> {
  const follows = method === 'GET' || method === 'HEAD'
  let next = withCredential(url, credential)
  let sent = requestHeaders(headers, credential)
  let ours = true
  if (contentLength !== null) sent.set('content-length', contentLength)
  for (let hops = 0; ; hops++) {
    const response = await fetch(next.href, {
      method,
      headers: sent,
      body: body?.open() ?? null,
      deadlineMs: timeLeft(),
      ...limits,
      ...(signal && { signal }),
    })
    const to = follows && hops < maxRedirects ? redirectOf(response, next) : null
    if (to === null) return { response, asked: next }
    if (!mayFollow(to, ours && to.origin === url.origin)) return { response, asked: next }
    await response.body?.cancel()
    ours &&= to.origin === url.origin
    next = ours ? withCredential(to, credential) : withoutCredential(to, credential)
    // Once among strangers, the credential does not come back.
    if (!ours) sent = impersonalHeaders(sent)
  }
}

const redirects = new Set([301, 302, 303, 307, 308])

function redirectOf({ status, headers }: Response, from: URL): URL | null {
  const location = headers.get('location')
  if (!redirects.has(status) || location === null || !URL.canParse(location, from.href)) return null
  const to = new URL(location, from)
  to.hash = ''
  return to
}

function withCredential(url: URL, credential: ApiCredential): URL {
  if (credential.query === null) return url
  const { name, value } = credential.query
  const next = withoutCredential(url, credential)
  const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
  next.search = next.search === '' ? pair : `${next.search}&${pair}`
  return next
}

/** The rest of a query stays as it was written. */
function withoutCredential(url: URL, { query }: ApiCredential): URL {
  if (query === null) return url
  const next = new URL(url)
  const pairs = next.search.slice(1).split('&')
  next.search = pairs.filter((pair) => pair !== '' && nameOf(pair) !== query.name).join('&')
  return next
}

const nameOf = (pair: string) => [...new URLSearchParams(pair).keys()][0] ?? ''
