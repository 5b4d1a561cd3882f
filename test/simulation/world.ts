import type { Refresher } from '../../packages/server/src/connections/refresh/engine.ts'
import type { RefreshRules } from '../../packages/server/src/connections/refresh/rules.ts'
import type { Kept, RefreshStore } from '../../packages/server/src/connections/refresh/store.ts'
import type { Watch } from './invariants.ts'
import type { MemoryContext, MemoryDatabase } from './memory-store.ts'
import type { SimulatedProcess } from './process.ts'
import type { Grant, SimulatedProvider } from './provider.ts'
import type { Dice } from './random.ts'
import type { Scenario } from './scenario.ts'
import type { Scheduler } from './scheduler.ts'

/** Where the simulated clock begins. */
export const origin = 1_800_000_000_000

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
  trace(what: string): void
  /** Which grant a connection stands for now. */
  grants: Map<string, Grant>
}

export type Host = {
  process: SimulatedProcess
  engine: Refresher
  store: RefreshStore
  spool: Map<string, Kept>
}
