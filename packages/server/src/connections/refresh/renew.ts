import {
  classify,
  isUncertain,
  ProviderError,
  type ProviderErrorFacts,
  type ProviderRequest,
  RequestError,
  refreshRequest,
  requestTokens,
  type TokenSet,
  UrlError,
} from '@grantry/oauth'
import type { Integration } from '../../integrations/store.ts'
import { isRenewable } from '../store.ts'
import type { Engine, RefreshResult, Seen } from './engine.ts'
import { usualBudget } from './gate.ts'
import type { Lease } from './lease.ts'
import { replaySpool } from './replay.ts'
import { backoff, datesOf, type Received } from './schedule.ts'
import { type Attempt, isStale, type Kept, type Materials, type Scene } from './store.ts'

/** What one turn with the lease came to. `again`: look once more after that time. */
export type Turn = RefreshResult | { again: number }

/** A flight that ended without moving the connection: whoever has the lease now will. */
export const overtaken: RefreshResult = {
  ok: false,
  ended: false,
  error: 'refresh_in_progress',
  detail: null,
  retryAfterMs: 1000,
}

const leaseLost = { error: 'lease_lost', description: null }

/** The new pair is safe and will be used as soon as the database is back. */
const spooled: RefreshResult = { ...overtaken, error: 'storage_unavailable' }

/**
 * Spends the refresh token, with the lease held: journal, send, keep what came, then move the connection to it.
 * Each step is committed before the next, so that whoever comes after a crash can see how far it went.
 */
export async function renew(engine: Engine, lease: Lease, seen: Seen): Promise<Turn> {
  const { store } = engine
  const scene = await store.scene(seen)
  if (!scene) return overtaken
  const { connection } = scene
  if (connection.token_version !== seen.token_version || !isRenewable(connection)) return { ok: true }

  // Someone before us received a pair and did not come to use it: it is the live one.
  const received = scene.open.findLast(
    (attempt) => attempt.received_at !== null && !isStale(attempt, connection),
  )
  const integration = await store.integration(connection)
  if (received) return adopt(engine, lease, scene, integration, received)

  // A reader may be here before the background: what waits in our spool comes before the old token.
  if (scene.open.length > 0 && (await replaySpool(engine)) > 0) return { again: 0 }

  const wait = untilConfirmation(engine, scene)
  if (wait > 0) return { again: wait }

  const materials = await store.materials(integration, connection)
  const request = await buildRequest(engine, integration, scene, materials)
  if (request instanceof ProviderError) return fail(engine, scene, integration, null, request.facts)

  const begun = await store.begin(lease, scene, {
    kind: integration.profile.refresh?.by === 'regrant' ? 'regrant' : 'refresh',
    budget: integration.profile.refresh?.budget ?? usualBudget,
    // Once, at once: what the provider takes again, it takes for a short time only.
    lost: scene.open.length === 1 ? scene.open[0]!.sent_at : null,
    settleAt: engine.clock.now() + engine.rules.leaseMs,
  })
  if ('overtaken' in begun) return { again: 0 }
  if ('blocked' in begun)
    return { ok: false, ended: false, error: begun.blocked, detail: null, retryAfterMs: begun.retryAfterMs }
  const { attempt } = begun
  await engine.at('journalled')
  const lookedAt = engine.clock.now()
  const left = await store.remaining(lease)
  if (left < engine.rules.httpMs) {
    await store.close(attempt, {
      outcome: 'transient',
      facts: leaseLost,
      settleAt: null,
    })
    return overtaken
  }
  await engine.at('sending')
  const sendBy = lookedAt + left - engine.rules.httpMs
  const answer = await ask(engine, integration, request, sendBy, (late) =>
    keep(engine, attempt, materials, late),
  )
  await engine.at('answered')
  engine.metrics.attempt({
    provider: integration.provider,
    outcome: answer instanceof ProviderError ? outcomeOf(integration, answer.facts) : 'stored',
    seconds: (engine.clock.now() - attempt.sent_at!) / 1000,
  })
  if (answer instanceof ProviderError)
    return refused(engine, lease, scene, integration, attempt, answer.facts)

  const kept = await keep(engine, attempt, materials, answer.tokens)
  await engine.at('kept')
  if (!kept) return spooled
  await engine.rememberAuthMethod(integration, answer.auth_method)
  const turn = await adopt(engine, lease, scene, integration, { ...attempt, ...kept.tokens })
  if ('ok' in turn && turn.ok)
    await engine.learnLifetime(integration, { connection, request: attempt.id, tokens: answer.tokens })
  return turn
}

async function adopt(
  engine: Engine,
  lease: Lease,
  scene: Scene,
  { profile, provider }: Integration,
  pair: Attempt,
): Promise<Turn> {
  const received: Received = {
    sentAt: pair.sent_at!,
    lifetime: pair.lifetime,
    hasRefreshToken: pair.refresh_token_hash !== null,
    refreshLifetime: pair.refresh_lifetime,
  }
  const { moved, closed } = await engine.store.adopt(
    lease,
    pair,
    [scene.connection, ...scene.siblings].map((connection) => ({
      connection,
      dates: datesOf(engine, profile, received, connection),
    })),
  )
  await engine.at('adopted')
  if (closed) engine.metrics.breaker({ provider, state: 'closed' })
  if (moved.includes(scene.connection.id)) return { ok: true }
  engine.metrics.leaseOutlived(provider)
  // Only the lease has passed on, or the connection has: whoever settles the attempt finds out which.
  await engine.store.postpone(pair, engine.clock.now())
  return { again: 0 }
}

/** Whatever has happened meanwhile, what was received is kept before anything else is decided. Null where that was the spool. */
async function keep(
  engine: Engine,
  attempt: Attempt,
  materials: Materials,
  tokens: TokenSet,
): Promise<Kept | null> {
  const kept = await materials.seal(attempt, tokens)
  return (await engine.keep(kept)) === 'stored' ? kept : null
}

async function buildRequest(
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
async function ask(
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

function outcomeOf({ profile }: Integration, facts: ProviderErrorFacts) {
  if (classify(facts, profile) === 'ended') return 'refused'
  return mayBeLost({ profile }, facts) ? 'uncertain' : 'transient'
}

/** Whether the provider may have replaced tokens although nothing usable came back. */
const mayBeLost = ({ profile }: Pick<Integration, 'profile'>, facts: ProviderErrorFacts) =>
  isUncertain(facts) && (profile.refresh?.rotates !== false || profile.refresh.kills_access_token === true)

async function refused(
  engine: Engine,
  lease: Lease,
  scene: Scene,
  integration: Integration,
  attempt: Attempt,
  facts: ProviderErrorFacts,
): Promise<Turn> {
  if (facts.error === leaseLost.error) {
    await engine.store.close(attempt, { outcome: 'transient', facts: leaseLost, settleAt: null })
    return overtaken
  }
  if (classify(facts, integration.profile) !== 'ended')
    return fail(engine, scene, integration, attempt, facts)
  const { store, clock } = engine
  const { connection, open } = scene
  // Of two pairs that came of one parent the other may be the one that the provider goes by.
  if (await store.revive(connection)) {
    await store.close(attempt, { outcome: 'refused', facts, settleAt: null })
    return { again: 0 }
  }
  // Nobody has had anything of it yet, so that nothing is lost by taking the provider at its word.
  if (connection.status === 'pending') {
    await store.close(attempt, { outcome: 'refused', facts, settleAt: null })
    return {
      ok: false,
      ended: true,
      error: facts.error,
      detail: facts.description,
      retryAfterMs: null,
      facts,
    }
  }
  // The first time it may be about another holder's rotation; asked once more outside that race, it is the provider's word.
  if (connection.refused_at === null) {
    const now = clock.now()
    const wait = untilConfirmation(engine, { ...scene, connection: { ...connection, refused_at: now } })
    await store.fail(
      scene,
      attempt,
      { outcome: 'refused', facts, settleAt: null },
      { facts, retryAt: now + wait, gate: 'answered', retryAfterMs: null, refused: true },
    )
    return { again: wait }
  }
  const lost = open.length > 0 || (await store.contested(scene))
  const reason = lost ? 'lost_response' : 'grant_ended'
  if (!(await store.end(lease, scene, attempt, reason, facts))) return { again: 0 }
  if (reason === 'lost_response') engine.metrics.lost(integration.provider)
  return { ok: false, ended: true, error: facts.error, detail: facts.description, retryAfterMs: null, facts }
}

/** Milliseconds until a provider's "ended" may be asked again: any call that was out when it was said must be over. */
function untilConfirmation({ clock, rules }: Engine, { connection, open }: Scene): number {
  if (connection.refused_at === null) return 0
  const raceOver = Math.max(0, ...open.map(({ sent_at }) => (sent_at ?? 0) + rules.leaseMs))
  return Math.max(connection.refused_at + rules.confirmMs, raceOver) - clock.now()
}

async function fail(
  engine: Engine,
  scene: Scene,
  integration: Integration,
  attempt: Attempt | null,
  facts: ProviderErrorFacts,
): Promise<RefreshResult> {
  const { connection, open } = scene
  const now = engine.clock.now()
  const retryAfterMs = backoff(engine, connection.refresh_failures + 1, facts.retryAfterMs)
  const uncertain = mayBeLost(integration, facts)
  const settleAt = open.length === 0 ? now + engine.rules.uncertainMs : now + retryAfterMs
  const { opened } = await engine.store.fail(
    scene,
    attempt,
    { outcome: uncertain ? 'uncertain' : 'transient', facts, settleAt: uncertain ? settleAt : null },
    {
      facts,
      retryAt: now + retryAfterMs,
      gate: attempt && 'failed',
      retryAfterMs: facts.retryAfterMs,
      refused: false,
    },
  )
  if (opened) engine.metrics.breaker({ provider: integration.provider, state: 'opened' })
  return { ok: false, ended: false, error: facts.error, detail: facts.description, retryAfterMs, facts }
}
