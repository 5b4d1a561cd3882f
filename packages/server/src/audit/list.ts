import { encodeId } from '@grantry/api'
import { type SelectQueryBuilder, sql } from 'kysely'
import type { Context } from '../context.ts'
import { isAmong } from '../db/is-among.ts'
import { isServed } from '../db/is-served.ts'
import type { Database, EventRow } from '../db/schema.ts'
import type { Page } from '../http/cursor.ts'
import type { Services } from '../http/principal.ts'
import { type CallType, callTypes } from './call-figures.ts'
import { isBetween, isChange } from './conditions.ts'
import { type Labels, noLabels } from './labels.ts'

export type EventFilter = {
  /** Of one of these types; absent: of any. */
  types?: readonly string[] | undefined
  connection?: string | undefined
  integration?: string | undefined
  actor?: { kind: string; id: string } | undefined
  since?: number | undefined
  /** Before then. */
  until?: number | undefined
  /** About one of the end user's. */
  ofEndUser?: string | undefined
  app: string | null
  /** About integrations that a credential is narrowed to; null: about anything. */
  services: Services | null
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
  const count = page.limit + 1
  const found: EventRow[] = []
  for (const narrow of await waysTo(ctx, workspace, filter)) {
    const some = narrow(chosen(ctx, workspace, filter))
      .$if(page.after !== null, (query) => query.where('id', '<', page.after!))
      // What an earlier way has found enough of, a later one need not go behind.
      .$if(found.length >= count, (query) => query.where('id', '>', found[count - 1]!.id))
      .orderBy('id', 'desc')
      .limit(count)
    found.push(...(await some.execute()))
    found.sort((a, b) => (a.id < b.id ? 1 : -1))
    found.splice(count)
  }
  return found
}

type Query = SelectQueryBuilder<Database, 'events', EventRow>
type Way = (query: Query) => Query

function chosen({ db }: Pick<Context, 'db'>, workspace: string, filter: EventFilter): Query {
  const { types, since, until } = filter
  let query = db.selectFrom('events').selectAll().where('workspace_id', '=', workspace)
  if (filter.app) query = query.where('app_id', '=', filter.app)
  if (filter.endUser !== null) query = query.where('end_user_id', '=', filter.endUser)
  if (filter.ofEndUser !== undefined) query = query.where('end_user_id', '=', filter.ofEndUser)
  if (filter.among) query = query.where(isAmong('connection_id', filter.among))
  if (filter.services) {
    const { services } = filter
    query = query.where('integration_id', 'in', (eb) =>
      eb
        .selectFrom('integrations')
        .select('integrations.id')
        .where('integrations.workspace_id', '=', workspace)
        .where(isServed(services, { provider: 'integrations.provider', integration: 'integrations.id' })),
    )
  }
  if (types) query = query.where(isAmong('type', new Set(types)))
  if (filter.connection) query = query.where('connection_id', '=', filter.connection)
  if (filter.integration) query = query.where('integration_id', '=', filter.integration)
  if (filter.actor) query = query.where('actor_id', '=', filter.actor.id)
  return query.where(isBetween(since, until))
}

/** Of more connections than these one finds enough events from the newest on. */
const fewConnections = 40

/**
 * Ways that together lead to every event that a filter chooses, each in the order of an index. Reads of tokens and calls of
 * APIs are most of what there is, and are in few indexes: by connection, and by time.
 */
async function waysTo(ctx: Pick<Context, 'db'>, workspace: string, filter: EventFilter): Promise<Way[]> {
  const { types, connection, integration, actor } = filter
  const endUser = filter.ofEndUser ?? filter.endUser
  if (connection) return [(query) => query]
  if (endUser !== null) {
    const ids = await connectionsOf(ctx, workspace, 'end_user_id', endUser)
    return [onlyChanges, ...(ids ? ids.map((id) => callsBy(id, callTypes)) : [onlyCalls(callTypes)])]
  }
  // As the partial indexes have it, word for word.
  if (actor && (actor.kind === 'oauth_client' || actor.kind === 'member'))
    return [(query) => query.where('actor_kind', '=', sql.lit(actor.kind))]
  if (types) {
    const calls = types.filter(isCall)
    const changes = types.filter((type) => !isCall(type))
    return [
      ...changes.map(
        (type): Way =>
          (query) =>
            onlyChanges(query).where('type', '=', type),
      ),
      ...(calls.length > 0 ? await waysToCalls(ctx, workspace, integration, calls) : []),
    ]
  }
  if (!integration) return [(query) => query]
  return [onlyChanges, ...(await waysToCalls(ctx, workspace, integration, callTypes))]
}

async function waysToCalls(
  ctx: Pick<Context, 'db'>,
  workspace: string,
  integration: string | undefined,
  types: readonly CallType[],
): Promise<Way[]> {
  const ids = integration ? await connectionsOf(ctx, workspace, 'integration_id', integration) : null
  return ids ? ids.map((id) => callsBy(id, types)) : [onlyCalls(types)]
}

const onlyChanges: Way = (query) => query.where(isChange)

const onlyCalls =
  (types: readonly CallType[]): Way =>
  (query) =>
    query.where('type', 'in', types)

const callsBy =
  (connection: string, types: readonly CallType[]): Way =>
  (query) =>
    onlyCalls(types)(query).where('connection_id', '=', connection)

const isCall = (type: string): type is CallType => (callTypes as readonly string[]).includes(type)

/** UUIDs, ended ones too; null where there are more than a few. */
async function connectionsOf(
  { db }: Pick<Context, 'db'>,
  workspace: string,
  column: 'end_user_id' | 'integration_id',
  value: string,
): Promise<string[] | null> {
  const rows = await db
    .selectFrom('connections')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where(column, '=', value)
    .limit(fewConnections + 1)
    .execute()
  return rows.length > fewConnections ? null : rows.map(({ id }) => id)
}

const actorPrefixes: Record<string, 'key' | 'cs' | 'mem' | 'gra'> = {
  api_key: 'key',
  connect_session: 'cs',
  member: 'mem',
  // What a person allowed an app: it lives longer than any of its tokens.
  oauth_client: 'gra',
}

/** Who did it; without an id where that is nobody's to know. */
export function presentActor({ actor_kind, actor_id }: Pick<EventRow, 'actor_kind' | 'actor_id'>) {
  const prefix = actorPrefixes[actor_kind]
  return { kind: actor_kind, id: actor_id && prefix ? encodeId(prefix, actor_id) : null }
}

export function presentEvent(row: EventRow, labels: Labels = noLabels) {
  const label = (of: ReadonlyMap<string, string>, id: string | null) => (id && of.get(id)) || null
  return {
    id: encodeId('evt', row.id),
    type: row.type,
    at: new Date(row.at).toISOString(),
    actor: { ...presentActor(row), label: label(labels.actors, row.actor_id) },
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
