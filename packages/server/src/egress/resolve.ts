import { lookup } from 'node:dns/promises'

export type Address = { address: string; family: number }
/** Every address of a host name; rejects, or answers none, when there is no such host. */
export type Lookup = (host: string) => Promise<Address[]>

/** The machine's own resolver, hosts file included. */
export const systemLookup: Lookup = (host) => lookup(host, { all: true, order: 'verbatim' })

const MAX_ENTRIES = 1000

/**
 * A lookup that is shared while it runs and for `ttlMs` after, so that many calls to one provider do not queue at the
 * two threads that getaddrinfo has. What is remembered is the address list itself, judged anew for each call and
 * pinned to the socket: a name that changes its mind gains nothing. Failures are not remembered.
 */
export function rememberLookups(ask: Lookup, ttlMs: number, now: () => number): Lookup {
  const known = new Map<string, { answer: Promise<Address[]>; until: number }>()
  return (host) => {
    const hit = known.get(host)
    if (hit && hit.until > now()) return hit.answer
    const entry = { answer: ask(host), until: Number.POSITIVE_INFINITY }
    known.delete(host)
    known.set(host, entry)
    entry.answer.then(
      () => {
        entry.until = now() + ttlMs
      },
      () => {
        if (known.get(host) === entry) known.delete(host)
      },
    )
    if (known.size > MAX_ENTRIES) known.delete(known.keys().next().value!)
    return entry.answer
  }
}
