import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import { isAmong } from '../db/is-among.ts'
import type { EventRow } from '../db/schema.ts'
import type { Page } from '../http/cursor.ts'

type Filter = {
  type?: string | undefined
  connection?: string | undefined
  actor?: string | undefined
  since?: number | undefined
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
  filter: Filter,
  page: Page,
): Promise<EventRow[]> {
  let query = ctx.db.selectFrom('events').selectAll().where('workspace_id', '=', workspace)
  if (filter.app) query = query.where('app_id', '=', filter.app)
  if (filter.endUser !== null) query = query.where('end_user_id', '=', filter.endUser)
  if (filter.among) query = query.where(isAmong('connection_id', filter.among))
  if (filter.type) query = query.where('type', '=', filter.type)
  if (filter.connection) query = query.where('connection_id', '=', filter.connection)
  if (filter.actor) query = query.where('actor_id', '=', filter.actor)
  if (filter.since !== undefined) query = query.where('at', '>=', filter.since)
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

export function presentEvent(row: EventRow) {
  const prefix = actorPrefixes[row.actor_kind]
  return {
    id: encodeId('evt', row.id),
    type: row.type,
    at: new Date(row.at).toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id && prefix ? encodeId(prefix, row.actor_id) : null },
    connection_id: row.connection_id && encodeId('con', row.connection_id),
    integration_id: row.integration_id && encodeId('int', row.integration_id),
    app_id: row.app_id && encodeId('app', row.app_id),
    end_user_id: row.end_user_id,
    request_id: row.request_id,
    data: JSON.parse(row.data) as Record<string, unknown>,
  }
}
