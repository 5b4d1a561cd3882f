import type { LoadOrder, LoadResult } from './generate-load.ts'
import { load } from './processes.ts'

/** One side of a comparison: what to call, and with what. */
export type Side = Omit<LoadOrder, 'seconds' | 'connections'>

export type Figures = {
  requestsPerSecond: number
  p50: number
  p99: number
  /** To the bare server of the same round. */
  throughputRatio: number
  p99Ratio: number
}

export const CONNECTIONS = 50

/**
 * Runs the sides one after the other, round after round, so that whatever else the machine does falls on all of them.
 * @returns per side the median over the rounds; ratios are of one round each, before the median is taken
 */
export async function interleave<Name extends string>(
  bare: Side,
  sides: Record<Name, Side>,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<{ bare: Figures } & Record<Name, Figures>> {
  const all = Object.entries<Side>({ bare, ...sides })
  for (const [, side] of all) await load({ ...side, seconds: Math.min(2, seconds), connections: CONNECTIONS })
  const results = new Map<string, LoadResult[]>(all.map(([name]) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, side] of all) {
      results.get(name)!.push(await load({ ...side, seconds, connections: CONNECTIONS }))
    }
  }
  const baseline = results.get('bare')!
  const figures = all.map(([name]) => [name, summarise(results.get(name)!, baseline)] as const)
  return Object.fromEntries(figures) as { bare: Figures } & Record<Name, Figures>
}

export function summarise(results: LoadResult[], baseline: LoadResult[]): Figures {
  const of = (pick: (result: LoadResult, bare: LoadResult) => number) =>
    median(results.map((result, round) => pick(result, baseline[round]!)))
  return {
    requestsPerSecond: of(({ requestsPerSecond }) => requestsPerSecond),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    throughputRatio: of((result, bare) => result.requestsPerSecond / bare.requestsPerSecond),
    p99Ratio: of((result, bare) => result.p99 / bare.p99),
  }
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
