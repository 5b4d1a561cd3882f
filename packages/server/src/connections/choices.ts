import type { Context } from '../context.ts'

/** More than anybody would tick; who needs others names them by narrowing an API key. */
const most = 50

/** The living connections of a workspace, newest first, in words that a person chooses by. */
export async function listChoices(
  ctx: Pick<Context, 'catalogue' | 'db'>,
  workspace: string,
): Promise<{ id: string; label: string; endUser: string | null }[]> {
  const rows = await ctx.db
    .selectFrom('connections')
    .innerJoin('integrations', (join) =>
      join
        .onRef('integrations.workspace_id', '=', 'connections.workspace_id')
        .onRef('integrations.id', '=', 'connections.integration_id'),
    )
    .select([
      'connections.id',
      'connections.provider',
      'connections.account_label',
      'connections.account_email',
      'connections.end_user_id',
      'integrations.label',
    ])
    .where('connections.workspace_id', '=', workspace)
    .where('connections.status', 'in', ['active', 'needs_reauth'])
    .orderBy('connections.id', 'desc')
    .limit(most)
    .execute()
  return rows.map((row) => {
    const provider =
      row.provider === null ? row.label : (ctx.catalogue.get(row.provider)?.display_name ?? row.provider)
    const account = row.account_email ?? row.account_label
    return {
      id: row.id,
      label: account === null ? provider : `${provider}: ${account}`,
      endUser: row.end_user_id,
    }
  })
}
