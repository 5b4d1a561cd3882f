import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { insertRows } from '../db/insert-rows.ts'
import { newId } from '../db/new-id.ts'
import type { EventRow } from '../db/schema.ts'
import type { Event } from './event.ts'
import { queueDeliveries } from './queue-deliveries.ts'

/** Writes an event inside the transaction of the change it tells of: both are there, or neither. */
export async function record(ctx: Pick<Context, 'clock' | 'random'>, tx: Db, event: Event): Promise<void> {
  const row = toRow(ctx, event)
  await tx.insertInto('events').values(row).execute()
  await queueDeliveries(tx, [row])
}

/** The same for many at once, of one workspace: a few statements, however many they are. */
export async function recordMany(
  ctx: Pick<Context, 'clock' | 'random'>,
  tx: Db,
  events: readonly Event[],
): Promise<void> {
  const rows = events.map((event) => toRow(ctx, event))
  await insertRows(tx, 'events', rows)
  await queueDeliveries(tx, rows)
}

export function toRow(ctx: Pick<Context, 'clock' | 'random'>, event: Event): EventRow {
  return {
    workspace_id: event.workspace,
    id: newId(ctx),
    type: event.type,
    at: ctx.clock.now(),
    actor_kind: event.actor.kind,
    actor_id: event.actor.id,
    app_id: event.app ?? null,
    connection_id: event.connection ?? null,
    integration_id: event.integration ?? null,
    end_user_id: event.endUser ?? null,
    request_id: event.actor.requestId,
    data: event.data ? JSON.stringify(event.data) : '{}',
  }
}
