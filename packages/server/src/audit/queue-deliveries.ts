import { webhookTypes } from '@grantry/api'
import type { Db } from '../db/connect.ts'
import type { EventRow } from '../db/schema.ts'

const told: ReadonlySet<string> = new Set(webhookTypes)

/**
 * Leaves the event for every endpoint that hears of it, in the transaction of the change: what was not committed is never
 * sent, and what was committed is sent though the process ends here. One statement, and none for what is never told.
 */
export async function queueDeliveries(
  tx: Db,
  { workspace_id, id, type }: Pick<EventRow, 'workspace_id' | 'id' | 'type'>,
): Promise<void> {
  if (!told.has(type)) return
  await tx
    .insertInto('webhook_deliveries')
    .columns(['workspace_id', 'endpoint_id', 'event_id', 'type', 'status', 'attempts', 'tries'])
    .expression((eb) =>
      eb
        .selectFrom('webhook_endpoints as endpoint')
        .innerJoin('events as event', 'event.workspace_id', 'endpoint.workspace_id')
        .select((row) => [
          'endpoint.workspace_id',
          'endpoint.id as endpoint_id',
          'event.id as event_id',
          'event.type',
          row.val('pending').as('status'),
          row.lit(0).as('attempts'),
          row.val('[]').as('tries'),
        ])
        .where('endpoint.workspace_id', '=', workspace_id)
        .where('event.id', '=', id)
        .where('endpoint.enabled', '=', 1)
        .where((row) =>
          row.or([row('endpoint.app_id', 'is', null), row('endpoint.app_id', '=', row.ref('event.app_id'))]),
        )
        .where((row) =>
          row.or([row('endpoint.types', '=', '[]'), row('endpoint.types', 'like', `%"${type}"%`)]),
        ),
    )
    .execute()
}
