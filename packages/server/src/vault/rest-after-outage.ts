import type { Clock } from '../context.ts'
import { isOutage } from './errors.ts'
import type { RootKey } from './root-key.ts'
import type { SecretStore } from './stores/secret-store.ts'

const restMs = 2000

/**
 * What has just been found out of reach is left alone for two seconds: whoever asks meanwhile hears the same at once, instead
 * of waiting for a deadline each.
 */
function createRest(clock: Pick<Clock, 'now'>): <Result>(call: () => Promise<Result>) => Promise<Result> {
  let failure: { error: unknown; at: number } | null = null
  return async (call) => {
    const since = failure && clock.now() - failure.at
    if (since !== null && since >= 0 && since < restMs) throw failure!.error
    try {
      const result = await call()
      failure = null
      return result
    } catch (error) {
      if (isOutage(error)) failure = { error, at: clock.now() }
      throw error
    }
  }
}

export function restingStore(clock: Pick<Clock, 'now'>, store: SecretStore): SecretStore {
  const rest = createRest(clock)
  return {
    ...store,
    put: (item, record) => rest(() => store.put(item, record)),
    get: (item) => rest(() => store.get(item)),
    remove: (item) => rest(() => store.remove(item)),
    check: () => rest(() => store.check()),
  }
}

export function restingRootKey(clock: Pick<Clock, 'now'>, key: RootKey): RootKey {
  const rest = createRest(clock)
  return {
    ...key,
    wrap: (plain, purpose) => rest(() => key.wrap(plain, purpose)),
    unwrap: (wrapped, purpose) => rest(() => key.unwrap(wrapped, purpose)),
  }
}
