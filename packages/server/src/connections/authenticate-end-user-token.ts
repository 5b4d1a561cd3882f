import type { Scope } from '@grantry/api'
import type { Context } from '../context.ts'
import { type Authenticator, firstHand } from '../http/principal.ts'
import { readCredential } from '../vault/credential.ts'

/** Finds whose token it is; null once it has expired or the API key that minted it has ended. */
export function createEndUserTokenAuthenticator(ctx: Pick<Context, 'clock' | 'db'>): Authenticator {
  return async (text) => {
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
        'key.expires_at as key_expires_at',
      ])
      .where('token.workspace_id', '=', handle.workspace)
      .where('token.id', '=', handle.row)
      .where('token.token_hash', '=', handle.hash)
      .executeTakeFirst()
    const now = ctx.clock.now()
    if (!row || row.expires_at <= now || (row.key_expires_at ?? Infinity) <= now) return null
    return {
      ...firstHand,
      kind: 'end_user',
      workspace: handle.workspace,
      id: row.id,
      scopes: new Set(JSON.parse(row.scopes) as Scope[]),
      app: row.app_id,
      endUser: row.end_user_id,
    }
  }
}
