import type { Grantry, ImportItem } from '@grantry/sdk'
import type { ChooseIntegration, Mapping } from './choose-integration.ts'
import { type Entry, LineFault } from './draft.ts'
import type { Report, Reported } from './report.ts'
import { type Numbered, type Sent, sendBatches, toBatches } from './send-batches.ts'

export type Tally = { created: number; exists: number; checked: number; failed: number }

export type Order = {
  entries: AsyncIterable<Entry>
  choose: ChooseIntegration
  apps: Mapping
  dryRun: boolean
  report: Report
  signal: AbortSignal
  /** Told of each line that failed. */
  onFailure(line: Reported): void
  /** Told how far it is. */
  onProgress(tally: Tally): void
  /** Told that the server is away. */
  onWait(seconds: number): void
}

/** Sends what a file holds, batch by batch, and writes down what became of each line. */
export async function importFile(grantry: Grantry, order: Order): Promise<Tally> {
  const tally: Tally = { created: 0, exists: 0, checked: 0, failed: 0 }
  /** Room in the plan that a dry run has used up in its mind. */
  let spoken = 0

  async function note(reported: Reported): Promise<void> {
    tally[reported.result]++
    if (reported.result === 'failed') order.onFailure(reported)
    await order.report.write(reported)
  }

  async function* items(): AsyncGenerator<Numbered> {
    for await (const entry of order.entries) {
      try {
        if ('fault' in entry) throw entry.fault
        yield { line: entry.line, item: toItem(entry.draft, order), notes: entry.draft.notes }
      } catch (error) {
        if (!(error instanceof LineFault)) throw error
        const key = 'draft' in entry ? entry.draft.key : entry.key
        await note({ ...blank, line: entry.line, key, result: 'failed', error: faultOf(error) })
      }
    }
  }

  async function take({ batch, results, left }: Sent): Promise<void> {
    for (const [index, { line, notes }] of batch.entries()) {
      const { key, result, connection_id, first_refresh_at, error } = results[index]!
      const isFull = result === 'checked' && left !== null && spoken++ >= left
      const reported: Reported = isFull
        ? { ...blank, line, key, result: 'failed', error: full, notes }
        : {
            line,
            key,
            result,
            connection_id,
            first_refresh_at,
            error: error && { code: error.code, path: error.errors[0]?.path ?? '', message: wordsOf(error) },
            notes,
          }
      await note(reported)
    }
    order.onProgress(tally)
  }

  const options = { dryRun: order.dryRun, signal: order.signal, waits: order.onWait }
  for await (const sent of sendBatches(grantry, toBatches(items()), options)) await take(sent)
  return tally
}

function toItem(draft: Extract<Entry, { draft: unknown }>['draft'], { choose, apps }: Order): ImportItem {
  const { app_id } = draft.item
  const app = app_id === undefined ? undefined : (apps.get(app_id) ?? app_id)
  return {
    ...draft.item,
    ...(app === undefined ? {} : { app_id: app }),
    key: draft.key,
    integration: choose(draft),
  }
}

const blank = { connection_id: null, first_refresh_at: null, notes: [] }
const full = {
  code: 'quota_exceeded',
  path: '',
  message: 'The plan of this workspace allows no more connections.',
}

const faultOf = ({ path, message }: LineFault) => ({ code: 'invalid_line', path, message })

/** One field's fault is said without repeating its name. */
function wordsOf({
  detail,
  errors,
}: {
  detail: string
  errors: { path: string; message: string }[]
}): string {
  return errors.length === 1 ? errors[0]!.message : detail
}
