const minute = 60_000
const hour = 60 * minute

/** Between one try and the next, milliseconds: eight tries over 27 hours and a half. */
export const pauses = [5_000, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour] as const

/** A fifth at most is added, so that what failed together does not come back together. */
const jitter = 0.2

/** After this long without one message that arrived, an endpoint is stopped. */
export const patienceMs = 5 * 24 * hour

/** No receiver can put a message off for longer. */
const longestMs = 24 * hour

/**
 * When a message that has failed `attempts` times is tried again; null: not any more. A receiver's Retry-After counts
 * where it is later.
 */
export function nextTry(
  { attempts, now, retryAfterMs }: { attempts: number; now: number; retryAfterMs: number | null },
  random: (bytes: number) => Uint8Array,
): number | null {
  const pause = pauses[attempts - 1]
  if (pause === undefined) return null
  const [byte = 0] = random(1)
  const own = pause * (1 + (jitter * byte) / 255)
  return Math.round(now + Math.max(own, Math.min(retryAfterMs ?? 0, longestMs)))
}
