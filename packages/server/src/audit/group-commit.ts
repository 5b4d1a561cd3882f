import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { MOST_ROWS, preparedInsert, rowsAtOnce } from '../db/prepared-insert.ts'
import type { EventRow } from '../db/schema.ts'
import { problem } from '../errors.ts'
import type { Event } from './event.ts'
import { toRow } from './record.ts'

/** Resolves when the event is committed; rejects when it could not be, and then the secret must not leave. */
export type CommitEvent = (event: Event) => Promise<void>

/** So that readers without end do not keep the first one waiting. */
const MOST_TURNS = 8

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
export function createGroupCommit(
  ctx: Pick<Context, 'callFigures' | 'db' | 'clock' | 'random' | 'metrics'>,
): CommitEvent {
  const waiting: Waiting[] = []
  let running = false

  /** Waits while turns of the event loop bring more: a read takes two from its socket to here. */
  async function gather() {
    let quiet = 0
    for (let turn = 0; turn < MOST_TURNS && quiet < 2 && waiting.length < MOST_ROWS; turn++) {
      const before = waiting.length
      await nextTurn()
      quiet = waiting.length === before ? quiet + 1 : 0
    }
  }

  async function run() {
    while (waiting.length > 0) {
      await gather()
      const batch = waiting.splice(0, rowsAtOnce(waiting.length))
      try {
        await insertEvents(
          ctx.db,
          batch.map(({ row }) => row),
        )
        for (const { row, resolve } of batch) {
          ctx.callFigures.count(row)
          resolve()
        }
      } catch (error) {
        ctx.metrics.auditCommitFailed()
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
      void run()
    })
}
