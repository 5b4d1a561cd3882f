import { sql } from 'kysely'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import { idList } from '../../db/id-list.ts'
import type { BreakGlassRow, ConnectionRow } from '../../db/schema.ts'
import { profileIn } from './plan-revocations.ts'

type Needs = Pick<Context, 'catalogue' | 'config'>

/**
 * Of connections that have just ended here: those whose revoking would end one that was not chosen, because that lives on
 * the same tokens (they were imported twice), or on a grant of the same account that the provider ends as a whole.
 */
export async function findSharers(
  ctx: Needs,
  tx: Db,
  { workspace_id: workspace, id }: Pick<BreakGlassRow, 'workspace_id' | 'id'>,
  ended: readonly ConnectionRow[],
): Promise<Set<string>> {
  const shared = new Set<string>()
  const chosen = sql<boolean>`exists (select 1 from break_glass_connections where
    break_glass_connections.workspace_id = other.workspace_id and break_glass_connections.connection_id = other.id
    and break_glass_connections.break_glass_id = ${id})`
  const twins = await tx
    .selectFrom('connections as mine')
    .innerJoin('token_requests as request', (join) =>
      join
        .onRef('request.workspace_id', '=', 'mine.workspace_id')
        .onRef('request.id', '=', 'mine.token_request_id'),
    )
    .innerJoin('connections as other', (join) =>
      join
        .onRef('other.workspace_id', '=', 'mine.workspace_id')
        .onRef('other.integration_id', '=', 'mine.integration_id')
        .onRef('other.refresh_token_hash', '=', 'request.refresh_token_hash'),
    )
    .select('mine.id')
    .where('mine.workspace_id', '=', workspace)
    .where(
      'mine.id',
      'in',
      idList(
        tx,
        ended.map((one) => one.id),
      ),
    )
    .where('other.status', '!=', 'revoked')
    .where(({ not }) => not(chosen))
    .execute()
  for (const one of twins) shared.add(one.id)

  for (const integration of new Set(ended.map(({ integration_id }) => integration_id))) {
    const profile = await profileIn(ctx, tx, workspace, integration)
    if (!profile?.revocation?.ends_siblings) continue
    const mine = ended.filter((one) => one.integration_id === integration && one.account_id !== null)
    const accounts = [...new Set(mine.map(({ account_id }) => account_id!))]
    const living = new Set<string | null>()
    for (let from = 0; from < accounts.length; from += 500) {
      const rows = await tx
        .selectFrom('connections as other')
        .select('other.account_id')
        .distinct()
        .where('other.workspace_id', '=', workspace)
        .where('other.integration_id', '=', integration)
        .where('other.account_id', 'in', accounts.slice(from, from + 500))
        .where('other.status', '!=', 'revoked')
        .where(({ not }) => not(chosen))
        .execute()
      for (const { account_id } of rows) living.add(account_id)
    }
    for (const one of mine) if (living.has(one.account_id)) shared.add(one.id)
  }
  return shared
}
