import { ProviderError, type TokenSet } from '@grantry/oauth'
import type { Integration } from '../../integrations/store.ts'
import type { Span } from '../../tracing/tracing.ts'
import { isRenewable } from '../store.ts'
import { ask, buildRequest } from './ask.ts'
import type { Engine, Seen } from './engine.ts'
import { usualBudget } from './gate.ts'
import type { Lease } from './lease.ts'
import { fail, outcomeOf, refused, untilConfirmation } from './refuse.ts'
import { replaySpool } from './replay.ts'
import { movesOf } from './schedule.ts'
import { type Attempt, isStale, type Kept, type Materials, type Scene } from './store.ts'
import { leaseLost, overtaken, spooled, type Turn } from './turn.ts'

/**
 * Spends the refresh token, with the lease held: journal, send, keep what came, then move the connection to it.
 * Each step is committed before the next, so that whoever comes after a crash can see how far it went.
 */
export function renew(engine: Engine, lease: Lease, seen: Seen): Promise<Turn> {
  return engine.span('refresh', {}, (span) => renewNow(engine, lease, seen, span))
}

async function renewNow(engine: Engine, lease: Lease, seen: Seen, span: Span): Promise<Turn> {
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
  span.set({ 'grantry.provider': integration.provider ?? 'generic' })
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
    return { again: 0 }
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
  if (answer instanceof ProviderError) {
    span.fail(outcomeOf(integration, answer.facts))
    return refused(engine, lease, scene, integration, attempt, answer.facts)
  }

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
  const moves = movesOf(engine, profile, scene, pair)
  const { moved, closed } = await engine.store.adopt(lease, pair, moves)
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
