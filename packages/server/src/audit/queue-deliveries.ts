import { webhookTypes } from '@grantry/api'
import { sql } from 'kysely'
import type { Db } from '../db/connect.ts'
import { idList } from '../db/id-list.ts'
import type { EventRow } from '../db/schema.ts'

const told: ReadonlySet<string> = new Set(webhookTypes)

/**
 * Leaves events of one workspace for every endpoint that hears of them, in the transaction of the change: what was not
 * committed is never sent, and what was committed is sent though the process ends here. One statement, and none for what is
 * never told.
 */
export async function queueDeliveries(
  tx: Db,
  events: readonly Pick<EventRow, 'workspace_id' | 'id' | 'type'>[],
): Promise<void> {
  const heard = events.filter(({ type }) => told.has(type))
  const [first] = heard
  if (!first) return
  const ids = heard.map(({ id }) => id)
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
        .where('endpoint.workspace_id', '=', first.workspace_id)
        .$if(ids.length === 1, (query) => query.where('event.id', '=', first.id))
        .$if(ids.length > 1, (query) => query.where('event.id', 'in', idList(tx, ids)))
        .where('endpoint.enabled', '=', 1)
        .where((row) =>
          row.or([row('endpoint.app_id', 'is', null), row('endpoint.app_id', '=', row.ref('event.app_id'))]),
        )
        .where((row) =>
          row.or([
            row('endpoint.types', '=', '[]'),
            row('endpoint.types', 'like', sql<string>`'%"' || ${row.ref('event.type')} || '"%'`),
          ]),
        ),
    )
    .execute()
}
