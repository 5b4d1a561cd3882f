import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { IntegrationRow } from '../db/schema.ts'
import { invalid } from '../errors.ts'
import { toIntegration } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'config' | 'db'>

/**
 * The callback name that a named integration outside the catalogue could have: its name, if no other endpoint pair of the
 * deployment has taken it. Nothing is taken yet.
 */
export async function freeCallbackName(ctx: Needs, row: IntegrationRow): Promise<string | null> {
  const { name } = row
  if (row.provider !== null || name === null || belongsToOthers(ctx, name)) return null
  const taken = await ctx.db
    .selectFrom('callback_names')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirst()
  const { profile } = toIntegration(ctx, row)
  const same = taken?.authorization_url === profile.authorization_url && taken.token_url === profile.token_url
  return !taken || same ? name : null
}

/** Callbacks of the catalogue, and of integrations: also those that somebody might take for one, by their case. */
function belongsToOthers({ catalogue }: Needs, name: string): boolean {
  const lower = name.toLowerCase()
  return catalogue.has(name) || catalogue.has(lower) || lower.startsWith('int_')
}

/**
 * Takes it, for good, in the transaction that stores the integration.
 * @throws ApiError invalid_request where another pair was faster
 */
export async function takeCallbackName(ctx: Needs, tx: Db, row: IntegrationRow): Promise<void> {
  if (row.callback_name === null) return
  const { authorization_url, token_url } = toIntegration(ctx, row).profile
  await tx
    .insertInto('callback_names')
    .values({ name: row.callback_name, authorization_url, token_url })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  if ((await freeCallbackName({ ...ctx, db: tx }, row)) === null)
    throw invalid('provider_name', 'was just taken by other endpoints; choose another name')
}
