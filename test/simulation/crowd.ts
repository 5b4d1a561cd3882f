import { Secret } from '../../packages/oauth/src/index.ts'
import {
  createRefresher,
  type Engine,
  isInFlight,
} from '../../packages/server/src/connections/refresh/engine.ts'
import { refreshRules } from '../../packages/server/src/connections/refresh/rules.ts'
import { datesOf } from '../../packages/server/src/connections/refresh/schedule.ts'
import { serve } from '../../packages/server/src/connections/refresh/serve.ts'
import { newId } from '../../packages/server/src/db/new-id.ts'
import { hashOf } from './hash.ts'
import { createMemoryStore, emptyDatabase } from './memory-store.ts'
import { createProcess } from './process.ts'
import { createDice } from './random.ts'
import { connectionRow, integrationOf, requestRow } from './rows.ts'
import { createScheduler } from './scheduler.ts'
import { connectionId, integrationId, origin, workspaceId } from './world.ts'

export type CrowdOptions = {
  seed: number
  connections: number
  processes: number
  /** Seconds that an access token lives. */
  lifetime: number
  /** Seconds from the start between which the provider answers 503; null: never. */
  outage: [number, number] | null
  /** Seconds. */
  lasts: number
}

export type CrowdResult = {
  /** When refreshes reached the provider, in milliseconds from the start. */
  starts: number[]
  served: number
  /** Of those, tokens that had expired. */
  expiredServed: number
  needsReauth: number
  /** Seconds from the end of the outage until every connection had a token that is valid. */
  freshAfter: number | null
}

/**
 * Many connections of one provider config whose tokens all expire at the same moment, with the production engine over
 * the store in memory: what the provider sees of them, and what an outage does to them.
 */
export async function simulateCrowd(options: CrowdOptions): Promise<CrowdResult> {
  const { lifetime, outage } = options
  const dice = createDice(options.seed)
  const scheduler = createScheduler(origin)
  const db = emptyDatabase()
  const rotates = { rotates: true, killsAccessToken: false }
  db.integrations.set(integrationId, integrationOf({ habits: rotates, budget: null }))
  const current = new Map<string, string>()
  const expiresAt = new Map<string, number>()
  let minted = 0

  const random = (count: number) => dice.bytes(count)
  for (let index = 0; index < options.connections; index++) {
    const refresh = `rt-${minted++}`
    current.set(refresh, refresh)
    const request = requestRow(newId({ clock: scheduler, random }), connectionId(index), scheduler.now(), {
      access: `at-${minted}`,
      refresh,
      lifetime: lifetime * 1000,
    })
    db.attempts.set(request.id, request)
    const dates = datesOf(
      { random },
      {} as never,
      { sentAt: origin, lifetime: lifetime * 1000, hasRefreshToken: true, refreshLifetime: null },
      null,
    )
    db.connections.set(connectionId(index), {
      ...connectionRow(connectionId(index)),
      ...dates,
      token_version: 1,
      token_request_id: request.id,
      refresh_token_hash: request.refresh_token_hash,
      expires_at: request.expires_at,
    })
    expiresAt.set(`at-${minted}`, request.expires_at!)
  }

  const result: CrowdResult = { starts: [], served: 0, expiredServed: 0, needsReauth: 0, freshAfter: null }
  const isOut = () => {
    const seconds = (scheduler.now() - origin) / 1000
    return outage !== null && seconds >= outage[0] && seconds < outage[1]
  }
  const hosts = Array.from({ length: options.processes }, (_, index) => {
    const process = createProcess(scheduler, `p${index}`, true)
    const store = createMemoryStore(db, {
      now: () => process.clock.now(),
      leaseNow: () => scheduler.now(),
      boot: 'database',
      random,
      rules: refreshRules,
      hash: hashOf,
      secret: (text) => new Secret(text),
      unshared: true,
    })
    const engine = createRefresher({
      store,
      spool: { put: async () => {}, list: async () => [], remove: async () => {} },
      clock: process.clock,
      random,
      fetch: () => async (_url, init) => {
        const token = new URLSearchParams(String(init?.body)).get('refresh_token')!
        result.starts.push(scheduler.now() - origin)
        await process.after(dice.between(40, 200))
        if (isOut()) return answer(503, '<html>down</html>')
        if (!current.delete(token)) return answer(400, '{"error":"invalid_grant"}')
        const refresh = `rt-${minted++}`
        current.set(refresh, refresh)
        expiresAt.set(`at-${minted}`, scheduler.now() + lifetime * 1000)
        return answer(
          200,
          JSON.stringify({ access_token: `at-${minted}`, refresh_token: refresh, expires_in: lifetime }),
        )
      },
      log: { error() {}, warn() {}, info() {} } as unknown as Engine['log'],
      metrics: { attempt() {}, lag() {}, leaseOutlived() {}, lost() {}, breaker() {}, spool() {} },
      rememberAuthMethod: async () => {},
      learnLifetime: async () => {},
    })
    void (async () => {
      const never = new AbortController()
      for (;;) await engine.sweep(never.signal)
    })()
    return { process, store, engine }
  })

  const ids = [...db.connections.keys()]
  const integration = db.integrations.get(integrationId)!
  const read = async () => {
    const { store, engine, process } = dice.pick(hosts)
    const key = { workspace_id: workspaceId, id: dice.pick(ids) }
    const found = (await store.read(key))!
    if (found.status !== 'active') return
    const served = await serve(
      {
        clock: process.clock,
        refresh: engine.refresh,
        inFlight: (connection) => isInFlight(store, connection),
        read: async () => (await store.read(key))!,
      },
      integration.profile,
      found,
      undefined,
    )
    if (!('connection' in served)) return
    result.served++
    const token = new TextDecoder().decode(served.connection.access_token!)
    if (expiresAt.get(token)! <= scheduler.now()) result.expiredServed++
  }
  const every = (ms: number, work: () => void) => {
    const again = () => {
      work()
      if (scheduler.now() < origin + options.lasts * 1000) scheduler.at(scheduler.now() + ms, again)
    }
    scheduler.at(scheduler.now() + ms, again)
  }
  every(1000, () => void read())
  if (outage)
    every(5000, () => {
      const now = scheduler.now()
      if (now < origin + outage[1] * 1000 || result.freshAfter !== null) return
      if ([...db.connections.values()].every(({ expires_at }) => expires_at! > now))
        result.freshAfter = (now - origin) / 1000 - outage[1]
    })
  await scheduler.run(origin + options.lasts * 1000)
  result.needsReauth = db.events.filter(({ type }) => type === 'connection.needs_reauth').length
  return result
}

/** The fullest bin against the mean of all that lie between the first start and the last. */
export function peakToMean(starts: number[], binMs: number): number {
  const first = Math.min(...starts)
  const bins = new Map<number, number>()
  for (const time of starts) {
    const bin = Math.floor((time - first) / binMs)
    bins.set(bin, (bins.get(bin) ?? 0) + 1)
  }
  const count = Math.max(...bins.keys()) + 1
  return Math.max(...bins.values()) / (starts.length / count)
}

/** The most starts in any stretch of that length from `from` on. Milliseconds. */
export function mostWithin(starts: number[], ms: number, from: number, to: number): number {
  const times = starts.filter((time) => time >= from && time < to).sort((a, b) => a - b)
  let most = 0
  for (let left = 0, right = 0; right < times.length; right++) {
    while (times[right]! - times[left]! >= ms) left++
    most = Math.max(most, right - left + 1)
  }
  return most
}

const answer = (status: number, body: string) =>
  ({
    status,
    ok: status < 300,
    headers: new Headers({ 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' }),
    arrayBuffer: async () => new TextEncoder().encode(body).buffer,
  }) as unknown as Response
