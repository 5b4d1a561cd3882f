import type { Context } from '../context.ts'
import { firstIdAt } from '../db/new-id.ts'
import type { FileFormat } from '../http/dated-file.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { writeCsv } from './csv.ts'
import { labelsOf } from './labels.ts'
import { type EventFilter, listEvents, presentEvent } from './list.ts'
import { record } from './record.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random'>

export type EventExport = {
  principal: Principal
  actor: Actor
  filter: EventFilter
  /** The filter as it was asked for, for the audit log. */
  query: Record<string, unknown>
  format: FileFormat
}

const rowsAtOnce = 200

/**
 * The events that a filter chooses, newest first, as pieces of a file. That it began is written down before anything
 * leaves, and at its end how many there were.
 */
export async function exportEvents(ctx: Needs, wanted: EventExport): Promise<AsyncGenerator<string>> {
  // What happens from now on is not of this export.
  const begin = firstIdAt(ctx.clock.now() + 1)
  const { format, ...asked } = wanted.query
  await write(ctx, wanted, 'events.export_started', { format, filter: asked })
  return pieces(ctx, wanted, begin)
}

async function* pieces(ctx: Needs, wanted: EventExport, begin: string): AsyncGenerator<string> {
  const { principal, actor, filter, format } = wanted
  let after = begin
  let count = 0
  if (format === 'csv') yield writeCsv(columns)
  for (;;) {
    const found = await listEvents(ctx, principal.workspace, filter, { limit: rowsAtOnce, after })
    const page = found.slice(0, rowsAtOnce)
    // Its own beginning may be of the same millisecond.
    const rows = page.filter(
      (row) => row.type !== 'events.export_started' || row.request_id !== actor.requestId,
    )
    const labels = await labelsOf(ctx, principal, rows)
    if (rows.length > 0) yield rows.map((row) => lines[format](presentEvent(row, labels))).join('')
    count += rows.length
    if (found.length <= rowsAtOnce) break
    after = page.at(-1)!.id
  }
  await write(ctx, wanted, 'events.exported', { format, events: count })
}

function write(
  ctx: Needs,
  { principal, actor }: EventExport,
  type: 'events.export_started' | 'events.exported',
  data: Record<string, unknown>,
): Promise<void> {
  return record(ctx, ctx.db, { workspace: principal.workspace, type, actor, app: principal.app, data })
}

type Event = ReturnType<typeof presentEvent>

const columns = [
  'id',
  'at',
  'type',
  'actor_kind',
  'actor_id',
  'actor_label',
  'connection_id',
  'connection_label',
  'integration_id',
  'integration_label',
  'app_id',
  'end_user_id',
  'request_id',
  'data',
] as const

const lines: Record<FileFormat, (event: Event) => string> = {
  jsonl: (event) => `${JSON.stringify(event)}\n`,
  csv: ({ actor, data, ...event }) =>
    writeCsv(
      columns.map((column) => {
        switch (column) {
          case 'actor_kind':
            return actor.kind
          case 'actor_id':
            return actor.id
          case 'actor_label':
            return actor.label
          case 'data':
            return JSON.stringify(data)
          default:
            return event[column]
        }
      }),
    ),
}
