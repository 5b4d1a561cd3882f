import {
  ProviderError,
  type ProviderRequest,
  RequestError,
  refreshRequest,
  requestTokens,
  type TokenSet,
  UrlError,
} from '@grantry/oauth'
import type { Integration } from '../../integrations/store.ts'
import type { Engine } from './engine.ts'
import type { Materials, Scene } from './store.ts'
import { leaseLost } from './turn.ts'

/** The request that spends the refresh token, or why there is none. */
export async function buildRequest(
  engine: Engine,
  integration: Integration,
  { connection }: Scene,
  { client, access, refresh }: Materials,
): Promise<ProviderRequest | ProviderError> {
  try {
    return await refreshRequest({
      profile: integration.profile,
      client,
      params: integration.params,
      metadata: JSON.parse(connection.metadata) as Record<string, string>,
      now: engine.clock.now(),
      scopes: JSON.parse(connection.scopes_requested) as string[],
      refresh_token: refresh,
      access_token: access,
      redirect_uri: integration.redirectUri,
    })
  } catch (error) {
    if (!(error instanceof RequestError) && !(error instanceof UrlError)) throw error
    const facts = { kind: 'refused', status: null, retryAfterMs: null, sent: false } as const
    return new ProviderError({ ...facts, error: error.code, description: error.message }, { cause: error })
  }
}

type Answer = Awaited<ReturnType<typeof requestTokens>> | ProviderError

/**
 * Sends the request and waits as long as the lease allows. An answer that comes later is not thrown away: if it is a
 * pair, it may be the live one.
 */
export async function ask(
  { fetch, clock, rules, log }: Engine,
  integration: Integration,
  request: ProviderRequest,
  sendBy: number,
  keepLate: (tokens: TokenSet) => Promise<unknown>,
): Promise<Answer> {
  const send = fetch(integration.workspace)
  // The process may have been stopped since it looked at its lease, or this is the second way of authenticating.
  const timely: typeof send = (url, init) => {
    if (clock.now() > sendBy)
      throw Object.assign(new Error('too little is left of the lease'), {
        code: leaseLost.error,
        sent: false,
      })
    return send(url, init)
  }
  let late = false
  const answer: Promise<Answer> = requestTokens(timely, integration.profile, request, {
    now: clock.now,
  }).catch((error: unknown) => {
    if (error instanceof ProviderError) return error
    throw error
  })
  answer
    .then((result) => (late && !(result instanceof ProviderError) ? keepLate(result.tokens) : undefined))
    .catch((error: unknown) => log.error({ err: error }, 'a late answer could not be kept'))

  const over = new AbortController()
  try {
    return await Promise.race([
      answer,
      clock.sleep(rules.httpMs, over.signal).then(() => {
        late = true
        return unanswered()
      }),
    ])
  } finally {
    over.abort('over')
  }
}

const unanswered = () =>
  new ProviderError({
    kind: 'transport',
    error: 'egress_timeout',
    description: null,
    status: null,
    retryAfterMs: null,
    sent: true,
  })
