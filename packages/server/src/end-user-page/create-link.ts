import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import { transaction } from '../db/transaction.ts'
import { problem } from '../errors.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { mintCredential } from '../vault/credential.ts'
import { readAppReference } from '../workspaces/find-app.ts'
import { linkMs, writeServices } from './store.ts'

/**
 * Makes a link to one end user's own page. It stands for them: whoever opens it first may disconnect their accounts.
 * @returns the URL, and when it stops working (milliseconds since the epoch)
 * @throws ApiError insufficient_scope, invalid_request (app)
 */
export async function createManageLink(
  ctx: Pick<Context, 'clock' | 'config' | 'db' | 'random'>,
  principal: Principal,
  actor: Actor,
  { endUser, app: named }: { endUser: string; app: string | undefined },
): Promise<{ url: string; expiresAt: number }> {
  if (principal.kind !== 'api_key' && principal.kind !== 'member')
    throw problem(
      'insufficient_scope',
      'Only an API key or a member can make links to the page of an end user.',
    )
  const app = await readAppReference(ctx, principal, named)
  const { workspace } = principal
  const id = newId(ctx)
  const now = ctx.clock.now()
  const { text, hash } = mintCredential('gml', workspace, id, ctx.random)
  const expiresAt = now + linkMs
  await transaction(ctx.db, async (tx) => {
    await tx
      .insertInto('manage_pages')
      .values({
        workspace_id: workspace,
        id,
        app_id: app,
        end_user_id: endUser,
        services: writeServices(principal.services),
        link_hash: hash,
        cookie_hash: null,
        created_at: now,
        expires_at: expiresAt,
      })
      .execute()
    const event = { workspace, type: 'manage_link.created', actor, app, endUser } as const
    await record(ctx, tx, { ...event, data: { expires_at: new Date(expiresAt).toISOString() } })
  })
  return { url: `${ctx.config.publicUrl}/manage/link/${text}`, expiresAt }
}
