import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import type { InvitationRow, Role } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { invalid, problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { mintCredential } from '../vault/credential.ts'
import { isEmail, normalEmail } from './email.ts'

type Needs = Pick<Context, 'clock' | 'config' | 'db' | 'random'>

export const invitationMs = 7 * 24 * 60 * 60_000

/**
 * Makes a link by which one person becomes a member, once. An older one for the same address ends.
 * @param by the role of the member who invites; null for an API key
 * @throws ApiError conflict, insufficient_scope, invalid_request
 */
export async function invite(
  ctx: Needs,
  wish: { workspace: string; email: string; role: Role; by: Role | null; actor: Actor },
): Promise<{ row: InvitationRow; link: string }> {
  const { workspace, role, actor } = wish
  const email = normalEmail(wish.email)
  if (!isEmail(email)) throw invalid('email', 'must be an e-mail address')
  if (role === 'owner' && wish.by !== 'owner')
    throw problem('insufficient_scope', 'Only an owner can make somebody an owner.')
  const { row, token } = draftInvitation(ctx, { workspace, email, role, actor })
  await transaction(ctx.db, async (tx) => {
    const member = await tx
      .selectFrom('members')
      .select('id')
      .where('workspace_id', '=', workspace)
      .where('email', '=', email)
      .executeTakeFirst()
    if (member) throw problem('conflict', 'A member of this workspace has this e-mail address already.')
    await tx
      .deleteFrom('invitations')
      .where('workspace_id', '=', workspace)
      .where('email', '=', email)
      .execute()
    await tx.insertInto('invitations').values(row).execute()
    await record(ctx, tx, {
      workspace,
      type: 'member.invited',
      actor,
      data: { invitation: row.id, email, role },
    })
  })
  return { row, link: `${ctx.config.publicUrl}/invitations/${token}` }
}

/** The link by which the first person of a workspace becomes its owner; whoever opens it first. Older ones end. */
export async function createOwnerLink(
  ctx: Needs,
  { workspace, actor }: { workspace: string; actor: Actor },
): Promise<string> {
  const { row, token } = draftInvitation(ctx, { workspace, email: null, role: 'owner', actor })
  await transaction(ctx.db, async (tx) => {
    await tx
      .deleteFrom('invitations')
      .where('workspace_id', '=', workspace)
      .where('email', 'is', null)
      .execute()
    await tx.insertInto('invitations').values(row).execute()
    await record(ctx, tx, { workspace, type: 'owner_link.created', actor, data: { invitation: row.id } })
  })
  return `${ctx.config.publicUrl}/sign-up/${token}`
}

function draftInvitation(
  ctx: Needs,
  { workspace, email, role, actor }: { workspace: string; email: string | null; role: Role; actor: Actor },
): { row: InvitationRow; token: string } {
  const id = newId(ctx)
  const now = ctx.clock.now()
  const { text, hash } = mintCredential('gin', workspace, id, ctx.random)
  const row: InvitationRow = {
    workspace_id: workspace,
    id,
    email,
    role,
    token_hash: hash,
    created_by: actor.kind === 'member' ? actor.id : null,
    created_at: now,
    expires_at: now + invitationMs,
  }
  return { row, token: text }
}
