import type { Context } from '../context.ts'
import { isAmong } from '../db/is-among.ts'
import { isServed, joinedConnection } from '../db/is-served.ts'
import type { Services } from '../http/principal.ts'
import type { Connection } from './store.ts'

/** A connection with what its integration is called by. */
export type NamedConnection = Connection & { integration_name: string | null; integration_label: string }

/**
 * Living connections with the names of their integrations, newest first. `endUser` null: the workspace's own; absent:
 * anyone's. `called`: those of one provider, or of an integration that was given this name.
 */
export async function listNamedConnections(
  ctx: Pick<Context, 'db'>,
  {
    workspace,
    endUser,
    app,
    among,
    services,
    called,
    limit,
  }: {
    workspace: string
    endUser?: string | null | undefined
    app: string | null
    /** UUIDs: these at most; null: whichever. */
    among: ReadonlySet<string> | null
    /** Those that a credential is narrowed to; null: of any. */
    services: Services | null
    called?: string
    limit: number
  },
): Promise<NamedConnection[]> {
  let rows = ctx.db
    .selectFrom('connections as connection')
    .innerJoin('integrations as integration', (join) =>
      join
        .onRef('integration.workspace_id', '=', 'connection.workspace_id')
        .onRef('integration.id', '=', 'connection.integration_id'),
    )
    .selectAll('connection')
    .select(['integration.name as integration_name', 'integration.label as integration_label'])
    .where('connection.workspace_id', '=', workspace)
    .where('connection.status', '!=', 'revoked')
    .orderBy('connection.id', 'desc')
    .limit(limit)
  if (endUser !== undefined)
    rows = rows.where('connection.end_user_id', endUser === null ? 'is' : '=', endUser)
  if (called !== undefined)
    rows = rows.where((eb) =>
      eb.or([eb('connection.provider', '=', called), eb('integration.name', '=', called)]),
    )
  if (among) rows = rows.where(isAmong('connection.id', among))
  if (services) rows = rows.where(isServed(services, joinedConnection))
  if (app) rows = rows.where('connection.app_id', '=', app)
  return rows.execute()
}
