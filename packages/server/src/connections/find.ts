import { encodeId } from '@grantry/api'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { isAmong } from '../db/is-among.ts'
import { isServed } from '../db/is-served.ts'
import { problem } from '../errors.ts'
import type { Page } from '../http/cursor.ts'
import type { Principal, Services } from '../http/principal.ts'
import { isCalled } from './is-called.ts'
import type { Connection } from './store.ts'

export type ConnectionFilter = {
  workspace: string
  integration?: string | undefined
  provider?: string | undefined
  /** The name that their integration was given. */
  named?: string | undefined
  /** null: the workspace's own; undefined: anyone's. */
  endUser?: string | null | undefined
  /** null: outside every app; undefined: any app's. */
  app?: string | null | undefined
  status?: Connection['status'] | undefined
  reason?: string | undefined
  /** Whose tokens came back out of a backup and have not been renewed since. */
  fromBackup?: boolean
  /** Active, and to be renewed by a person before then. */
  endingBefore?: number | undefined
  /** What they are called by begins so; or the id of one. */
  search?: string | undefined
  /** Leaves out those that have been ended. */
  living?: true
  /** UUIDs: these at most; null: whichever. */
  among: ReadonlySet<string> | null
  /** Those that a credential is narrowed to; null: of any. */
  services: Services | null
}

/** Whose connections a credential means that names nobody: those chosen at consent whoever's they are, else the workspace's own. */
export const unnamed = ({ connections }: Pick<Principal, 'connections'>): null | undefined =>
  connections === null ? null : undefined

/** Newest first, `limit + 1` rows. */
export async function listConnections(
  ctx: Pick<Context, 'db'>,
  filter: ConnectionFilter,
  page: Page,
): Promise<Connection[]> {
  let query = ctx.db.selectFrom('connections').selectAll().where('workspace_id', '=', filter.workspace)
  if (filter.integration) query = query.where('integration_id', '=', filter.integration)
  if (filter.provider) query = query.where('provider', '=', filter.provider)
  if (filter.named !== undefined) {
    const { workspace, named } = filter
    query = query.where('integration_id', 'in', (eb) =>
      eb
        .selectFrom('integrations')
        .select('integrations.id')
        .where('integrations.workspace_id', '=', workspace)
        .where('integrations.name', '=', named),
    )
  }
  if (filter.status) query = query.where('status', '=', filter.status)
  // As the indexes have it, word for word: SQLite would not know that a parameter fits.
  if (filter.status && filter.status !== 'active') query = query.where('status', '<>', sql.lit('active'))
  if (filter.reason !== undefined) query = query.where('reason', '=', filter.reason)
  if (filter.fromBackup)
    query = query.where('token_request_id', 'in', (eb) =>
      eb
        .selectFrom('token_requests')
        .select('token_requests.id')
        .where('token_requests.workspace_id', '=', filter.workspace)
        .where('token_requests.restored_in', 'is not', null),
    )
  if (filter.endingBefore !== undefined) query = query.where('ends_at', '<', filter.endingBefore)
  if (filter.search !== undefined) query = query.where(await isCalled(ctx, filter.workspace, filter.search))
  if (filter.living) query = query.where('status', '!=', 'revoked')
  if (filter.endUser !== undefined)
    query = query.where('end_user_id', filter.endUser === null ? 'is' : '=', filter.endUser)
  if (filter.app !== undefined) query = query.where('app_id', filter.app === null ? 'is' : '=', filter.app)
  if (filter.among) query = query.where(isAmong('id', filter.among))
  if (filter.services) query = query.where(isServed(filter.services))
  if (page.after) query = query.where('id', '<', page.after)
  return query
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

/**
 * The one living connection that an integration or provider, an end user and an app mean.
 * @throws ApiError not_found; ambiguous, with their ids
 */
export async function findConnection(
  ctx: Pick<Context, 'db'>,
  filter: ConnectionFilter,
): Promise<Connection> {
  const list = (by: ConnectionFilter) =>
    listConnections(ctx, { ...by, living: true }, { limit: 50, after: null })
  const exact = await list(filter)
  const { provider, ...others } = filter
  // A provider that the catalogue does not have goes by the name that its integration was given.
  const living =
    exact.length > 0 || provider === undefined ? exact : await list({ ...others, named: provider })
  const active = living.filter((row) => row.status === 'active')
  const candidates = active.length > 0 ? active : living
  const [only, another] = candidates
  if (!only) throw problem('not_found', 'No connection fits: nobody has connected this account here.')
  if (another)
    throw problem('ambiguous', 'Several connections fit. Ask for one of them by its id.', {
      members: { ids: candidates.map(({ id }) => encodeId('con', id)) },
    })
  return only
}
