import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { isUniqueViolation } from '../db/constraint.ts'
import { isAmong } from '../db/is-among.ts'
import { isServed, joinedConnection } from '../db/is-served.ts'
import type { ConnectionRow, NamedConnectionRow } from '../db/schema.ts'
import { problem } from '../errors.ts'
import type { Principal } from '../http/principal.ts'
import { type Connection, reaches } from './store.ts'

/**
 * Names that connections were given by their maker, for APIs that go by names. A name ends with its connection, and
 * means something inside one app, or outside of every app.
 */
export type WithName = { named: NamedConnectionRow; connection: Connection }

export type NamePage = { after?: string | undefined; limit: number }

/** Where a credential's names are. */
export const nameSpace = ({ workspace, app }: Pick<Principal, 'workspace' | 'app'>) => ({
  workspace_id: workspace,
  app: app ?? '',
})

/** @throws ApiError conflict where another connection has the name */
export async function nameConnection(tx: Db, row: NamedConnectionRow): Promise<void> {
  try {
    await tx.insertInto('named_connections').values(row).execute()
  } catch (error) {
    if (!isUniqueViolation(error, 'named_connections_pkey')) throw error
    throw problem(
      'conflict',
      `There is a connection called "${row.name}" already. Change that one by PUT, or choose another name.`,
      { cause: error, errors: [{ path: 'metadata.name', message: 'is taken' }] },
    )
  }
}

/** Null also where the credential does not reach the connection. */
export async function findByName(
  { db }: Pick<Context, 'db'>,
  principal: Principal,
  name: string,
): Promise<WithName | null> {
  const { workspace_id, app } = nameSpace(principal)
  const named = await db
    .selectFrom('named_connections')
    .selectAll()
    .where('workspace_id', '=', workspace_id)
    .where('app', '=', app)
    .where('name', '=', name)
    .executeTakeFirst()
  if (!named) return null
  const connection = await db
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', named.connection_id)
    .executeTakeFirst()
  return connection && reaches(principal, connection) ? { named, connection } : null
}

/** Those that the credential reaches, by name. */
export async function listNames(
  { db }: Pick<Context, 'db'>,
  principal: Principal,
  page: NamePage,
): Promise<{ named: NamedConnectionRow; connection: Pick<Connection, 'status' | 'reason'> }[]> {
  const { workspace_id, app } = nameSpace(principal)
  const { endUser, connections: among, services } = principal
  const rows = await db
    .selectFrom('named_connections as named')
    .innerJoin('connections as connection', (join) =>
      join
        .onRef('connection.workspace_id', '=', 'named.workspace_id')
        .onRef('connection.id', '=', 'named.connection_id'),
    )
    .selectAll('named')
    .select(['connection.status', 'connection.reason'])
    .where('named.workspace_id', '=', workspace_id)
    .where('named.app', '=', app)
    .$if(endUser !== null, (query) => query.where('connection.end_user_id', '=', endUser))
    .$if(among !== null, (query) => query.where(isAmong('connection.id', among!)))
    .$if(services !== null, (query) => query.where(isServed(services!, joinedConnection)))
    .$if(page.after !== undefined, (query) => query.where('named.name', '>', page.after!))
    .orderBy('named.name')
    .limit(page.limit)
    .execute()
  return rows.map(({ status, reason, ...named }) => ({ named, connection: { status, reason } }))
}

export async function changeName(
  tx: Db,
  { workspace_id, app, name }: NamedConnectionRow,
  set: Pick<NamedConnectionRow, 'display_name' | 'labels' | 'updated_at'>,
): Promise<void> {
  await tx
    .updateTable('named_connections')
    .set(set)
    .where('workspace_id', '=', workspace_id)
    .where('app', '=', app)
    .where('name', '=', name)
    .execute()
}

/** For whoever ends a connection. */
export async function removeName(
  tx: Db,
  { workspace_id, id }: Pick<ConnectionRow, 'workspace_id' | 'id'>,
): Promise<void> {
  await tx
    .deleteFrom('named_connections')
    .where('workspace_id', '=', workspace_id)
    .where('connection_id', '=', id)
    .execute()
}
