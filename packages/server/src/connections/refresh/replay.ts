import type { Engine } from './engine.ts'

/** Puts what waits in the spool where it belongs. Answers how many pairs there were. */
export async function replaySpool({
  spool,
  store,
  clock,
  metrics,
}: Pick<Engine, 'spool' | 'store' | 'clock' | 'metrics'>): Promise<number> {
  const waiting = await spool.list()
  metrics.spool(waiting.length)
  for (const kept of waiting) {
    await store.keep(kept, clock.now())
    await spool.remove(kept)
  }
  return waiting.length
}
