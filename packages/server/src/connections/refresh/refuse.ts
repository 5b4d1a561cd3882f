import { classify, isUncertain, type ProviderErrorFacts } from '@grantry/oauth'
import type { Integration } from '../../integrations/store.ts'
import type { Engine, RefreshResult } from './engine.ts'
import type { Lease } from './lease.ts'
import { backoff } from './schedule.ts'
import type { Attempt, Scene } from './store.ts'
import { leaseLost, type Turn } from './turn.ts'

/** What an answer without tokens is counted as. */
export function outcomeOf({ profile }: Integration, facts: ProviderErrorFacts) {
  if (classify(facts, profile) === 'ended') return 'refused'
  return mayBeLost({ profile }, facts) ? 'uncertain' : 'transient'
}

/** Whether the provider may have replaced tokens although nothing usable came back. */
const mayBeLost = ({ profile }: Pick<Integration, 'profile'>, facts: ProviderErrorFacts) =>
  isUncertain(facts) && (profile.refresh?.rotates !== false || profile.refresh.kills_access_token === true)

/** What follows from an answer without tokens: an end that is asked for once more, an end, or another try later. */
export async function refused(
  engine: Engine,
  lease: Lease,
  scene: Scene,
  integration: Integration,
  attempt: Attempt,
  facts: ProviderErrorFacts,
): Promise<Turn> {
  if (facts.error === leaseLost.error) {
    await engine.store.close(attempt, { outcome: 'transient', facts: leaseLost, settleAt: null })
    return { again: 0 }
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
  // Out of a backup, and replaced since: asked again, the provider would only see a replaced token once more.
  const restored = mayBeReplaced(integration, scene)
  // The first time it may be about another holder's rotation; asked once more outside that race, it is the provider's word.
  if (connection.refused_at === null && !restored) {
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
  const lost = !restored && (open.length > 0 || (await store.contested(scene)))
  const reason = restored ? 'restored' : lost ? 'lost_response' : 'grant_ended'
  if (!(await store.end(lease, scene, attempt, reason, facts))) return { again: 0 }
  if (reason === 'lost_response') engine.metrics.lost(integration.provider)
  return { ok: false, ended: true, error: facts.error, detail: facts.description, retryAfterMs: null, facts }
}

/** Whether the token that was refused is one that a backup brought back and that the provider may have replaced after it. */
const mayBeReplaced = ({ profile }: Integration, { connection, restored }: Scene) =>
  restored && connection.refresh_token_hash !== null && profile.refresh?.rotates !== false

/** Milliseconds until a provider's "ended" may be asked again: any call that was out when it was said must be over. */
export function untilConfirmation({ clock, rules }: Engine, { connection, open }: Scene): number {
  if (connection.refused_at === null) return 0
  const raceOver = Math.max(0, ...open.map(({ sent_at }) => (sent_at ?? 0) + rules.leaseMs))
  return Math.max(connection.refused_at + rules.confirmMs, raceOver) - clock.now()
}

/** Nothing final was said: the connection stays as it is, and is tried again. */
export async function fail(
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
