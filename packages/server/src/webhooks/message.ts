import { encodeId, type WebhookMessage } from '@grantry/api'
import type { Context } from '../context.ts'
import type { EventRow } from '../db/schema.ts'

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
  return row ? JSON.stringify(toMessage(row)) : null
}

function toMessage(row: EventRow & { provider: string | null }): WebhookMessage {
  const { reason } = JSON.parse(row.data) as { reason?: unknown }
  return {
    type: row.type as WebhookMessage['type'],
    timestamp: new Date(row.at).toISOString(),
    data: {
      connection_id: row.connection_id && encodeId('con', row.connection_id),
      provider: row.provider,
      integration_id: row.integration_id && encodeId('int', row.integration_id),
      end_user_id: row.end_user_id,
      app_id: row.app_id && encodeId('app', row.app_id),
      ...(typeof reason === 'string' ? { reason } : {}),
    },
  }
}
