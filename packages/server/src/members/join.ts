import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { isUniqueViolation } from '../db/constraint.ts'
import { newId } from '../db/new-id.ts'
import type { InvitationRow, MemberRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { problem } from '../errors.ts'
import { readCredential } from '../vault/credential.ts'
import { type Browser, openSession } from './open-session.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'passwords' | 'random'>

/** The invitation behind a link's token; null for one that is unknown, used, ended or too old. Changes nothing. */
export async function findInvitation(
  ctx: Pick<Context, 'clock' | 'db'>,
  token: string,
): Promise<(InvitationRow & { workspace_name: string }) | null> {
  const handle = readCredential('gin', token)
  if (!handle) return null
  const row = await ctx.db
    .selectFrom('invitations as invitation')
    .innerJoin('workspaces as workspace', 'workspace.id', 'invitation.workspace_id')
    .selectAll('invitation')
    .select('workspace.name as workspace_name')
    .where('invitation.workspace_id', '=', handle.workspace)
    .where('invitation.id', '=', handle.row)
    .where('workspace.deleted_at', 'is', null)
    .executeTakeFirst()
  return row && row.token_hash === handle.hash && row.expires_at > ctx.clock.now() ? row : null
}

/**
 * Makes the person who has the link a member with a password, and signs them in.
 * @throws ApiError expired when somebody was faster, conflict when the address is a member's, overloaded
 */
export async function joinByPassword(
  ctx: Needs,
  invitation: InvitationRow,
  { email, name, password }: { email: string; name: string | null; password: string },
  browser: Browser,
): Promise<{ secret: string; maxAge: number }> {
  const hash = await ctx.passwords.hash(password)
  return transaction(ctx.db, async (tx) => {
    const member = await join(ctx, tx, invitation, { email, name, password_hash: hash }, browser.requestId)
    return signInNew(ctx, tx, member, browser, { by: 'password' })
  })
}

/** Spends the invitation and adds the member: of two at once, one finds it gone. */
export async function join(
  ctx: Pick<Context, 'clock' | 'random'>,
  tx: Db,
  invitation: Pick<InvitationRow, 'workspace_id' | 'id' | 'role' | 'token_hash'>,
  person: Pick<MemberRow, 'email' | 'name' | 'password_hash'>,
  requestId: string | null,
): Promise<MemberRow> {
  const now = ctx.clock.now()
  const { workspace_id: workspace } = invitation
  const spent = await tx
    .deleteFrom('invitations')
    .where('workspace_id', '=', workspace)
    .where('id', '=', invitation.id)
    .where('token_hash', '=', invitation.token_hash)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (spent.numDeletedRows === 0n)
    throw problem('expired', 'This invitation has been used or has ended. Ask for a new one.')
  const row: MemberRow = {
    workspace_id: workspace,
    id: newId(ctx),
    ...person,
    role: invitation.role,
    created_at: now,
    last_signed_in_at: null,
  }
  await insertMember(tx, row)
  await record(ctx, tx, {
    workspace,
    type: 'member.joined',
    actor: { kind: 'member', id: row.id, requestId },
    data: { member: row.id, role: row.role, invitation: invitation.id },
  })
  return row
}

/** @throws ApiError conflict */
export async function insertMember(tx: Db, row: MemberRow): Promise<void> {
  try {
    await tx.insertInto('members').values(row).execute()
  } catch (error) {
    if (!isUniqueViolation(error, 'members_workspace_id_email_key')) throw error
    throw problem('conflict', 'A member of this workspace has this e-mail address already. Sign in instead.')
  }
}

export async function signInNew(
  ctx: Pick<Context, 'clock' | 'random'>,
  tx: Db,
  member: MemberRow,
  browser: Browser,
  { by, ...more }: { by: string; identityProvider?: string; authenticatedAt?: number },
): Promise<{ secret: string; maxAge: number }> {
  const { workspace_id: workspace, id } = member
  const session = await openSession(ctx, tx, { workspace, kind: 'member', member: id, ...more }, browser)
  await record(ctx, tx, {
    workspace,
    type: 'member.signed_in',
    actor: { kind: 'member', id, requestId: browser.requestId },
    data: { session: session.id, by },
  })
  return session
}
