import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import type { RegistrationTokenRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { mintCredential, readCredential } from '../vault/credential.ts'

/** Makes an initial access token (RFC 7591 §1.2). It is told once, here; any number of clients may register by it. */
export async function createRegistrationToken(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  {
    workspace,
    name,
    expiresAt,
    actor,
  }: { workspace: string; name: string; expiresAt: number | null; actor: Actor },
): Promise<{ row: RegistrationTokenRow; token: string }> {
  const id = newId(ctx)
  const { text, hash } = mintCredential('gia', workspace, id, ctx.random)
  const row: RegistrationTokenRow = {
    workspace_id: workspace,
    id,
    name,
    token_hash: hash,
    created_at: ctx.clock.now(),
    expires_at: expiresAt,
    last_used_at: null,
  }
  await transaction(ctx.db, async (tx) => {
    await tx.insertInto('registration_tokens').values(row).execute()
    await record(ctx, tx, { workspace, type: 'registration_token.created', actor, data: { token: id, name } })
  })
  return { row, token: text }
}

/** Null for one that is unknown, has ended or expired, and where its workspace has ended. Finding it is using it. */
export async function findRegistrationToken(
  ctx: Pick<Context, 'clock' | 'db'>,
  text: string,
): Promise<{ workspace: string; id: string } | null> {
  const handle = readCredential('gia', text)
  if (!handle) return null
  const now = ctx.clock.now()
  const found = await ctx.db
    .updateTable('registration_tokens')
    .set({ last_used_at: now })
    .where('workspace_id', '=', handle.workspace)
    .where('id', '=', handle.row)
    .where('token_hash', '=', handle.hash)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('workspaces')
          .select('id')
          .where('id', '=', handle.workspace)
          .where('deleted_at', 'is', null),
      ),
    )
    .returning('id')
    .executeTakeFirst()
  return found ? { workspace: handle.workspace, id: found.id } : null
}

/** @throws ApiError not_found */
export async function deleteRegistrationToken(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  { workspace, id, actor }: { workspace: string; id: string; actor: Actor },
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const gone = await tx
      .deleteFrom('registration_tokens')
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .returning('name')
      .executeTakeFirst()
    if (!gone) throw notFound('registration token')
    const data = { token: id, name: gone.name }
    await record(ctx, tx, { workspace, type: 'registration_token.deleted', actor, data })
  })
}
