import type { Connection } from '../store.ts'
import type { Engine, Refresh } from './engine.ts'
import { probeEveryMs } from './gate.ts'
import { replaySpool } from './replay.ts'
import { draw } from './schedule.ts'
import { settle } from './settle.ts'
import type { Shut } from './store.ts'

/** One look at what is due: starts it, and resolves when something may be due again. Loop over it. */
export type Sweep = (signal: AbortSignal) => Promise<void>

const everyMs = 1000
const atOnce = 64
const replaying = 'pairs in the spool could not be replayed'
const looking = 'the sweep could not look for what is due'

/**
 * The background of one process: pairs that wait in the spool, then attempts that nobody has finished, then connections
 * whose tokens are due. Each row is claimed, so that processes share the work.
 */
export function createSweep(engine: Engine, refresh: Refresh): Sweep {
  const running = new Set<Promise<void>>()
  const start = (work: Promise<unknown>) => {
    const one: Promise<void> = work
      .then(
        () => {},
        (error: unknown) => engine.log.error({ err: error }, 'background refresh failed'),
      )
      .finally(() => running.delete(one))
    running.add(one)
  }

  return async (signal) => {
    let busy = false
    try {
      await replaySpool(engine).then(
        () => engine.faults.worked(replaying),
        (error: unknown) => engine.faults.failed(replaying, error),
      )
      const free = Math.max(0, atOnce - running.size)
      const { attempts, connections, shut } = await engine.store.claim(free)
      for (const attempt of attempts) start(settle(engine, refresh, attempt))
      const open = await putOff(engine, connections, shut)
      for (const connection of open) start(due(engine, refresh, connection))
      busy = open.length + attempts.length >= free
      engine.faults.worked(looking)
    } catch (error) {
      engine.faults.failed(looking, error)
    }
    if (signal.aborted) {
      await Promise.all(running)
      return
    }
    // With its hands full it goes on as soon as one is free.
    if (busy && running.size > 0) await Promise.race(running)
    else await engine.clock.sleep(everyMs * (0.8 + 0.4 * draw(engine)), signal)
    if (signal.aborted) await Promise.all(running)
  }
}

async function due(engine: Engine, refresh: Refresh, connection: Connection): Promise<void> {
  const now = engine.clock.now()
  if (connection.refresh_failures === 0)
    engine.metrics.lag({
      provider: connection.provider,
      seconds: Math.max(0, now - (connection.refresh_at ?? now)) / 1000,
    })
  const result = await refresh(connection)
  if (result.ok || (result.error !== 'breaker_open' && result.error !== 'over_budget')) return
  const until = now + (result.retryAfterMs ?? 1000) * (1 + draw(engine))
  await engine.store.defer([{ connection, until: Math.ceil(until) }])
}

/**
 * Connections whose provider config is shut wait without being tried, the longer the more of them there are; one is let
 * through where a probe is due.
 */
async function putOff(engine: Engine, connections: Connection[], shut: Shut[]): Promise<Connection[]> {
  if (shut.length === 0) return connections
  const now = engine.clock.now()
  const through: Connection[] = []
  const deferred: { connection: Connection; until: number }[] = []
  const gates = new Map(shut.map((gate) => [`${gate.workspace_id}/${gate.integration_id}`, gate]))
  const probed = new Set<Shut>()
  for (const connection of connections) {
    const gate = gates.get(`${connection.workspace_id}/${connection.integration_id}`)
    // Who was asked last comes again when nobody else has for a whole round.
    const from = gate && gate.probe_at + (gate.probed === connection.id ? probeEveryMs : 0)
    const probe = from !== undefined && from <= now && !probed.has(gate!)
    if (!gate || probe) {
      if (gate) probed.add(gate)
      through.push(connection)
      continue
    }
    const until = Math.max(now, gate.probe_at) + draw(engine) * (5_000 + 4_000 * connections.length)
    deferred.push({ connection, until: Math.ceil(until) })
  }
  await engine.store.defer(deferred)
  return through
}
