import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import { isAmong } from '../db/is-among.ts'
import type { EventRow } from '../db/schema.ts'
import type { Page } from '../http/cursor.ts'
import { type Labels, noLabels } from './labels.ts'

export type EventFilter = {
  /** Of one of these types; absent: of any. */
  types?: readonly string[] | undefined
  connection?: string | undefined
  integration?: string | undefined
  actor?: string | undefined
  since?: number | undefined
  /** Before then. */
  until?: number | undefined
  /** About one of the end user's. */
  ofEndUser?: string | undefined
  app: string | null
  /** Of this end user only; null: of anyone. */
  endUser: string | null
  /** About these connections only (UUIDs); null: about anything. */
  among: ReadonlySet<string> | null
}

/** Newest first; `limit + 1` rows. */
export async function listEvents(
  ctx: Pick<Context, 'db'>,
  workspace: string,
  filter: EventFilter,
  page: Page,
): Promise<EventRow[]> {
  let query = ctx.db.selectFrom('events').selectAll().where('workspace_id', '=', workspace)
  if (filter.app) query = query.where('app_id', '=', filter.app)
  if (filter.endUser !== null) query = query.where('end_user_id', '=', filter.endUser)
  if (filter.ofEndUser !== undefined) query = query.where('end_user_id', '=', filter.ofEndUser)
  if (filter.among) query = query.where(isAmong('connection_id', filter.among))
  if (filter.types) query = query.where(isAmong('type', new Set(filter.types)))
  if (filter.connection) query = query.where('connection_id', '=', filter.connection)
  if (filter.integration) query = query.where('integration_id', '=', filter.integration)
  if (filter.actor) query = query.where('actor_id', '=', filter.actor)
  if (filter.since !== undefined) query = query.where('at', '>=', filter.since)
  if (filter.until !== undefined) query = query.where('at', '<', filter.until)
  if (page.after) query = query.where('id', '<', page.after)
  return query
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

const actorPrefixes: Record<string, 'key' | 'cs' | 'mem' | 'gra'> = {
  api_key: 'key',
  connect_session: 'cs',
  member: 'mem',
  // What a person allowed an app: it lives longer than any of its tokens.
  oauth_client: 'gra',
}

export function presentEvent(row: EventRow, labels: Labels = noLabels) {
  const prefix = actorPrefixes[row.actor_kind]
  const label = (of: ReadonlyMap<string, string>, id: string | null) => (id && of.get(id)) || null
  return {
    id: encodeId('evt', row.id),
    type: row.type,
    at: new Date(row.at).toISOString(),
    actor: {
      kind: row.actor_kind,
      id: row.actor_id && prefix ? encodeId(prefix, row.actor_id) : null,
      label: label(labels.actors, row.actor_id),
    },
    connection_id: row.connection_id && encodeId('con', row.connection_id),
    connection_label: label(labels.connections, row.connection_id),
    integration_id: row.integration_id && encodeId('int', row.integration_id),
    integration_label: label(labels.integrations, row.integration_id),
    app_id: row.app_id && encodeId('app', row.app_id),
    end_user_id: row.end_user_id,
    request_id: row.request_id,
    data: JSON.parse(row.data) as Record<string, unknown>,
  }
}
