import type { WithToken } from '../../packages/server/src/connections/load-with-token.ts'
import { refreshRules } from '../../packages/server/src/connections/refresh/rules.ts'
import type { RefreshStore } from '../../packages/server/src/connections/refresh/store.ts'
import type { Connection } from '../../packages/server/src/connections/store.ts'
import { hashOf } from './hash.ts'
import { type Host, integrationId, origin, type World, workspaceId } from './world.ts'

/** What must hold in every run, by name. */
export const invariants = {
  oneUse: 'a refresh token is not in use twice at once, unless its holder died or was stopped',
  onlyWithLease: 'nothing is sent without the lease, unless the process was stopped after it had looked',
  journalFirst: 'nothing is sent that is not in the journal',
  noSuperseded: 'a refresh token is not sent while a pair that came of it is stored',
  pointerByHolder: 'only the holder of the newest lease moves a connection',
  versionHolds: 'a connection is moved only from the tokens that were spent',
  servedWorks: 'a token that is handed out is one that the provider accepts',
  validIsServed: 'a read does not fail while the stored token is valid',
  endIsTrue: 'a connection is ended only where the provider has ended the grant or its answer was lost',
  endIsNamed: 'an end that came of a lost answer is flagged as one',
  nothingLost: 'no pair that was stored is lost',
  nothingSilent: 'a connection that cannot be renewed any more is flagged',
  recovers: 'once faults have ceased, every connection that can work does, within 60 s',
  receivedIsKept: 'a pair that reached a living process is stored',
  budgetKept: 'calls stay within the budget of the provider config',
  noFault: 'nothing is thrown that nobody expects',
} as const

export type Invariant = keyof typeof invariants
export type Broken = { invariant: Invariant; detail: string }

type Use = { token: string; host: Host; incarnation: number; at: number; leasedAt: number; over: boolean }

type Held = { at: number; until: number; fence: number; lookedAt: number; begunAt: number }

export type Watch = ReturnType<typeof createWatch>

export function createWatch() {
  const broken: Broken[] = []
  const uses: Use[] = []
  const sentAt: number[] = []
  /** By connection: when it was last seen to work. */
  const worked = new Map<string, number>()
  const leases = new Map<Host, Map<string, Held>>()
  /** When a received pair was stored. */
  const kept = new Map<string, number>()
  /** Hashes of the refresh tokens that were stored, and the pairs that reached a process. */
  const stored = new Set<string>()
  const delivered: { token: string; host: Host; incarnation: number; at: number }[] = []

  const breaks = (world: World, invariant: Invariant, detail: string) =>
    void broken.push({
      invariant,
      detail: `${detail} (at ${((world.scheduler.now() - origin) / 1000).toFixed(3)} s)`,
    })

  const watch = {
    broken,
    calls: 0,
    served: 0,
    lost: 0,
    outlived: 0,
    mistakes: 0,

    /** Sees what a process does to the store, at the moment at which it happens there. */
    overStore(world: World, host: Host, store: RefreshStore): RefreshStore {
      const { db, scheduler } = world
      const mine = new Map<string, Held>()
      leases.set(host, mine)
      return {
        ...store,
        async acquire(key) {
          const lease = await store.acquire(key)
          if (lease)
            mine.set(lease.tokenKey, {
              at: scheduler.now(),
              until: scheduler.now() + refreshRules.leaseMs,
              fence: lease.fence,
              lookedAt: scheduler.now(),
              begunAt: 0,
            })
          return lease
        },
        async remaining(lease) {
          const held = mine.get(lease.tokenKey)
          if (held) held.lookedAt = scheduler.now()
          return store.remaining(lease)
        },
        async begin(lease, scene, step) {
          const begun = await store.begin(lease, scene, step)
          const held = mine.get(lease.tokenKey)
          if (held) held.begunAt = scheduler.now()
          return begun
        },
        async keep(pair, settleAt) {
          if (!kept.has(pair.id)) kept.set(pair.id, scheduler.now())
          const known = await store.keep(pair, settleAt)
          const row = db.attempts.get(pair.id)
          if (row?.refresh_token_hash === pair.tokens.refresh_token_hash && row.refresh_token_hash !== null)
            stored.add(row.refresh_token_hash)
          return known
        },
        async adopt(lease, attempt, moves) {
          const row = db.leases.get(`${lease.workspace}/${lease.integration}/${lease.tokenKey}`)
          const newest = row?.fence === lease.fence
          const pair = db.attempts.get(attempt.id)
          const before = new Map(
            moves.map(({ connection }) => [connection.id, { ...db.connections.get(connection.id)! }]),
          )
          const result = await store.adopt(lease, attempt, moves)
          for (const id of result.moved) {
            if (!newest)
              breaks(world, 'pointerByHolder', `${id} moved by fence ${lease.fence} of ${row?.fence}`)
            const was = before.get(id)!
            if (pair && pair.spent_hash !== was.refresh_token_hash)
              breaks(world, 'versionHolds', `${id} moved to a pair that came of another token than its own`)
          }
          return result
        },
        async end(lease, scene, attempt, reason, facts) {
          const id = scene.connection.id
          const row = db.connections.get(id)!
          const current = row.token_request_id ? db.attempts.get(row.token_request_id) : undefined
          const token = current?.refresh_token ? new TextDecoder().decode(current.refresh_token) : null
          const ended = await store.end(lease, scene, attempt, reason, facts)
          if (ended && token && world.provider.takes(token))
            breaks(world, 'endIsTrue', `${id} was ended (${reason}) though its refresh token works`)
          return ended
        },
      }
    },

    /** The provider's answer is in the process's hands. */
    received({ scheduler }: World, host: Host, body: string) {
      const token = (JSON.parse(body) as { refresh_token?: string }).refresh_token
      if (token) delivered.push({ token, host, incarnation: host.process.incarnation, at: scheduler.now() })
    },

    /** A refresh goes out. */
    sending(world: World, host: Host, token: string) {
      const { scheduler, db, scenario } = world
      const now = scheduler.now()
      const hash = hashOf(token)
      const { process } = host
      const lease = leases.get(host)?.get(hash)
      const stoppedSince = (time: number) => process.stoppedAt >= time
      watch.calls++

      const current = (use: Use) =>
        !use.over && use.host.process.alive && use.host.process.incarnation === use.incarnation
      for (const use of uses)
        if (use.token === token && current(use) && use.host.process.stoppedAt < use.leasedAt)
          breaks(
            world,
            'oneUse',
            `${token} is sent by ${process.name} while ${use.host.process.name} waits for it`,
          )

      const key = `${workspaceId}/${integrationId}/${hash}`
      const row = db.leases.get(key)
      const holds = lease && row?.fence === lease.fence && now < lease.until
      if (!holds && !(lease && stoppedSince(lease.lookedAt)))
        breaks(world, 'onlyWithLease', `${token} is sent by ${process.name}`)

      const journalled = [...db.attempts.values()].some(
        ({ spent_hash, fence }) => spent_hash === hash && fence === lease?.fence,
      )
      if (!journalled) breaks(world, 'journalFirst', `${token} is sent by ${process.name}`)

      const successor = [...db.attempts.values()].find(
        (attempt) =>
          attempt.spent_hash === hash &&
          attempt.received_at !== null &&
          attempt.refresh_token_hash !== hash &&
          attempt.outcome === null &&
          (kept.get(attempt.id) ?? 0) < (lease?.begunAt ?? 0),
      )
      if (successor)
        breaks(world, 'noSuperseded', `${token} is sent though ${successor.id} holds its successor`)

      const { budget } = scenario
      sentAt.push(now)
      if (budget && sentAt.filter((time) => time > now - budget.seconds * 1000).length > 2 * budget.calls + 2)
        breaks(world, 'budgetKept', `more than ${2 * budget.calls + 2} calls in ${budget.seconds} s`)

      const use: Use = {
        token,
        host,
        incarnation: process.incarnation,
        at: now,
        leasedAt: lease?.at ?? now,
        over: false,
      }
      uses.push(use)
      // After its deadline the holder has given it up, and says so in the journal.
      scheduler.at(now + refreshRules.httpMs, () => {
        use.over = true
      })
      return {
        over() {
          use.over = true
        },
      }
    },

    tokenServed(
      world: World,
      { begun, connection, host }: { begun: number; connection: WithToken; host: Host },
    ) {
      watch.served++
      const token = new TextDecoder().decode(connection.access_token!)
      if (world.provider.accepts(token, begun)) {
        worked.set(connection.id, world.scheduler.now())
        return
      }
      // A host that was alone with a wrong clock cannot know better once that is put right by a restart.
      const grant = world.provider.grants.find(({ access }) => access.has(token))
      if (grant?.ended) return
      // Where a refresh kills the token before, one that was sent twice leaves two answers, and one of them dead.
      const uncertain = [...world.db.attempts.values()].some(
        ({ connection_id, spent_hash, outcome, sent_at }) =>
          (connection_id === connection.id || spent_hash === connection.refresh_token_hash) &&
          outcome !== 'stored' &&
          sent_at! > begun - 120_000,
      )
      // And who was stopped while it waited for a refresh has waited long enough when it wakes.
      const stopped = host.process.stoppedAt > begun - 60_000
      if (world.scenario.habits.killsAccessToken && (uncertain || stopped)) return
      breaks(world, 'servedWorks', `${connection.id} was served ${token}`)
    },

    tokenRefused(
      world: World,
      { found, host, mine, begun }: { begun: number; found: WithToken; host: Host; mine: number },
    ) {
      const now = host.process.clock.now()
      if (host.process.incarnation !== mine || host.process.stoppedAt >= begun) return
      if (world.scenario.habits.killsAccessToken) return
      if (found.access_token !== null && found.expires_at !== null && found.expires_at > now)
        breaks(
          world,
          'validIsServed',
          `${found.id} was refused, ${found.expires_at - now} ms before its token ends`,
        )
    },

    unexpected(world: World, error: Error) {
      breaks(world, 'noFault', error.stack ?? error.message)
    },

    judgePairs(world: World) {
      for (const { token, host, incarnation, at } of delivered)
        if (host.process.incarnation === incarnation && at < world.scheduler.now() - 60_000)
          if (!stored.has(hashOf(token)))
            breaks(world, 'receivedIsKept', `${token} reached ${host.process.name}`)
    },

    /** After the end of all faults and a minute of rest: what became of this connection? */
    judge(world: World, row: Connection) {
      if (row.status === 'revoked') return
      const grant = world.grants.get(row.id)!
      const tokens = [...world.db.attempts.values()].flatMap(({ refresh_token }) =>
        refresh_token ? [new TextDecoder().decode(refresh_token)] : [],
      )
      const current = row.token_request_id ? world.db.attempts.get(row.token_request_id) : undefined
      const own = current?.refresh_token ? new TextDecoder().decode(current.refresh_token) : null
      const held = tokens.some((token) => grant.live.has(token)) && !grant.ended
      // Given up once as lost, taken up again with a late pair, and that was dead too.
      const flagged = world.db.events.some(
        ({ type, connection, data }) =>
          type === 'connection.needs_reauth' && connection === row.id && data?.reason === 'lost_response',
      )
      if (row.status === 'needs_reauth') {
        if (held && own !== null && world.provider.takes(own))
          breaks(
            world,
            'nothingLost',
            `${row.id} was given up (${row.reason}) though its refresh token works`,
          )
        else if (held)
          breaks(
            world,
            'nothingLost',
            `${row.id} was given up (${row.reason}) while a working pair is stored`,
          )
        else if (row.reason === 'grant_ended' && grant.ended?.by !== 'person' && !flagged)
          breaks(
            world,
            'endIsNamed',
            `${row.id} is ${row.reason}, but ${grant.ended ? 'reuse ended it' : 'its answer was lost'}`,
          )
        return
      }
      const works = (worked.get(row.id) ?? 0) >= origin + world.scenario.faultsEndAt
      const lately = (worked.get(row.id) ?? 0) >= world.scheduler.now() - 45_000
      if (!grant.ended && (held || (own !== null && world.provider.takes(own)))) {
        if (!works || !lately)
          breaks(world, 'recovers', `${row.id} is ${row.status} and has no token that works`)
      } else if (!lately && row.status === 'active') {
        // Dead at the provider, and nobody has been told.
        const ends = own === null ? 0 : [...grant.access.values()].reduce((a, b) => Math.max(a, b), 0)
        if (ends < world.scheduler.now() - 30_000)
          breaks(world, 'nothingSilent', `${row.id} is active, and nothing can renew it`)
      }
    },
  }
  return watch
}
