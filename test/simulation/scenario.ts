import type { ProviderHabits } from './provider.ts'
import type { Dice } from './random.ts'

/** What one run is about. Times in milliseconds from its start. */
export type Scenario = {
  /** One: as on SQLite. More: as on PostgreSQL. */
  processes: number
  connections: number
  /** The first connection's tokens were imported a second time. */
  twin: boolean
  habits: ProviderHabits
  budget: { calls: number; seconds: number } | null
  faults: number
  faultKinds: readonly FaultKind[]
  /** How often a call to the provider goes wrong, and how. */
  callFaultRate: number
  callFaults: readonly CallFault[]
  failpointRate: number
  lostReplyRate: number
  readEvery: [number, number]
  faultsEndAt: number
  endsAt: number
}

export type FaultKind =
  | 'kill'
  | 'stop'
  | 'database away here'
  | 'database away'
  | 'clock set'
  | 'delete'
  | 'reconnect'
  | 'person revokes'

export type CallFault =
  | 'unreachable'
  | 'cut before'
  | 'cut after'
  | 'hangs before'
  | 'hangs after'
  | 'slow'
  | '500 before'
  | '500 after'
  | '429'
  | 'html'
  | 'invalid_client'
  | 'invalid_grant by mistake'

const kinds: readonly FaultKind[] = [
  'kill',
  'kill',
  'stop',
  'stop',
  'database away here',
  'database away',
  'clock set',
  'delete',
  'reconnect',
  'person revokes',
]
const callFaults: readonly CallFault[] = [
  'unreachable',
  'cut before',
  'cut after',
  'hangs before',
  'hangs after',
  'slow',
  'slow',
  '500 before',
  '500 after',
  '429',
  'html',
  'invalid_client',
  'invalid_grant by mistake',
]

/** A few kinds of fault in each run, so that a run is about something. */
function some<Item>(dice: Dice, items: readonly Item[], most: number): Item[] {
  return Array.from({ length: dice.between(1, most) }, () => dice.pick(items))
}

export function drawScenario(dice: Dice): Scenario {
  const rotates = dice.chance(0.8)
  const faultsEndAt = dice.between(60_000, 150_000)
  const killsAccessToken = dice.chance(0.2)
  const processes = dice.chance(0.3) ? 1 : dice.between(2, 3)
  const drawn = some(dice, kinds, 3)
  const failpointRate = dice.pick([0, 0, 0.05, 0.15])
  // Alone, a host that starts with another clock than it ended with cannot tell what has expired.
  const restarts = drawn.includes('kill') || failpointRate > 0
  const faultKinds =
    processes === 1 && restarts ? drawn.filter((kind) => kind !== 'clock set').concat('kill') : drawn
  return {
    processes,
    connections: dice.between(1, 3),
    twin: dice.chance(0.15),
    habits: {
      rotates,
      leeway: dice.pick([0, 0, 30_000, 600_000]),
      killsFamily: rotates && dice.chance(0.5),
      latestWins: rotates && dice.chance(0.5),
      killsAccessToken,
      lifetime: dice.pick([20_000, 40_000, 60_000, 120_000]),
      saysLifetime: true,
    },
    budget: dice.chance(0.1) ? { calls: 4, seconds: 10 } : null,
    faults: dice.between(0, 5),
    faultKinds,
    callFaultRate: dice.pick([0, 0.1, 0.3, 0.6]),
    callFaults: some(dice, callFaults, 4),
    failpointRate,
    lostReplyRate: dice.pick([0, 0, 0.01]),
    readEvery: dice.pick([
      [500, 4_000],
      [2_000, 15_000],
    ]),
    faultsEndAt,
    endsAt: faultsEndAt + 100_000,
  }
}
