import type { Context } from '../context.ts'
import { MOST_ROWS, preparedInsert } from '../db/prepared-insert.ts'
import type { EventRow } from '../db/schema.ts'
import { problem } from '../errors.ts'
import type { Event } from './event.ts'
import { toRow } from './record.ts'

/** Resolves when the event is committed; rejects when it could not be, and then the secret must not leave. */
export type CommitEvent = (event: Event) => Promise<void>

type Waiting = { row: EventRow; resolve: () => void; reject: (error: unknown) => void }

const insertEvents = preparedInsert('events', [
  'workspace_id',
  'id',
  'type',
  'at',
  'actor_kind',
  'actor_id',
  'app_id',
  'connection_id',
  'integration_id',
  'end_user_id',
  'request_id',
  'data',
])

/**
 * Commits events that belong to no other change. Reads that come while one commit is under way share the next,
 * so that a busy server pays for one disk flush where it has many readers.
 */
export function createGroupCommit(ctx: Pick<Context, 'db' | 'clock' | 'random'>): CommitEvent {
  let waiting: Waiting[] = []
  let running = false

  async function run() {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_ROWS)
      waiting = waiting.slice(MOST_ROWS)
      try {
        await insertEvents(
          ctx.db,
          batch.map(({ row }) => row),
        )
        for (const { resolve } of batch) resolve()
      } catch (error) {
        const refusal = problem(
          'storage_unavailable',
          'This read cannot be written to the audit log, so nothing was handed out. Try again soon.',
          { cause: error, retryAfter: 5 },
        )
        for (const { reject } of batch) reject(refusal)
      }
    }
    running = false
  }

  return (event) =>
    new Promise((resolve, reject) => {
      waiting.push({ row: toRow(ctx, event), resolve, reject })
      if (running) return
      running = true
      // One turn of the event loop later, everything that arrived together is here.
      setImmediate(run)
    })
}
