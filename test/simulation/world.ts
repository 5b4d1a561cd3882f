import type { Failpoint, Refresher } from '../../packages/server/src/connections/refresh/engine.ts'
import type { RefreshRules } from '../../packages/server/src/connections/refresh/rules.ts'
import type { Kept, RefreshStore } from '../../packages/server/src/connections/refresh/store.ts'
import type { Connection } from '../../packages/server/src/connections/store.ts'
import type { TokenRequestRow } from '../../packages/server/src/db/schema.ts'
import type { Watch } from './invariants.ts'
import type { MemoryContext, MemoryDatabase } from './memory-store.ts'
import type { SimulatedProcess } from './process.ts'
import type { Grant, SimulatedProvider } from './provider.ts'
import type { Dice } from './random.ts'
import type { CallFault, Scenario } from './scenario.ts'
import type { Scheduler } from './scheduler.ts'

/** Where the simulated clock begins. */
export const origin = 1_800_000_000_000

/** The one workspace and provider config of a run; connections are numbered. */
export const workspaceId = '00000000-0000-7000-8000-0000000000aa'
export const integrationId = '00000000-0000-7000-8000-0000000000bb'
export const connectionId = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`

/** What was done to the store, and what it answered: enough to do the same to another one. */
export type Command =
  | {
      operation: keyof RefreshStore
      given: unknown[]
      answer: unknown
      now: number
      leaseNow: number
      boot: string
      random: Uint8Array[]
    }
  /** From outside of the engine: consents, imports, deletions. */
  | { write: { connections: Connection[]; attempts: TokenRequestRow[] } }

/** A defect that somebody might make: the simulation must find it. */
export type PlantedBug = {
  name: string
  rules?: Partial<RefreshRules>
  /** `process`: whose store it is, with its own clock. */
  store?(
    store: RefreshStore,
    db: MemoryDatabase,
    process: SimulatedProcess,
    context: MemoryContext,
  ): RefreshStore
}

/** `count`: how often the point has been passed, by any process. */
export type Script = (event: {
  point: Failpoint
  count: number
  host: Host
  world: World
}) => 'kill' | { stop: number } | undefined

export type World = {
  seed: number
  scenario: Scenario
  dice: Dice
  scheduler: Scheduler
  db: MemoryDatabase
  provider: SimulatedProvider
  hosts: Host[]
  watch: Watch
  /** What happens, line by line, where somebody wants to read it. */
  trace(what: () => string): void
  /** Takes down what is done to the store, where somebody wants to do it again. */
  record: ((command: Command) => void) | undefined
  /** What happens at the points of a refresh, where a test says it; the seed says it otherwise. */
  script: Script | undefined
  passed: Map<Failpoint, number>
  /** What goes wrong with the next call to the provider. */
  nextFault: CallFault | null
  consent(connection: string): void
  remove(connection: string): void
  /** Which grant a connection stands for now. */
  grants: Map<string, Grant>
}

export type Host = {
  process: SimulatedProcess
  engine: Refresher
  store: RefreshStore
  spool: Map<string, Kept>
  /** What was drawn at random since the last operation of the store began. */
  drawn: Uint8Array[]
}
