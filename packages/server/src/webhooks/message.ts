import { toWebhookMessage } from '@grantry/api'
import { presentEvent } from '../audit/list.ts'
import type { Context } from '../context.ts'

/**
 * What is posted of an event. It is made of what does not change any more, so that each try sends the same bytes.
 * @returns null where the event is no longer there
 */
export async function readMessage(
  { db }: Pick<Context, 'db'>,
  { workspace_id, event_id }: { workspace_id: string; event_id: string },
): Promise<string | null> {
  const row = await db
    .selectFrom('events as event')
    .leftJoin('connections as connection', (join) =>
      join
        .onRef('connection.workspace_id', '=', 'event.workspace_id')
        .onRef('connection.id', '=', 'event.connection_id'),
    )
    .selectAll('event')
    .select('connection.provider')
    .where('event.workspace_id', '=', workspace_id)
    .where('event.id', '=', event_id)
    .executeTakeFirst()
  return row ? JSON.stringify(toWebhookMessage(presentEvent(row), row.provider)) : null
}
