import type { Event, RefreshAttempt } from '@grantry/sdk/transport'

/** One line of a connection's timeline. `also`: how many more like it came right before, the oldest at `from`. */
export type Moment =
  | { kind: 'attempt'; id: string; at: string; attempt: RefreshAttempt }
  | { kind: 'event'; id: string; at: string; event: Event; also: number; from: string }

/** What is loaded of one of the two lists, newest first, and whether there is more. */
export type Loaded<T> = { items: T[]; more: boolean }

/** These say what an attempt beside them says in more words. */
const saidByAttempts = new Set(['connection.refreshed', 'connection.refresh_failed'])
/** These come by the thousand: neighbours that are alike are told as one. */
const numerous = new Set(['token.read', 'proxy.called'])

/**
 * Both lists as one, newest first. What lies before the end of a list that goes on is held back: something of that list may
 * belong between.
 */
export function mergeTimeline(attempts: Loaded<RefreshAttempt>, events: Loaded<Event>): Moment[] {
  const known = Math.max(endOf(attempts), endOf(events))
  const moments: Moment[] = [
    ...attempts.items.map((attempt) => ({
      kind: 'attempt' as const,
      id: attempt.id,
      at: attempt.at,
      attempt,
    })),
    ...events.items
      .filter(({ type }) => !saidByAttempts.has(type))
      .map((event) => ({
        kind: 'event' as const,
        id: event.id,
        at: event.at,
        event,
        also: 0,
        from: event.at,
      })),
  ]
  return moments
    .filter(({ at }) => Date.parse(at) >= known)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .reduce<Moment[]>(gather, [])
}

/** Up to where a list is known: the beginning of time where it is all here. */
function endOf({ items, more }: Loaded<{ at: string }>): number {
  const last = items.at(-1)
  return more && last ? Date.parse(last.at) : Number.NEGATIVE_INFINITY
}

function gather(told: Moment[], next: Moment): Moment[] {
  const last = told.at(-1)
  if (last?.kind === 'event' && next.kind === 'event' && alike(last.event, next.event))
    told[told.length - 1] = { ...last, also: last.also + 1, from: next.at }
  else told.push(next)
  return told
}

const alike = (one: Event, other: Event): boolean =>
  numerous.has(one.type) &&
  one.type === other.type &&
  one.actor.kind === other.actor.kind &&
  one.actor.id === other.actor.id &&
  one.data.method === other.data.method &&
  one.data.path === other.data.path &&
  one.data.tool === other.data.tool
