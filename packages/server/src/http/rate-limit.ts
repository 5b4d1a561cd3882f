import { problem } from '../errors.ts'

/** Throws rate_limited when `key` has spent its tokens. */
export type RateLimit = (key: string) => void

const mostKeys = 10_000

/**
 * A token bucket per key, in this process: `burst` at once, refilled over `perMs`.
 * Keys that are full again are forgotten; past 10,000 the oldest go first.
 */
export function createRateLimit(options: {
  burst: number
  perMs: number
  now: () => number
  what: string
}): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>()
  const { burst, perMs, now, what } = options
  return (key) => {
    const at = now()
    const bucket = buckets.get(key) ?? { tokens: burst, at }
    const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) * burst) / perMs)
    buckets.delete(key)
    if (buckets.size >= mostKeys) buckets.delete(buckets.keys().next().value as string)
    if (tokens < 1) {
      buckets.set(key, { tokens, at })
      const retryAfter = Math.ceil(((1 - tokens) * perMs) / burst / 1000)
      throw problem('rate_limited', `Too many ${what}. Try again in ${retryAfter} s.`, { retryAfter })
    }
    buckets.set(key, { tokens: tokens - 1, at })
  }
}
