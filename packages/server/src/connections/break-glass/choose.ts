import { type SelectQueryBuilder, sql } from 'kysely'
import { callTypes } from '../../audit/call-figures.ts'
import { isBetween, isChange } from '../../audit/conditions.ts'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import { idList } from '../../db/id-list.ts'
import { isServed, joinedConnection } from '../../db/is-served.ts'
import type { ConnectionRow, Database } from '../../db/schema.ts'
import { type Criteria, goesByLog } from './criteria.ts'

/** What `chooseFrom` needs of a workspace's log, read beforehand: no transaction waits while a long log is gone through. */
export type Choice = { criteria: Criteria; read: string[] | null }

export async function readChoice(
  ctx: Pick<Context, 'db'>,
  workspace: string,
  criteria: Criteria,
): Promise<Choice> {
  return { criteria, read: goesByLog(criteria) ? await readBy(ctx.db, workspace, criteria) : null }
}

type Query = SelectQueryBuilder<Database & { connection: ConnectionRow }, 'connection', object>

/** The living connections of a workspace that are chosen. */
export function chooseFrom(db: Db, workspace: string, { criteria, read }: Choice): Query {
  const { provider, integration, app, services, endUser, createdSince, createdUntil } = criteria
  let query: Query = db
    .selectFrom('connections as connection')
    .where('connection.workspace_id', '=', workspace)
    .where('connection.status', '!=', 'revoked')
  if (provider !== null) query = query.where('connection.provider', '=', provider)
  if (integration !== null) query = query.where('connection.integration_id', '=', integration)
  if (app !== null) query = query.where('connection.app_id', '=', app)
  if (services !== null) query = query.where(isServed(services, joinedConnection))
  if (endUser !== null) query = query.where('connection.end_user_id', '=', endUser)
  if (createdSince !== null) query = query.where('connection.created_at', '>=', createdSince)
  if (createdUntil !== null) query = query.where('connection.created_at', '<', createdUntil)
  if (read !== null) query = query.where('connection.id', 'in', idList(db, read))
  return query
}

/** How a token leaves: read, called with, or taken along in an export. */
const uses = [...callTypes, 'token.exported'] as const

/** Connections whose tokens were used. Goes through the log from `readSince` on: reads are in no index but that of time. */
async function readBy(db: Db, workspace: string, criteria: Criteria): Promise<string[]> {
  const { apiKey, readSince, readUntil } = criteria
  let query = db
    .selectFrom('events')
    .select('connection_id')
    .distinct()
    .where('workspace_id', '=', workspace)
    .where('type', 'in', uses)
    .where('connection_id', 'is not', null)
    .where(isBetween(readSince, readUntil))
  if (apiKey !== null) {
    const minted = await mintedBy(db, workspace, apiKey)
    query = query.where((event) =>
      event.or([
        event.and([event('actor_kind', '=', 'api_key'), event('actor_id', '=', apiKey)]),
        event.and([
          event('actor_kind', '=', 'end_user'),
          minted.length === 0 ? sql<boolean>`1 = 0` : event('actor_id', 'in', idList(db, minted)),
        ]),
      ]),
    )
  }
  return (await query.execute()).map(({ connection_id }) => connection_id!)
}

/** The end users' tokens that a key made: those that there are, and those that only the log still knows. */
async function mintedBy(db: Db, workspace: string, apiKey: string): Promise<string[]> {
  const rows = await db
    .selectFrom('end_user_tokens')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('key_id', '=', apiKey)
    .execute()
  const told = await db
    .selectFrom('events')
    .select('data')
    .where('workspace_id', '=', workspace)
    .where('type', '=', 'end_user_token.created')
    .where(isChange)
    .where('actor_id', '=', apiKey)
    .execute()
  const ids = told.flatMap(({ data }) => {
    const { token } = JSON.parse(data) as { token?: unknown }
    return typeof token === 'string' ? [token] : []
  })
  return [...new Set([...rows.map(({ id }) => id), ...ids])]
}
