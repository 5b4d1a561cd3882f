import type { Clock } from '../context.ts'

type Entry<Value> = { value: Promise<Value>; until: number }

export type KeyCache<Value> = {
  /** One load for all who ask at once; a failure is not kept. */
  get(name: string, load: () => Promise<Value>): Promise<Value>
  forget(prefix: string): void
}

/** Keeps what was loaded for `lifetime` milliseconds, the `size` last loaded of it. */
export function createKeyCache<Value>(
  clock: Pick<Clock, 'now'>,
  { lifetime, size }: { lifetime: number; size: number },
): KeyCache<Value> {
  const kept = new Map<string, Entry<Value>>()

  function start(name: string, load: () => Promise<Value>): Promise<Value> {
    const entry = { value: load(), until: clock.now() + lifetime }
    kept.delete(name)
    kept.set(name, entry)
    if (kept.size > size) kept.delete(kept.keys().next().value!)
    entry.value.catch(() => {
      if (kept.get(name) === entry) kept.delete(name)
    })
    return entry.value
  }

  return {
    get(name, load) {
      const found = kept.get(name)
      const now = clock.now()
      // A clock that was set back must not keep a key for ever.
      const isFresh = found !== undefined && now < found.until && found.until - now <= lifetime
      return isFresh ? found.value : start(name, load)
    },
    forget(prefix) {
      for (const name of kept.keys()) if (name.startsWith(prefix)) kept.delete(name)
    },
  }
}
