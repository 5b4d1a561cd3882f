import type { Scope } from '@grantry/api'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import { transaction } from '../db/transaction.ts'
import { problem } from '../errors.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { mintCredential } from '../vault/credential.ts'
import { requireFeature } from '../workspaces/features.ts'
import { loadWorkspace } from '../workspaces/store.ts'

/**
 * Mints a token that reaches one end user's connections, for an hour at most. It ends with the API key that minted it,
 * and can do no more than that key.
 * @throws ApiError insufficient_scope, feature_not_in_plan
 */
export async function createEndUserToken(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  principal: Principal,
  actor: Actor,
  { endUser, scopes, app, ttlMs }: { endUser: string; scopes: Scope[]; app: string | null; ttlMs: number },
): Promise<{ token: string; expiresAt: number }> {
  if (principal.kind !== 'api_key')
    throw problem('insufficient_scope', 'Only an API key can mint tokens for end users.')
  requireFeature(await loadWorkspace(ctx, principal.workspace), 'end_user_tokens')
  const beyond = scopes.filter((scope) => !principal.scopes.has(scope))
  if (beyond.length > 0)
    throw problem(
      'insufficient_scope',
      `The API key does not have ${beyond.join(', ')}, so it cannot give it to a token.`,
    )
  const id = newId(ctx)
  const { text, hash } = mintCredential('geu', principal.workspace, id, ctx.random)
  const expiresAt = ctx.clock.now() + ttlMs
  await transaction(ctx.db, async (tx) => {
    await tx
      .insertInto('end_user_tokens')
      .values({
        workspace_id: principal.workspace,
        id,
        key_id: principal.id,
        app_id: app,
        end_user_id: endUser,
        scopes: JSON.stringify(scopes),
        token_hash: hash,
        created_at: ctx.clock.now(),
        expires_at: expiresAt,
      })
      .execute()
    const event = {
      workspace: principal.workspace,
      type: 'end_user_token.created',
      actor,
      app,
      endUser,
    } as const
    await record(ctx, tx, {
      ...event,
      data: { token: id, scopes, expires_at: new Date(expiresAt).toISOString() },
    })
  })
  return { token: text, expiresAt }
}
