import { decodeId, type OperatorCriteria } from '@grantry/api'
import type { Context } from '../../context.ts'
import { notFound } from '../../errors.ts'
import type { Criteria } from './criteria.ts'

/**
 * Where the operator's choice is looked for: the workspace that is named, or all that have a living connection of the provider.
 * None that was deleted: its connections are being ended anyway, those on shared tokens too, and nobody is left there to do what a report asks for.
 * @throws ApiError not_found
 */
export async function workspacesOf(
  { db }: Pick<Context, 'db'>,
  said: OperatorCriteria,
  { provider }: Criteria,
): Promise<string[]> {
  if (said.workspace_id !== undefined) {
    const id = decodeId('ws', said.workspace_id)
    const row =
      id &&
      (await db
        .selectFrom('workspaces')
        .select('id')
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .executeTakeFirst())
    if (!row) throw notFound('workspace')
    return [row.id]
  }
  const rows = await db
    .selectFrom('workspaces')
    .select('workspaces.id')
    .where('workspaces.deleted_at', 'is', null)
    .where(({ exists, selectFrom }) => {
      const living = selectFrom('connections')
        .select('connections.id')
        .whereRef('connections.workspace_id', '=', 'workspaces.id')
        .where('connections.status', '!=', 'revoked')
      return exists(provider === null ? living : living.where('connections.provider', '=', provider))
    })
    .orderBy('workspaces.id')
    .execute()
  return rows.map(({ id }) => id)
}
