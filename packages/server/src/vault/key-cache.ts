import type { Clock, Context } from '../context.ts'
import type { VaultUse } from '../metrics/vault-use.ts'

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
 * slash; while it is not known whether a workspace has changed, nothing kept is used.
 */
export function createKeyCache<Value>(
  { clock, invalidation }: { clock: Pick<Clock, 'now'>; invalidation: Heard },
  {
    lifetime,
    size,
    use,
  }: { lifetime: number; size: number; use?: Pick<VaultUse, 'keyLoaded' | 'keysKept'> | undefined },
): KeyCache<Value> {
  const kept = new Map<string, Entry<Value>>()

  function start(name: string, load: () => Promise<Value>): Promise<Value> {
    use?.keyLoaded()
    const entry = { value: load(), until: clock.now() + lifetime }
    kept.delete(name)
    kept.set(name, entry)
    if (kept.size > size) kept.delete(kept.keys().next().value!)
    use?.keysKept(kept.size)
    entry.value.catch(() => {
      if (kept.get(name) === entry) kept.delete(name)
    })
    return entry.value
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
      const now = clock.now()
      // A clock that was set back must not keep a key for ever.
      const isFresh = found !== undefined && now < found.until && found.until - now <= lifetime
      return isFresh ? found.value : start(name, load)
    },
    forget,
  }
}
