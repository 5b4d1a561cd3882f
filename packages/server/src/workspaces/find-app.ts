import { decodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import { problem } from '../errors.ts'
import type { Principal } from '../http/principal.ts'

/**
 * The app that a request means: the one it names, else the one its credential is narrowed to, else none.
 * @throws ApiError not_found for an app of another workspace, or any other than a narrowed credential's own
 */
export async function readAppReference(
  ctx: Pick<Context, 'db'>,
  principal: Principal,
  named: string | undefined,
  path = 'app_id',
): Promise<string | null> {
  if (named === undefined) return principal.app
  const id = decodeId('app', named)
  const row =
    id && (!principal.app || principal.app === id)
      ? await ctx.db
          .selectFrom('apps')
          .select('id')
          .where('workspace_id', '=', principal.workspace)
          .where('id', '=', id)
          .executeTakeFirst()
      : undefined
  if (!row)
    throw problem('not_found', `${path}: there is no app with this id in your workspace.`, {
      errors: [{ path, message: 'is not an app of your workspace' }],
    })
  return row.id
}
