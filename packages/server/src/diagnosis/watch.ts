import type { Fetch } from '@grantry/oauth'
import type { Context } from '../context.ts'
import { EgressError, type EgressErrorCode } from '../egress/error.ts'

/** What came of calling one address. */
export type Sight = {
  url: string
  fault: { code: EgressErrorCode; message: string } | null
  status: number | null
  /** How far the provider's clock is ahead of ours, in milliseconds; null where its answer has no fresh Date. */
  aheadMs: number | null
}

/** A fetch that keeps what became of its calls, for whoever judges the addresses and the clock. */
export function watch(ctx: Pick<Context, 'clock'>, fetch: Fetch): { fetch: Fetch; sights: Sight[] } {
  const sights: Sight[] = []
  const watched: Fetch = async (url, init) => {
    const before = ctx.clock.now()
    try {
      const response = await fetch(url, init)
      const middle = (before + ctx.clock.now()) / 2
      sights.push({ url, fault: null, status: response.status, aheadMs: aheadOf(response, middle) })
      return response
    } catch (error) {
      const fault = error instanceof EgressError ? { code: error.code, message: error.message } : null
      sights.push({ url, fault, status: null, aheadMs: null })
      throw error
    }
  }
  return { fetch: watched, sights }
}

/** RFC 9110 §6.6.1: to the second, so that on average half of one is missing. What a cache kept has an Age. */
function aheadOf({ headers }: Response, now: number): number | null {
  const date = headers.get('date')
  if (date === null || headers.has('age')) return null
  const at = Date.parse(date)
  return Number.isNaN(at) ? null : at + 500 - now
}
