/**
 * The one way out for every call that a tenant can influence: token endpoints, discovery, account lookups, webhooks,
 * the proxy. It looks like fetch and differs where a tenant, or the host that a tenant names, could do harm.
 *
 * Where a call may go. https only. The host is resolved once, each of its addresses is judged, and one that is not
 * public refuses the call; the socket goes to the judged addresses and the name is not resolved again, so a name that
 * changes its mind (DNS rebinding) gains nothing. The operator opens exceptions with `GRANTRY_EGRESS_ALLOW`
 * (`host:port`, or `WORKSPACE@host:port`); only those may be plain http, and only on loopback. Cloud metadata services
 * are out of reach whatever the rules say.
 *
 * What comes back. A standard Response, already decoded. Redirects are answers, not followed, unless `maxRedirects`
 * says so, and then for GET and HEAD only; each hop is judged like the first, and credentials stay behind when the
 * origin changes. Headers, body size (decoded) and time have limits that go on holding while the body is read.
 *
 * What goes out. No cookies, no referrer, no fragment, nothing that tells of our traces; a request is written at most once.
 *
 * Every failure is an `EgressError` with a code; `sent` is false only where nothing can have reached the peer. The
 * promise rejects until the headers are complete, the body's reader after.
 *
 * On the way of a call: `prepareRequest` → `parseTarget` → `judge` → `pools` (`connect` pins) → `exchange` → `body`.
 */
import pkg from '../../package.json' with { type: 'json' }
import { noTracing, type Span, type Tracing } from '../tracing/tracing.ts'
import type { EgressRule } from './allow.ts'
import { startDeadline, untilCut } from './deadline.ts'
import { EgressError } from './error.ts'
import { exchange } from './exchange.ts'
import { judge } from './judge.ts'
import { type OutgoingBody, prepareRequest } from './outgoing.ts'
import { createPools } from './pools.ts'
import { followRedirect } from './redirect.ts'
import { type Lookup, rememberLookups, systemLookup } from './resolve.ts'
import { parseTarget } from './target.ts'

export type { EgressRule } from './allow.ts'

export type EgressInit = Pick<RequestInit, 'method' | 'headers'> & {
  /** Of a stream no more than a chunk is read ahead. Whoever gives one ends it when the call ends. */
  body?: OutgoingBody
  signal?: AbortSignal | null
  /** Milliseconds for everything, from resolving to the body's last byte; default 10 000. */
  deadlineMs?: number
  /** When given, `deadlineMs` ends with the headers, and the body has this long; Infinity for a stream. */
  bodyDeadlineMs?: number
  /** Milliseconds in which nothing may move, in either direction, before the call is given up; default Infinity. */
  idleMs?: number
  /** Limit of the decoded body; default 1 MiB; Infinity for a stream. */
  maxBytes?: number
  /** Hops to follow for GET and HEAD; default 0. A redirect beyond is returned as the answer. */
  maxRedirects?: number
  /** Headers, besides Authorization, that do not follow a redirect to another origin. */
  sensitiveHeaders?: string[]
}

export type EgressOptions = {
  allow: readonly EgressRule[]
  lookup?: Lookup
  /** How long a host's addresses are remembered; default 5 000. */
  lookupTtlMs?: number
  /** Milliseconds of a monotonic clock; default `performance.now`. */
  now?: () => number
  /** Certificate authorities instead of the system's, PEM. */
  ca?: string | string[]
  /** Of one workspace; default 64. */
  socketsPerOrigin?: number
  userAgent?: string
  /** Where a span of each call goes; default: nowhere. */
  tracing?: Pick<Tracing, 'span'>
}

export type BoundFetch = (url: string, init?: EgressInit) => Promise<Response>

export type Egress = {
  /**
   * Calls a URL for a workspace.
   *
   * @throws EgressError
   * @see the head of this file for what it does not do
   */
  fetch(workspace: string, url: string, init?: EgressInit): Promise<Response>
  /** The same for one workspace, for code that is handed a fetch. */
  forWorkspace(workspace: string): BoundFetch
  /**
   * Whether this workspace may call the URL now, without calling it: for validation on save. Every later call is
   * judged again.
   *
   * @throws EgressError `egress_bad_url`, `egress_refused_address`, `egress_unresolvable`, `egress_timeout`
   */
  check(workspace: string, url: string): Promise<void>
  /** Refuses new calls, lets running ones finish for at most `graceMs` (default 10 000), then ends them. */
  close(graceMs?: number): Promise<void>
}

const DEADLINE_MS = 10_000
const MAX_BYTES = 1_048_576
const MAX_HEADER_BYTES = 65_536
const LOOKUP_TTL_MS = 5_000

/**
 * @example
 * const egress = createEgress({ allow: parseEgressAllow('localhost:9000') })
 * const response = await egress.fetch('ws_…', 'https://provider.example/token', { method: 'POST', body })
 */
export function createEgress(options: EgressOptions): Egress {
  const now = options.now ?? (() => performance.now())
  const context = {
    allow: options.allow,
    lookup: rememberLookups(options.lookup ?? systemLookup, options.lookupTtlMs ?? LOOKUP_TTL_MS, now),
  }
  const userAgent = options.userAgent ?? `Grantry/${pkg.version}`
  const pools = createPools({
    ca: options.ca,
    connectMs: DEADLINE_MS,
    socketsPerOrigin: options.socketsPerOrigin ?? 64,
    maxPools: 2048,
    maxHeaderBytes: MAX_HEADER_BYTES,
  })
  let closed = false

  const { span } = options.tracing ?? noTracing

  const fetch: Egress['fetch'] = (workspace, url, init = {}) =>
    span('egress', { kind: 'client' }, (told) => call(workspace, url, init, told))

  async function call(workspace: string, url: string, init: EgressInit, told: Span): Promise<Response> {
    if (closed) throw new EgressError('egress_closed', 'Outbound calls have ended.', { sent: false })
    const deadline = startDeadline(init.deadlineMs ?? DEADLINE_MS, init.signal, init.idleMs)
    const { signal, touch } = deadline
    let sent = false
    try {
      let outgoing = prepareRequest(init, userAgent)
      let target = parseTarget(url)
      told.set({
        'http.request.method': outgoing.method,
        'server.address': target.host,
        'server.port': target.port,
      })
      for (let hopsLeft = init.maxRedirects ?? 0; ; hopsLeft--) {
        const verdict = await untilCut(judge(context, workspace, target), signal)
        const { response, ended } = await exchange({
          dispatcher: pools.get(workspace, verdict),
          target,
          outgoing,
          maxBytes: init.maxBytes ?? MAX_BYTES,
          signal,
          onProgress: touch,
        })
        sent = true
        told.set({ 'http.response.status_code': response.status })
        const next = hopsLeft > 0 ? followRedirect(response, target, outgoing, init.sensitiveHeaders) : null
        if (!next) {
          if (init.bodyDeadlineMs !== undefined) deadline.restart(init.bodyDeadlineMs)
          void ended.then(deadline.clear)
          return response
        }
        await response.body?.cancel()
        outgoing = next.outgoing
        target = parseTarget(next.url)
      }
    } catch (error) {
      deadline.clear()
      throw sent ? afterSending(error) : error
    }
  }

  return {
    fetch,
    forWorkspace: (workspace) => (url, init) => fetch(workspace, url, init),
    async check(workspace, url) {
      const deadline = startDeadline(DEADLINE_MS, null)
      try {
        await untilCut(judge(context, workspace, parseTarget(url)), deadline.signal)
      } finally {
        deadline.clear()
      }
    },
    async close(graceMs = DEADLINE_MS) {
      closed = true
      await pools.close(graceMs)
    },
  }
}

/** A later hop failed, but the first one has been sent. */
function afterSending(error: unknown): unknown {
  if (!(error instanceof EgressError) || error.sent) return error
  return new EgressError(error.code, error.message, { sent: true, cause: error.cause })
}
