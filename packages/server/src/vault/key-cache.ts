import type { Clock, Context } from '../context.ts'
import type { VaultMetrics } from '../metrics/vault.ts'
import { isOutage } from './errors.ts'

/** The part of invalidation that a cache needs. */
export type Heard = Pick<Context['invalidation'], 'isComplete' | 'onChange'>

type Entry<Value> = { value: Promise<Value>; until: number }

export type KeyCache<Value> = {
  /** One load for all who ask at once; a failure is not kept. */
  get(name: string, load: () => Promise<Value>): Promise<Value>
  /** All whose names begin so. */
  forget(prefix: string): void
}

/**
 * Keeps what was loaded for `lifetime` milliseconds, the `size` last loaded of it. Names begin with a workspace and a
 * slash; while it is not known whether a workspace has changed, nothing kept is used. Where what is kept cannot be loaded
 * again because the vault's back end is out of reach, it is used for another `grace` milliseconds; a back end that refuses
 * ends it at once.
 */
export function createKeyCache<Value>(
  { clock, invalidation }: { clock: Pick<Clock, 'now'>; invalidation: Heard },
  {
    lifetime,
    size,
    grace = 0,
    use,
  }: {
    lifetime: number
    size: number
    grace?: number
    use?: Pick<VaultMetrics, 'keyLoaded' | 'keysKept'> | undefined
  },
): KeyCache<Value> {
  const kept = new Map<string, Entry<Value>>()

  function start(name: string, load: () => Promise<Value>, before: Entry<Value> | undefined): Promise<Value> {
    use?.keyLoaded()
    const entry = { value: load(), until: clock.now() + lifetime }
    kept.delete(name)
    kept.set(name, entry)
    if (kept.size > size) kept.delete(kept.keys().next().value!)
    use?.keysKept(kept.size)
    const mayStay = (error: unknown) =>
      before !== undefined && isOutage(error) && isWithin(before, grace) && invalidation.isComplete()
    const answer = entry.value.catch((error: unknown) => {
      // Whoever forgot it meanwhile had a reason.
      if (kept.get(name) !== entry) throw error
      kept.delete(name)
      if (!mayStay(error)) throw error
      kept.set(name, before!)
      return before!.value
    })
    entry.value = answer
    return answer
  }

  /** A clock that was set back must not keep a key for ever. */
  function isWithin({ until }: Entry<Value>, more: number): boolean {
    const now = clock.now()
    return now < until + more && until - now <= lifetime
  }

  function forget(prefix: string): void {
    for (const name of kept.keys()) if (name.startsWith(prefix)) kept.delete(name)
    use?.keysKept(kept.size)
  }
  invalidation.onChange((workspace) => forget(workspace === null ? '' : `${workspace}/`))

  return {
    get(name, load) {
      if (!invalidation.isComplete()) return load()
      const found = kept.get(name)
      return found && isWithin(found, 0) ? found.value : start(name, load, found)
    },
    forget,
  }
}
