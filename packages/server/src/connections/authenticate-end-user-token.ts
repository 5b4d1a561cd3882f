import type { Scope } from '@grantry/api'
import type { Context } from '../context.ts'
import { type Authenticator, firstHand } from '../http/principal.ts'
import { readCredential } from '../vault/credential.ts'
import { limitsOf } from '../workspaces/key-limits.ts'

/** Finds whose token it is, narrowed as the API key is that minted it; null once it has expired or that key has ended. */
export function createEndUserTokenAuthenticator(
  ctx: Pick<Context, 'clock' | 'db' | 'judgeSource'>,
): Authenticator {
  return async (text, { from }) => {
    const handle = readCredential('geu', text)
    if (!handle) return null
    const row = await ctx.db
      .selectFrom('end_user_tokens as token')
      .innerJoin('api_keys as key', (join) =>
        join.onRef('key.workspace_id', '=', 'token.workspace_id').onRef('key.id', '=', 'token.key_id'),
      )
      .select([
        'token.id',
        'token.scopes',
        'token.app_id',
        'token.end_user_id',
        'token.expires_at',
        'token.workspace_id',
        'key.id as key_id',
        'key.expires_at as key_expires_at',
        'key.by_service',
        'key.by_network',
      ])
      .where('token.workspace_id', '=', handle.workspace)
      .where('token.id', '=', handle.row)
      .where('token.token_hash', '=', handle.hash)
      .executeTakeFirst()
    const now = ctx.clock.now()
    if (!row || row.expires_at <= now || (row.key_expires_at ?? Infinity) <= now) return null
    const limits = (await limitsOf(ctx.db, [{ ...row, id: row.key_id }])).get(row.key_id)!
    const { workspace } = handle
    await ctx.judgeSource({ workspace, app: row.app_id, key: row.key_id, networks: limits.networks }, from)
    return {
      ...firstHand,
      kind: 'end_user',
      workspace,
      id: row.id,
      scopes: new Set(JSON.parse(row.scopes) as Scope[]),
      app: row.app_id,
      endUser: row.end_user_id,
      ...limits,
    }
  }
}
