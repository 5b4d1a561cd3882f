import type { Context } from '../context.ts'
import { idList } from '../db/id-list.ts'
import type { RestoreRow } from '../db/schema.ts'

type Counts = { unproven: number; needs_reauth: number }

type RestoreReport = {
  /** Newest first. */
  restores: RestoreRow[]
  connections: Counts
  workspaces: (Counts & { id: string; name: string })[]
}

const mostWorkspaces = 200

/** What has come of the connections that were restored, over all workspaces. */
export async function reportRestores({ db }: Pick<Context, 'db'>): Promise<RestoreReport> {
  const restores = await db.selectFrom('restores').selectAll().orderBy('epoch', 'desc').limit(100).execute()
  const all = restores.length === 0 ? [] : await countRestored({ db })
  const most = all
    .toSorted((a, b) => b.needs_reauth - a.needs_reauth || b.unproven - a.unproven)
    .slice(0, mostWorkspaces)
  const ids = most.map(({ id }) => id)
  const named = await db
    .selectFrom('workspaces')
    .select(['id', 'name'])
    .where('id', 'in', idList(db, ids))
    .execute()
  const names = new Map(named.map(({ id, name }) => [id, name]))
  return {
    restores,
    connections: {
      unproven: all.reduce((sum, one) => sum + one.unproven, 0),
      needs_reauth: all.reduce((sum, one) => sum + one.needs_reauth, 0),
    },
    workspaces: most.map((one) => ({ ...one, name: names.get(one.id) ?? '' })),
  }
}

async function countRestored({ db }: Pick<Context, 'db'>): Promise<(Counts & { id: string })[]> {
  const unproven = await db
    .selectFrom('token_requests as request')
    .innerJoin('connections as connection', (join) =>
      join
        .onRef('connection.workspace_id', '=', 'request.workspace_id')
        .onRef('connection.id', '=', 'request.connection_id')
        .onRef('connection.token_request_id', '=', 'request.id'),
    )
    .select(['request.workspace_id as id', ({ fn }) => fn.countAll<number>().as('unproven')])
    .where('request.restored_in', 'is not', null)
    .where('connection.status', '=', 'active')
    .groupBy('request.workspace_id')
    .execute()
  const ended = await db
    .selectFrom('connections')
    .select(['workspace_id as id', ({ fn }) => fn.countAll<number>().as('needs_reauth')])
    .where('status', '=', 'needs_reauth')
    .where('reason', '=', 'restored')
    .groupBy('workspace_id')
    .execute()
  const counts = new Map<string, Counts & { id: string }>()
  for (const found of [...unproven, ...ended])
    counts.set(found.id, { unproven: 0, needs_reauth: 0, ...counts.get(found.id), ...found })
  return [...counts.values()]
}
