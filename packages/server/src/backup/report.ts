import type { Context } from '../context.ts'
import type { RestoreRow } from '../db/schema.ts'

export type RestoreCounts = { unproven: number; needs_reauth: number }

export type RestoreReport = {
  /** Newest first. */
  restores: RestoreRow[]
  connections: RestoreCounts
  workspaces: (RestoreCounts & { id: string; name: string })[]
}

const mostWorkspaces = 200

/** What has come of the connections that were restored, over all workspaces. */
export async function reportRestores({ db }: Pick<Context, 'db'>): Promise<RestoreReport> {
  const restores = await db.selectFrom('restores').selectAll().orderBy('epoch', 'desc').limit(100).execute()
  const of = new Map<string, RestoreCounts>()
  const count = (workspace: string, what: keyof RestoreCounts, number: number) => {
    const counts = of.get(workspace) ?? { unproven: 0, needs_reauth: 0 }
    of.set(workspace, { ...counts, [what]: number })
  }
  if (restores.length > 0) {
    const unproven = await db
      .selectFrom('token_requests as request')
      .innerJoin('connections as connection', (join) =>
        join
          .onRef('connection.workspace_id', '=', 'request.workspace_id')
          .onRef('connection.id', '=', 'request.connection_id')
          .onRef('connection.token_request_id', '=', 'request.id'),
      )
      .select(['request.workspace_id', ({ fn }) => fn.countAll().as('number')])
      .where('request.restored_in', 'is not', null)
      .where('connection.status', '=', 'active')
      .groupBy('request.workspace_id')
      .execute()
    for (const { workspace_id, number } of unproven) count(workspace_id, 'unproven', Number(number))
    const ended = await db
      .selectFrom('connections')
      .select(['workspace_id', ({ fn }) => fn.countAll().as('number')])
      .where('status', '=', 'needs_reauth')
      .where('reason', '=', 'restored')
      .groupBy('workspace_id')
      .execute()
    for (const { workspace_id, number } of ended) count(workspace_id, 'needs_reauth', Number(number))
  }
  const all = [...of.values()]
  const most = [...of]
    .sort(([, a], [, b]) => b.needs_reauth - a.needs_reauth || b.unproven - a.unproven)
    .slice(0, mostWorkspaces)
  const names = new Map(
    most.length === 0
      ? []
      : (
          await db
            .selectFrom('workspaces')
            .select(['id', 'name'])
            .where(
              'id',
              'in',
              most.map(([id]) => id),
            )
            .execute()
        ).map(({ id, name }) => [id, name]),
  )
  return {
    restores,
    connections: {
      unproven: all.reduce((sum, one) => sum + one.unproven, 0),
      needs_reauth: all.reduce((sum, one) => sum + one.needs_reauth, 0),
    },
    workspaces: most.map(([id, counts]) => ({ id, name: names.get(id) ?? '', ...counts })),
  }
}
