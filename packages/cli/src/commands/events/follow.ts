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
      const query = { ...filter, ...(from ? { since: from } : {}), limit: 200 }
      fresh =
        started || since !== undefined
          ? await unseen(grantry, query, seen)
          : await newest(grantry, query, last, seen)
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
    const latest = Math.max(...seen.values())
    if (seen.size > 0) from = new Date(latest - overlapMs).toISOString()
    for (const [id, at] of seen) if (at < latest - overlapMs) seen.delete(id)
    await pause(everyMs, undefined, { signal })
  }
}

/** Restarts are waited for here, where they can be told of. */
const options = { timeout: 10 }

/** What is new, oldest first. */
async function unseen(
  grantry: Pick<Grantry, 'events'>,
  query: ListEventsQuery,
  seen: ReadonlyMap<string, number>,
): Promise<Event[]> {
  const found: Event[] = []
  for await (const event of grantry.events.list(query, options)) if (!seen.has(event.id)) found.push(event)
  return found.reverse()
}

/** The last so many, oldest first; what is about as old as the newest is noted in `seen` although it is not among them. */
async function newest(
  grantry: Pick<Grantry, 'events'>,
  query: ListEventsQuery,
  last: number,
  seen: Map<string, number>,
): Promise<Event[]> {
  const found: Event[] = []
  let first: number | undefined
  for await (const event of grantry.events.list(query, options)) {
    const at = Date.parse(event.at)
    first ??= at
    if (found.length >= last && at < first - overlapMs) break
    seen.set(event.id, at)
    if (found.length < last) found.push(event)
  }
  return found.reverse()
}

/** A restart, a deployment, a plan's limit: what goes by. */
const passes = (error: unknown) =>
  ['ConnectionFailedError', 'UnavailableError', 'RateLimitedError'].includes((error as Error).name)
