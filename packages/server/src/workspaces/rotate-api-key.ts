import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { ApiKeyRow } from '../db/schema.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { hashCredential } from '../vault/credential.ts'
import { mintApiKey } from './create-api-key.ts'

/** Gives a key a new secret. Those before it work on for `overlapMs`, never longer than they would have. */
export async function rotateApiKey(
  ctx: Pick<Context, 'db' | 'clock' | 'random' | 'invalidation'>,
  { workspace, id, overlapMs, actor }: { workspace: string; id: string; overlapMs: number; actor: Actor },
): Promise<{ key: ApiKeyRow; secret: string; previousEndsAt: number }> {
  const secret = mintApiKey(ctx.random)
  const previousEndsAt = ctx.clock.now() + overlapMs
  const key = await ctx.invalidation.change(workspace, async (tx) => {
    const row = await tx
      .selectFrom('api_keys')
      .selectAll()
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) throw notFound('API key')
    await tx
      .updateTable('api_key_secrets')
      .set({ ends_at: previousEndsAt })
      .where('workspace_id', '=', workspace)
      .where('key_id', '=', id)
      .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', previousEndsAt)]))
      .execute()
    await tx
      .insertInto('api_key_secrets')
      .values({ hash: hashCredential(secret), workspace_id: workspace, key_id: id, ends_at: null })
      .execute()
    await record(ctx, tx, {
      workspace,
      type: 'api_key.rotated',
      actor,
      app: row.app_id,
      data: { key: id, previous_secret_ends_at: new Date(previousEndsAt).toISOString() },
    })
    return row
  })
  return { key, secret, previousEndsAt }
}
