import { system } from '../audit/event.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { isUniqueViolation } from '../db/constraint.ts'
import { transaction } from '../db/transaction.ts'
import { insertWorkspace } from './create.ts'
import { mintApiKey } from './create-api-key.ts'

/** The first workspace of every deployment; one id, so that of several processes that start at once one makes it. */
export const firstWorkspace = '00000000-0000-7000-8000-000000000001'

/**
 * On an empty database, makes the workspace `default` with an API key: the operator's, else a generated one.
 * @returns the generated key, to be shown once; null where nothing was made or the operator knows it
 */
export async function bootstrapWorkspace(
  ctx: Pick<Context, 'config' | 'db' | 'clock' | 'random' | 'vault'>,
): Promise<string | null> {
  const given = ctx.config.bootstrapApiKey?.expose() ?? null
  const apiKey = given ?? mintApiKey(ctx.random)
  try {
    if (await hasWorkspaces(ctx.db)) return null
    const dataKey = await ctx.vault.prepareDataKey(firstWorkspace)
    const made = await transaction(ctx.db, async (tx) => {
      if (await hasWorkspaces(tx)) return false
      await insertWorkspace(ctx, tx, { id: firstWorkspace, name: 'default', apiKey, dataKey, actor: system })
      return true
    })
    return made && !given ? apiKey : null
  } catch (error) {
    if (isUniqueViolation(error, 'workspaces_pkey')) return null
    throw error
  }
}

async function hasWorkspaces(db: Db): Promise<boolean> {
  return (await db.selectFrom('workspaces').select('id').limit(1).executeTakeFirst()) !== undefined
}
