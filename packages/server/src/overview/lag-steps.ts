/**
 * Lag is kept as one of a few steps, each twice the one before: sums of hours can be added to days, and what half or most
 * of them stayed below can be told to a factor of two.
 */

/** Upper ends in milliseconds: 1 s, 2 s, 4 s … 18 h. What is later falls into one more. */
export const stepEnds: readonly number[] = Array.from({ length: 17 }, (_, step) => 1000 * 2 ** step)

/** Stands for attempts whose lag was not measured. */
export const unmeasured = -1

/**
 * The value that a share of all stays at or below, in milliseconds: the end of its step, and no more than the most that
 * there was.
 * @param counts how many fall into each step
 */
export function quantile(counts: ReadonlyMap<number, number>, share: number, most: number): number {
  const all = [...counts.values()].reduce((sum, each) => sum + each, 0)
  let seen = 0
  for (const step of [...counts.keys()].sort((a, b) => a - b)) {
    seen += counts.get(step)!
    if (seen >= share * all) return Math.min(most, stepEnds[step] ?? most)
  }
  return most
}
