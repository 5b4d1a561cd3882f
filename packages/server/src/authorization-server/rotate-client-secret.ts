import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { OAuthClientRow } from '../db/schema.ts'
import { problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { type ClientMetadata, needsSecret } from './client-store.ts'
import { insertSecret } from './create-client.ts'
import { mintClientSecret } from './mint-client-secret.ts'
import { lockClient } from './update-client.ts'

/**
 * Gives a client a new secret. The one before it works on for `overlapMs`; one from before that ends now, so that at
 * most two open it.
 * @throws ApiError not_found, conflict for a client that has no secrets or registered itself
 */
export async function rotateClientSecret(
  ctx: Pick<Context, 'clock' | 'invalidation' | 'random'>,
  { workspace, id, overlapMs, actor }: { workspace: string; id: string; overlapMs: number; actor: Actor },
): Promise<{ row: OAuthClientRow; secret: string; previousEndsAt: number | null }> {
  const secret = mintClientSecret(ctx.random)
  return ctx.invalidation.change(workspace, async (tx) => {
    const row = await lockClient(ctx, tx, { workspace, id })
    const { token_endpoint_auth_method: method } = JSON.parse(row.metadata) as ClientMetadata
    if (!needsSecret(method))
      throw problem('conflict', `This client authenticates by "${method}": it has no secret to rotate.`)
    const endsAt = ctx.clock.now() + overlapMs
    await tx
      .deleteFrom('oauth_client_secrets')
      .where('workspace_id', '=', workspace)
      .where('client', '=', id)
      .where((eb) => (overlapMs === 0 ? eb.lit(true) : eb('ends_at', 'is not', null)))
      .execute()
    const kept = await tx
      .updateTable('oauth_client_secrets')
      .set({ ends_at: endsAt })
      .where('workspace_id', '=', workspace)
      .where('client', '=', id)
      .executeTakeFirst()
    await insertSecret(ctx, tx, row, secret)
    const previousEndsAt = kept.numUpdatedRows > 0n ? endsAt : null
    await record(ctx, tx, {
      workspace,
      type: 'oauth_client.secret_rotated',
      actor,
      data: {
        client_id: row.client_id,
        previous_secret_ends_at: previousEndsAt === null ? null : new Date(previousEndsAt).toISOString(),
      },
    })
    return { row, secret, previousEndsAt }
  })
}
