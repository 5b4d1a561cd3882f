import type { VaultMetrics } from '../metrics/vault.ts'
import { type Tracing, typeOf } from '../tracing/tracing.ts'
import type { Vault } from './vault.ts'

/** Who takes longer has fetched a key or a value, by the network or from the database; the rest is arithmetic. */
const fetchedSeconds = 0.002

/** The same vault, which counts and times what is sealed and opened, and has a span of what took a call. */
export function watchVault<Watched extends Pick<Vault, 'seal' | 'sealer' | 'open'>>(
  vault: Watched,
  { use, tracing }: { use: VaultMetrics; tracing: Pick<Tracing, 'on' | 'begin'> },
): Watched {
  const watched =
    <Args extends unknown[], Result>(
      operation: 'seal' | 'open',
      run: (...args: Args) => Promise<Result>,
    ): ((...args: Args) => Promise<Result>) =>
    async (...args) => {
      const begun = performance.now()
      let failure: string | null = null
      try {
        return await run(...args)
      } catch (error) {
        failure = typeOf(error)
        use.failed(operation, failure)
        throw error
      } finally {
        const seconds = (performance.now() - begun) / 1000
        use.used(operation, seconds)
        if (tracing.on && (failure !== null || seconds >= fetchedSeconds)) {
          const span = tracing.begin(`vault ${operation}`, { since: begun })
          if (failure !== null) span.fail(failure)
          span.end()
        }
      }
    }
  return {
    ...vault,
    seal: watched('seal', (...args) => vault.seal(...args)),
    open: watched('open', (...args) => vault.open(...args)),
    sealer: async (workspace) => watched('seal', await vault.sealer(workspace)),
  }
}
