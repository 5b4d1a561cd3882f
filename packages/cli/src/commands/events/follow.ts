import { setTimeout as pause } from 'node:timers/promises'
import type { Event, Grantry, ListEventsQuery } from '@grantry/sdk'

/** An event of a slow transaction comes after later ones; it is in time when it is not this much older. */
const overlapMs = 30_000
const everyMs = 1000

export type Follow = {
  /** RFC 3339; absent: the newest `last`. */
  since?: string | undefined
  last: number
  filter: ListEventsQuery
  /** false: what there is, and no more. */
  follow: boolean
  signal: AbortSignal
  /** The server does not answer, or does again. */
  onWaiting(waiting: boolean): void
}

/**
 * Events in the order in which they happened, each once, for as long as the signal is not aborted. A server that is away is
 * waited for: what happened before it went and after it came is all there.
 */
export async function* followEvents(
  grantry: Pick<Grantry, 'events'>,
  { since, last, filter, follow, signal, onWaiting }: Follow,
): AsyncGenerator<Event> {
  const seen = new Map<string, number>()
  let from = since
  let started = false
  while (true) {
    let fresh: Event[]
    try {
      fresh = await unseen(grantry, { ...filter, ...(from ? { since: from } : {}) }, seen, {
        most: started || since !== undefined ? Number.POSITIVE_INFINITY : last,
        timeout: 10,
      })
      onWaiting(false)
    } catch (error) {
      // At the start it may as well be the wrong address.
      if (!started || !passes(error)) throw error
      onWaiting(true)
      await pause(everyMs * 2, undefined, { signal })
      continue
    }
    started = true
    for (const event of fresh) seen.set(event.id, Date.parse(event.at))
    yield* fresh
    if (!follow) return
    const newest = Math.max(...seen.values())
    if (seen.size > 0) from = new Date(newest - overlapMs).toISOString()
    for (const [id, at] of seen) if (at < newest - overlapMs) seen.delete(id)
    await pause(everyMs, undefined, { signal })
  }
}

/** What is new, oldest first. */
async function unseen(
  grantry: Pick<Grantry, 'events'>,
  query: ListEventsQuery,
  seen: ReadonlyMap<string, number>,
  { most, timeout }: { most: number; timeout: number },
): Promise<Event[]> {
  const found: Event[] = []
  for await (const event of grantry.events.list({ ...query, limit: Math.min(most, 200) }, { timeout })) {
    if (found.length >= most) break
    if (!seen.has(event.id)) found.push(event)
  }
  return found.reverse()
}

/** A restart, a deployment, a plan's limit: what goes by. */
const passes = (error: unknown) =>
  ['ConnectionFailedError', 'UnavailableError', 'RateLimitedError'].includes((error as Error).name)
