import { setTimeout as pause } from 'node:timers/promises'
import type { Grantry, ImportItem, ImportResult } from '@grantry/sdk'

/** An item with the line that it came from. */
export type Numbered = { line: number; item: ImportItem; notes: string[] }

/** The server takes 500 items and a mebibyte. */
const mostItems = 250
const mostBytes = 900_000
/** Batches under way: the server stores one while the next is read and sent. */
const atOnce = 3
/** How long a server may be away, in milliseconds. */
const patienceMs = 60_000

/** Gathers items into requests that the server takes. */
export async function* toBatches(items: AsyncIterable<Numbered>): AsyncGenerator<Numbered[]> {
  let batch: Numbered[] = []
  let bytes = 0
  for await (const one of items) {
    const size = Buffer.byteLength(JSON.stringify(one.item)) + 1
    if (batch.length === mostItems || (batch.length > 0 && bytes + size > mostBytes)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(one)
    bytes += size
  }
  if (batch.length > 0) yield batch
}

export type Sent = { batch: Numbered[]; results: ImportResult[]; left: number | null }

/**
 * Sends batches, some at once, and gives back what became of each in the order of the file. A server that is away for a
 * while is waited for: the keys make it harmless to send a batch again of which nobody knows whether it arrived.
 */
export async function* sendBatches(
  grantry: Grantry,
  batches: AsyncIterable<Numbered[]>,
  options: { dryRun: boolean; signal: AbortSignal; waits: (seconds: number) => void },
): AsyncGenerator<Sent> {
  const under: Promise<Sent>[] = []
  try {
    for await (const batch of batches) {
      const sent = send(grantry, batch, options)
      // Whoever fails while an earlier one is waited for is heard when it is its turn.
      sent.catch(() => {})
      under.push(sent)
      if (under.length === atOnce) yield await under.shift()!
    }
  } finally {
    // Also where reading has failed: what was sent has an end that is worth knowing.
    while (under.length > 0) yield await under.shift()!
  }
}

async function send(
  grantry: Grantry,
  batch: Numbered[],
  { dryRun, signal, waits }: { dryRun: boolean; signal: AbortSignal; waits: (seconds: number) => void },
): Promise<Sent> {
  const items = batch.map(({ item }) => item)
  const deadline = Date.now() + patienceMs
  for (let tried = 0; ; tried++) {
    try {
      const { results, connections_left } = await grantry.connections.importMany({ items, dry_run: dryRun })
      return { batch, results, left: connections_left }
    } catch (error) {
      const wait = waitAfter(error, tried)
      if (wait === null || Date.now() + wait > deadline || signal.aborted) throw error
      waits(Math.ceil(wait / 1000))
      await pause(wait, undefined, { signal })
    }
  }
}

/** Milliseconds until it is worth another try; null where it is not. */
function waitAfter(error: unknown, tried: number): number | null {
  const { name, retryAfter } = error as { name?: string; retryAfter?: number | null }
  if (!['ConnectionFailedError', 'UnavailableError', 'RateLimitedError'].includes(name ?? '')) return null
  return retryAfter ? retryAfter * 1000 : Math.min(5000, 250 * 2 ** tried)
}
