import { apiCredential } from '@grantry/oauth'
import { canRefresh } from '../connections/refresh/schedule.ts'
import { eventOf } from '../connections/store.ts'
import { type TakeNeeds, type Taken, takeToken } from '../connections/take-token.ts'
import type { Context } from '../context.ts'
import { outbound } from '../egress/outbound.ts'
import type { Actor, Principal } from '../http/principal.ts'
import type { Span } from '../tracing/tracing.ts'
import { apiBaseOf } from './api-base.ts'
import { apiUrl, isBelow, pathBelow } from './api-url.ts'
import { callFault } from './call-fault.ts'
import { createMask, type Mask } from './mask.ts'
import { maskedAnswer } from './masked-body.ts'
import { allows, allowsHost, policiesOf, refuseNotAllowed } from './policy.ts'
import { resendableBody } from './resend-body.ts'
import { type Sending, sendCall } from './send.ts'
import { spendBudgets } from './spend-budget.ts'

/** One call of a provider's API with a connection's token. */
export type ProxyCall = {
  principal: Principal
  actor: Actor
  /** UUID. */
  connection: string
  method: string
  /** `/…`, encoded, below the API's base URL; empty for the base URL itself. */
  path: string
  /** Encoded, without `?`. */
  query?: string
  /** What never passes is taken out; `Content-Length` is used where the body is a stream. */
  headers?: Headers
  /** Of a stream no more than a chunk is read ahead. */
  body?: string | Uint8Array | AsyncIterable<Uint8Array> | null
  signal?: AbortSignal
  /** Name of the tool that calls, for the audit log. */
  tool?: string
  /** Limit of the decoded answer. Default: none. */
  maxBytes?: number
  /** Milliseconds for everything, to the last byte of the answer. Default: none, as long as something moves. */
  deadlineMs?: number
}

/** An answer as it came. `asked`: the URL that gave it; `mask` takes the token out of what is passed on. */
export type Answered = { response: Response; mask: Mask; base: URL; asked: URL }

type Needs = TakeNeeds & Pick<Context, 'commitEvent' | 'egress' | 'tracing'>

/** How long nothing may move, in either direction. */
export const silenceMs = 120_000
/** A token that came this short a time ago is not renewed because an API refuses it. */
const freshMs = 10_000
const loggedPath = 1024

/**
 * Calls a provider's API with a connection's token. The answer is the provider's, decoded, its body unread; whoever
 * does not read it to its end cancels it. The call is in the audit log before it is sent. A refused token is renewed
 * once, and the call sent once more.
 * @throws ApiError not_found, connection_needs_reauth, connection_not_ready, api_base_url_missing, invalid_request,
 * malformed_request,
 * proxy_not_allowed, rate_limited, provider_failed, provider_unavailable, provider_timeout, url_refused, storage_unavailable
 */
export async function callProvider(ctx: Needs, call: ProxyCall): Promise<Response> {
  const { response, mask } = await callApi(ctx, call)
  return maskedAnswer(response, mask)
}

/** The same, with the token perhaps still in the answer, and what one needs to know to pass it on. */
export function callApi(ctx: Needs, call: ProxyCall): Promise<Answered> {
  return ctx.tracing.span('proxy call', {}, (span) => callNow(ctx, call, span))
}

async function callNow(ctx: Needs, call: ProxyCall, span: Span): Promise<Answered> {
  const { principal, actor, method, path, body: given = null } = call
  const taken = await takeToken(ctx, { principal, id: call.connection })
  span.set({ 'grantry.provider': taken.integration.provider ?? 'generic', 'http.request.method': method })
  const base = apiBaseOf(taken)
  const url = apiUrl(base, path, call.query ?? '')
  const policies = policiesOf(taken)
  refuseNotAllowed(policies, method, path, url)
  await spendBudgets(ctx, policies, taken.connection)
  await ctx.commitEvent({
    ...eventOf(taken.connection),
    type: 'proxy.called',
    actor,
    data: { method, path: path.slice(0, loggedPath), ...(call.tool && { tool: call.tool }) },
  })
  const body = given === null ? null : resendableBody(given)
  const streamed = given !== null && typeof given !== 'string' && !ArrayBuffer.isView(given)
  const begun = performance.now()
  const sending: Sending = {
    fetch: outbound(ctx, principal.workspace) as Sending['fetch'],
    method,
    url,
    headers: call.headers ?? new Headers(),
    body,
    contentLength: streamed ? (call.headers?.get('content-length') ?? null) : null,
    limits: { idleMs: silenceMs, maxBytes: call.maxBytes ?? Number.POSITIVE_INFINITY },
    timeLeft: () => (call.deadlineMs ?? Number.POSITIVE_INFINITY) - (performance.now() - begun),
    signal: call.signal,
    mayFollow: (to, ours) =>
      policies.every(
        ({ policy }) =>
          allowsHost(policy, to) &&
          (!ours ||
            policy.allow === undefined ||
            (isBelow(base, to) && allows(policy, method, pathBelow(base, to)))),
      ),
  }
  try {
    return { ...(await sendRenewing(ctx, call, sending, taken)), base }
  } catch (error) {
    body?.close()
    throw callFault(error)
  }
}

async function sendRenewing(ctx: Needs, call: ProxyCall, sending: Sending, taken: Taken) {
  const { response, asked } = await sendCall(ctx, sending, credentialOf(taken))
  const renewable = response.status === 401 && sending.body?.canReopen() !== false && !call.signal?.aborted
  const renewed = renewable
    ? await renewToken(ctx, call, taken).catch(async (error: unknown) => {
        await response.body?.cancel()
        throw error
      })
    : null
  if (renewed === null) return { asked, response, mask: createMask(taken.accessToken) }
  await response.body?.cancel()
  const again = await sendCall(ctx, sending, credentialOf(renewed))
  return { ...again, mask: createMask(renewed.accessToken) }
}

/** The connection with another token than the one that was refused; null where there is none to be had. */
async function renewToken(ctx: Needs, { principal }: ProxyCall, taken: Taken): Promise<Taken | null> {
  const { connection, integration } = taken
  if (!canRefresh(integration.profile, connection.refresh_token_hash !== null)) return null
  const { last_refresh_at, last_refresh_ok } = connection
  // APIs say 401 of more than tokens: what a new token did not help, the next one will not either.
  if (last_refresh_ok === 1 && ctx.clock.now() - (last_refresh_at ?? 0) < freshMs) return null
  await ctx.refresh(connection)
  const now = await takeToken(ctx, { principal, id: connection.id })
  return now.connection.token_version === connection.token_version ? null : now
}

function credentialOf({ connection, integration, accessToken }: Taken) {
  return apiCredential({
    profile: integration.profile,
    params: integration.params,
    metadata: JSON.parse(connection.metadata),
    access_token: accessToken,
  })
}
