import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'

/** Takes an invitation back: its link is worth nothing from now on. @throws ApiError not_found */
export async function deleteInvitation(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  { workspace, id, actor }: { workspace: string; id: string; actor: Actor },
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const gone = await tx
      .deleteFrom('invitations')
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .returning(['email', 'role'])
      .executeTakeFirst()
    if (!gone) throw notFound('invitation')
    const data = { invitation: id, role: gone.role }
    await record(ctx, tx, { workspace, type: 'invitation.deleted', actor, data })
  })
}
