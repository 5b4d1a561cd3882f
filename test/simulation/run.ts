import { Secret } from '../../packages/oauth/src/index.ts'
import type { WithToken } from '../../packages/server/src/connections/load-with-token.ts'
import {
  createRefresher,
  type Engine,
  type Failpoint,
  isInFlight,
} from '../../packages/server/src/connections/refresh/engine.ts'
import { refreshRules } from '../../packages/server/src/connections/refresh/rules.ts'
import { serve } from '../../packages/server/src/connections/refresh/serve.ts'
import type { Spool } from '../../packages/server/src/connections/refresh/spool.ts'
import type { RefreshStore } from '../../packages/server/src/connections/refresh/store.ts'
import type { Connection } from '../../packages/server/src/connections/store.ts'
import { newId } from '../../packages/server/src/db/new-id.ts'
import type { TokenRequestRow } from '../../packages/server/src/db/schema.ts'
import { createFetch } from './fetch.ts'
import { hashOf } from './hash.ts'
import { type Broken, createWatch } from './invariants.ts'
import { createMemoryStore, emptyDatabase, type MemoryContext, type MemoryDatabase } from './memory-store.ts'
import { createProcess } from './process.ts'
import { createProvider } from './provider.ts'
import { createDice } from './random.ts'
import { connectionRow, integrationOf, requestRow } from './rows.ts'
import { drawScenario, type Scenario } from './scenario.ts'
import { createScheduler } from './scheduler.ts'
import {
  type Command,
  connectionId,
  type Host,
  origin,
  type PlantedBug,
  type Script,
  type World,
  workspaceId,
} from './world.ts'

export type RunResult = {
  broken: Broken[]
  calls: number
  served: number
  lost: number
  outlived: number
  at: number
  processes: number
}

/** One run of the production engine in a simulated world. The same seed gives the same run. */
export async function simulate(
  seed: number,
  bug: PlantedBug | null = null,
  {
    print,
    record,
    database,
    scenario: given,
    script,
  }: {
    print?: (line: string) => void
    record?: (command: Command) => void
    database?: (database: MemoryDatabase) => void
    /** In place of what the seed would draw. */
    scenario?: Partial<Scenario>
    script?: Script
  } = {},
): Promise<RunResult> {
  const dice = createDice(seed)
  const scenario = { ...drawScenario(dice), ...given }
  const scheduler = createScheduler(origin)
  const db = emptyDatabase()
  database?.(db)
  const provider = createProvider(scenario.habits, dice, () => scheduler.now())
  const watch = createWatch()
  const trace = (what: () => string) =>
    print?.(`${((scheduler.now() - origin) / 1000).toFixed(3).padStart(8)} ${what()}`)
  const world: World = {
    seed,
    scenario,
    dice,
    scheduler,
    db,
    provider,
    hosts: [],
    watch,
    grants: new Map(),
    trace,
    record,
    script,
    passed: new Map(),
    nextFault: null,
    consent: (id) => consentTo(world, db.connections.get(id)!),
    remove: (id) => remove(world, db.connections.get(id)!),
  }

  const integration = integrationOf(scenario)
  db.integrations.set(integration.id, integration)
  for (let index = 0; index < scenario.connections; index++) addConnection(world, connectionId(index), null)
  if (scenario.twin) addConnection(world, connectionId(9), connectionId(0))

  for (let index = 0; index < scenario.processes; index++) {
    const process = createProcess(scheduler, `p${index}`, scenario.processes > 1)
    const host: Host = { process, engine: null!, store: null!, spool: new Map(), drawn: [] }
    world.hosts.push(host)
    boot(world, host, bug)
  }
  scheduleFaults(world, bug)
  scheduleReads(world)
  await scheduler.run(origin + scenario.endsAt, () => watch.broken.length > 0)
  if (watch.broken.length === 0) judgeEnd(world)
  return {
    broken: watch.broken,
    calls: watch.calls,
    served: watch.served,
    lost: watch.lost,
    outlived: watch.outlived,
    at: scheduler.now() - origin,
    processes: scenario.processes,
  }
}

function boot(world: World, host: Host, bug: PlantedBug | null): void {
  const { scheduler, dice, db, scenario, watch } = world
  const { process } = host
  const rules = { ...refreshRules, ...bug?.rules }
  const context: MemoryContext = {
    now: () => process.clock.now(),
    leaseNow: () => scheduler.now(),
    boot: scenario.processes > 1 ? 'database' : `${process.name}/${process.incarnation}`,
    random: (count) => {
      const drawn = dice.bytes(count)
      host.drawn.push(drawn)
      return drawn
    },
    rules,
    hash: hashOf,
    secret: (text) => new Secret(text),
  }
  const right = createMemoryStore(db, context)
  const store = bug?.store?.(right, db, process, context) ?? right
  host.store = throughWire(world, host, watch.overStore(world, host, store), context)
  const at = async (point: Failpoint) => {
    if (world.script) {
      const count = (world.passed.get(point) ?? 0) + 1
      world.passed.set(point, count)
      const action = world.script({ point, count, host, world })
      if (action === 'kill') {
        killAndRestart(world, host, bug)
        await gone()
      } else if (action) {
        process.stop(action.stop)
        await process.after(0)
      }
      return
    }
    if (scheduler.now() - origin >= scenario.faultsEndAt) return
    if (!dice.chance(scenario.failpointRate)) return
    if (dice.chance(0.5)) {
      const ms = dice.between(1_000, 40_000)
      world.trace(() => `${process.name} stops for ${ms} ms at ${point}`)
      process.stop(ms)
      await process.after(0)
    } else {
      world.trace(() => `${process.name} is killed at ${point}`)
      killAndRestart(world, host, bug)
      await gone()
    }
  }
  host.engine = createRefresher({
    store: host.store,
    spool: spoolOf(host),
    clock: process.clock,
    random: (count) => dice.bytes(count),
    fetch: () => createFetch(world, host),
    log: { error() {}, warn() {}, info() {} } as unknown as Engine['log'],
    metrics: {
      attempt() {},
      lag() {},
      leaseOutlived: () => void watch.outlived++,
      lost: () => void watch.lost++,
      breaker() {},
      spool() {},
    },
    rememberAuthMethod: async () => {},
    learnLifetime: async () => {},
    rules,
    at,
  })
  const mine = process.incarnation
  const never_ = new AbortController()
  void (async () => {
    await process.after(dice.between(0, 1000))
    while (process.incarnation === mine) await host.engine.sweep(never_.signal)
  })()
}

/** A promise of its own, as it keeps the whole world of whoever waits for it. */
const gone = () => new Promise<never>(() => {})

/** Those two hand out secrets and functions, and change nothing. */
const keepsRecord = (name: keyof RefreshStore) => name !== 'materials' && name !== 'integration'

/** What happens too often to be worth a line. */
const quiet = new Set(['read', 'claim', 'integration', 'materials', 'scene', 'holders'])

/** Between a process and its database: time passes, the line is cut, replies get lost. */
function throughWire(
  { dice, scheduler, scenario, trace, record }: World,
  host: Host,
  store: RefreshStore,
  context: MemoryContext,
): RefreshStore {
  const { process } = host
  const quick = () => dice.chance(0.7)
  const call = async (name: keyof RefreshStore, given: unknown[], work: () => Promise<unknown>) => {
    if (!quick()) await process.after(dice.between(1, 40))
    else await process.after(0)
    if (scheduler.now() < process.databaseAwayUntil) {
      await process.after(dice.between(1, 200))
      throw new Error('the database is away')
    }
    host.drawn.length = 0
    const result = record && keepsRecord(name) ? await takeDown(name, given, work) : await work()
    if (!quiet.has(name)) trace(() => `${process.name} ${name} → ${JSON.stringify(result)}`)
    const faulty = scheduler.now() - origin < scenario.faultsEndAt
    if (faulty && dice.chance(scenario.lostReplyRate)) {
      await process.after(dice.between(1, 200))
      throw new Error('the reply of the database was lost')
    }
    if (!quick()) await process.after(dice.between(1, 40))
    else await process.after(0)
    return result
  }
  const takeDown = async (name: keyof RefreshStore, given: unknown[], work: () => Promise<unknown>) => {
    // As they are now: the engine goes on with these objects.
    const asked = structuredClone(given)
    const working = work()
    const command = {
      operation: name,
      given: asked,
      answer: undefined as unknown,
      now: context.now(),
      leaseNow: context.leaseNow(),
      boot: context.boot,
      random: [...host.drawn],
    }
    record?.(command)
    const result = await working
    command.answer = structuredClone(result)
    return result
  }
  const wired = Object.entries(store).map(([name, operation]) => [
    name,
    (...given: unknown[]) =>
      call(name as keyof RefreshStore, given, () =>
        (operation as (...given: unknown[]) => Promise<unknown>)(...given),
      ),
  ])
  return Object.fromEntries(wired) as RefreshStore
}

/** On the host's disk: it outlives its process. */
function spoolOf({ process, spool }: Host): Spool {
  return {
    async put(kept) {
      await process.after(2)
      spool.set(kept.id, kept)
    },
    list: async () => [...spool.values()],
    async remove({ id }) {
      spool.delete(id)
    },
  }
}

function killAndRestart(world: World, host: Host, bug: PlantedBug | null): void {
  const { scheduler, dice } = world
  if (!host.process.alive) return
  host.process.kill()
  scheduler.at(scheduler.now() + dice.between(200, 20_000), () => {
    host.process.start()
    boot(world, host, bug)
  })
}

function scheduleFaults(world: World, bug: PlantedBug | null): void {
  const { scheduler, dice, scenario, hosts, db, provider, grants } = world
  for (let index = 0; index < scenario.faults; index++) {
    const host = dice.pick(hosts)
    const time = origin + dice.between(0, scenario.faultsEndAt)
    const kind = dice.pick(scenario.faultKinds)
    const duration = dice.between(500, 45_000)
    const size = dice.between(-300_000, 300_000)
    const lucky = dice.next()
    scheduler.at(time, () => {
      world.trace(() => `${kind} (${host.process.name}, ${duration} ms)`)
      switch (kind) {
        case 'kill':
          return killAndRestart(world, host, bug)
        case 'stop':
          return host.process.alive ? host.process.stop(duration) : undefined
        case 'database away here':
          host.process.databaseAwayUntil = scheduler.now() + duration
          return
        case 'database away':
          for (const one of hosts) one.process.databaseAwayUntil = scheduler.now() + duration
          return
        case 'clock set':
          host.process.skew = size
          return
        case 'delete': {
          const row = [...db.connections.values()][Math.floor(lucky * db.connections.size)]!
          if (row.status !== 'revoked') remove(world, row)
          return
        }
        case 'reconnect': {
          const row = [...db.connections.values()][Math.floor(lucky * db.connections.size)]!
          if (row.status !== 'revoked') consentTo(world, row)
          return
        }
        case 'person revokes': {
          const grant = [...grants.values()][Math.floor(lucky * grants.size)]
          if (grant) provider.revoke(grant)
        }
      }
    })
  }
}

/** The calls of the API: each takes some process, and must get a token that works, or a word why not. */
function scheduleReads(world: World): void {
  const { scheduler, dice, scenario, hosts, db } = world
  const read = () => {
    const alive = hosts.filter(({ process }) => process.alive)
    const rows = [...db.connections.values()].filter(({ status }) => status !== 'revoked')
    if (alive.length > 0 && rows.length > 0) void readOnce(world, dice.pick(alive), dice.pick(rows).id)
    const pause = dice.between(scenario.readEvery[0], scenario.readEvery[1])
    if (scheduler.now() + pause < origin + scenario.endsAt - 30_000)
      scheduler.at(scheduler.now() + pause, read)
  }
  scheduler.at(scheduler.now() + dice.between(0, 3_000), read)
  // At the end everybody asks, so that what works is seen to work.
  for (let ms = scenario.faultsEndAt; ms < scenario.endsAt - 15_000; ms += 10_000)
    for (const { id } of [...db.connections.values()])
      scheduler.at(origin + ms, () => {
        const host = dice.pick(hosts)
        if (host.process.alive && db.connections.get(id)!.status !== 'revoked') void readOnce(world, host, id)
      })
}

class Ended extends Error {}

async function readOnce(world: World, host: Host, id: string): Promise<void> {
  const { scheduler, watch } = world
  const { process, engine, store } = host
  const begun = scheduler.now()
  const mine = process.incarnation
  const load = async (): Promise<WithToken> => {
    const row = await store.read({ workspace_id: workspaceId, id })
    if (!row || (row.status !== 'active' && row.status !== 'pending')) throw new Ended()
    return row
  }
  let found: WithToken | null = null
  try {
    found = await load()
    const integration = await store.integration(found)
    const served = await serve(
      {
        clock: process.clock,
        refresh: engine.refresh,
        inFlight: (connection) => isInFlight(store, connection),
        read: load,
      },
      integration.profile,
      found,
      undefined,
    )
    world.trace(
      () =>
        `${process.name} read ${id}: ${JSON.stringify('connection' in served ? served.connection.token_version : served)}`,
    )
    if ('connection' in served) watch.tokenServed(world, { begun, connection: served.connection, host })
    else watch.tokenRefused(world, { begun, found, host, mine })
  } catch (error) {
    if (error instanceof Ended) return
    if (process.databaseAwayUntil > begun || /database/.test((error as Error).message)) return
    watch.unexpected(world, error as Error)
  }
}

function judgeEnd(world: World): void {
  world.watch.judgePairs(world)
  for (const row of world.db.connections.values()) world.watch.judge(world, row)
}

function addConnection(world: World, id: string, twinOf: string | null): void {
  const row = connectionRow(id)
  world.db.connections.set(id, row)
  const first = twinOf && world.db.connections.get(twinOf)
  if (!first) {
    consentTo(world, row)
    return
  }
  const { token_request_id, refresh_token_hash, expires_at, refresh_at } = first
  Object.assign(row, { token_request_id, refresh_token_hash, expires_at, refresh_at, token_version: 1 })
  recordWrite(world, [row], [])
  world.grants.set(id, world.grants.get(first.id)!)
}

/** A connection is ended, in one step. */
function remove(world: World, row: Connection): void {
  const { db } = world
  const pair = row.token_request_id ? db.attempts.get(row.token_request_id) : undefined
  const shared = [...db.connections.values()].some(
    (one) => one.id !== row.id && one.refresh_token_hash === row.refresh_token_hash,
  )
  if (pair && !shared) Object.assign(pair, { access_token: null, refresh_token: null })
  Object.assign(row, {
    status: 'revoked',
    refresh_at: null,
    refresh_token_hash: null,
    expires_at: null,
    token_version: row.token_version + 1,
  })
  recordWrite(world, [row], pair ? [pair] : [])
}

/** A person consents, now or again: tokens of a new grant, in one step. */
function consentTo(world: World, row: Connection): void {
  const { db, provider, scheduler, grants, dice, scenario } = world
  const now = scheduler.now()
  const { grant, access, refresh } = provider.consent(row.id)
  grants.set(row.id, grant)
  const { lifetime, saysLifetime } = scenario.habits
  const request = requestRow(newId({ clock: scheduler, random: (count) => dice.bytes(count) }), row.id, now, {
    access,
    refresh,
    lifetime: saysLifetime ? lifetime : null,
  })
  db.attempts.set(request.id, request)
  Object.assign(row, {
    status: 'active',
    reason: null,
    reason_detail: null,
    token_version: row.token_version + 1,
    token_request_id: request.id,
    refresh_token_hash: request.refresh_token_hash,
    expires_at: request.expires_at,
    refresh_at: Math.floor(now + lifetime * (0.6 + 0.2 * dice.next())),
    claimed_until: null,
    refused_at: null,
    refresh_failures: 0,
  })
  recordWrite(world, [row], [request])
}

function recordWrite({ record }: World, connections: Connection[], attempts: TokenRequestRow[]): void {
  record?.({ write: structuredClone({ connections, attempts }) })
}
