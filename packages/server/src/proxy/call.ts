import { apiCredential } from '@grantry/oauth'
import { eventOf } from '../connections/store.ts'
import { type TakeNeeds, takeToken } from '../connections/take-token.ts'
import type { Context } from '../context.ts'
import { outbound } from '../egress/outbound.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { apiBaseOf } from './api-base.ts'
import { apiUrl } from './api-url.ts'
import { callFault } from './call-fault.ts'

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
  headers?: Headers
  body?: string | Uint8Array | ReadableStream<Uint8Array> | null
  signal?: AbortSignal
  /** Name of the tool that calls, for the audit log. */
  tool?: string
  /** Limit of the decoded answer. Default: none. */
  maxBytes?: number
  /** Milliseconds for everything. Default: see `docs/proxy.md`. */
  deadlineMs?: number
}

type Needs = TakeNeeds & Pick<Context, 'commitEvent' | 'egress'>

/**
 * Calls a provider's API with a connection's token. The answer is the provider's, decoded, its body unread. The call is
 * in the audit log before it is sent.
 * @throws ApiError not_found, connection_needs_reauth, connection_not_ready, provider_unavailable, provider_timeout
 */
export async function callProvider(ctx: Needs, call: ProxyCall): Promise<Response> {
  const { principal, actor, method, path, query = '' } = call
  const taken = await takeToken(ctx, { principal, id: call.connection })
  const { connection, integration } = taken
  const url = apiUrl(apiBaseOf(taken), path, query)
  const credential = apiCredential({
    profile: integration.profile,
    params: integration.params,
    metadata: JSON.parse(connection.metadata),
    access_token: taken.accessToken,
  })
  if (credential.query) url.searchParams.set(credential.query.name, credential.query.value)
  await ctx.commitEvent({
    ...eventOf(connection),
    type: 'proxy.called',
    actor,
    data: { method, path, ...(call.tool && { tool: call.tool }) },
  })
  const headers = new Headers({
    ...credential.defaults,
    ...Object.fromEntries(call.headers ?? []),
    ...credential.headers,
  })
  try {
    return await outbound(ctx, principal.workspace)(url.href, {
      method,
      headers,
      body: call.body ?? null,
      deadlineMs: call.deadlineMs ?? 30_000,
      maxBytes: call.maxBytes ?? Number.POSITIVE_INFINITY,
      ...(call.signal && { signal: call.signal }),
    } as never)
  } catch (error) {
    throw callFault(error)
  }
}
