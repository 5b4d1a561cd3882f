/**
 * Lag is kept as one of a few steps, each twice the one before: hours can be added up to days, and what half or most
 * of them stayed below can be told to a factor of two.
 */

/** Upper ends in milliseconds: 1 s, 2 s, 4 s … 18 h. What is later falls into one more. */
export const stepEnds: readonly number[] = Array.from({ length: 17 }, (_, step) => 1000 * 2 ** step)

/** Stands for attempts whose lag was not measured. */
export const unmeasured = -1

/** Step → how many fall into it. */
export type Lags = Record<string, number>

export const measured = (lags: Lags): number => Object.values(lags).reduce((all, each) => all + each, 0)

/**
 * What a share of all stays at or below, in milliseconds: the end of its step, and no more than the most that there was.
 */
export function quantile(lags: Lags, share: number, most: number): number {
  const all = measured(lags)
  let seen = 0
  for (const [step, end] of stepEnds.entries()) {
    seen += lags[step] ?? 0
    if (seen >= share * all) return Math.min(most, end)
  }
  return most
}
