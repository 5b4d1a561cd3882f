import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { Role } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { endSessionsOf } from './end-sessions.ts'
import { hasOwner, loadMember, lockOwners, type Member } from './store.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random'>
type Which = { workspace: string; id: string; by: Role | null; actor: Actor }

/**
 * Changes a member's name or role. Another role ends their sessions: what they could do in them is no more.
 * @param by the role of the member who changes; null for an API key
 * @throws ApiError not_found, insufficient_scope, conflict for the last owner
 */
export async function updateMember(
  ctx: Needs,
  { workspace, id, by, actor, changes }: Which & { changes: { name?: string | null; role?: Role } },
): Promise<Member> {
  return transaction(ctx.db, async (tx) => {
    await lockOwners(tx, workspace)
    const member = await loadMember(tx, workspace, id)
    refuseOwners(member, by, changes.role)
    const { name = member.name, role = member.role } = changes
    if (member.role === 'owner' && role !== 'owner' && !(await hasOwner(tx, workspace, { besides: id })))
      throw problem('conflict', 'A workspace needs an owner. Make somebody else one first.')
    await tx
      .updateTable('members')
      .set({ name, role })
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .execute()
    if (role !== member.role) {
      const data = { member: id, from: member.role, to: role }
      await record(ctx, tx, { workspace, type: 'member.role_changed', actor, data })
      await endSessionsOf(ctx, tx, { workspace, member: id, actor, reason: 'role_changed' })
    }
    if (name !== member.name)
      await record(ctx, tx, { workspace, type: 'member.updated', actor, data: { member: id } })
    return { ...member, name, role }
  })
}

/** Ends what a member allowed to apps; that is above this slice, so whoever mounts it brings the way. */
export type EndGrants = (tx: Db, whose: { workspace: string; member: string; actor: Actor }) => Promise<void>

/**
 * Removes a member with their sessions, outside identities, and all that they allowed to apps.
 * @throws ApiError not_found, insufficient_scope, conflict for the last owner
 */
export async function removeMember(
  ctx: Needs,
  { workspace, id, by, actor }: Which,
  endGrants: EndGrants,
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    await lockOwners(tx, workspace)
    const member = await loadMember(tx, workspace, id)
    refuseOwners(member, by)
    if (member.role === 'owner' && !(await hasOwner(tx, workspace, { besides: id })))
      throw problem('conflict', 'The last owner cannot be removed. Make somebody else an owner first.')
    await endSessionsOf(ctx, tx, { workspace, member: id, actor, reason: 'member_removed' })
    await endGrants(tx, { workspace, member: id, actor })
    for (const table of ['identities', 'known_networks'] as const)
      await tx.deleteFrom(table).where('workspace_id', '=', workspace).where('member_id', '=', id).execute()
    await tx.deleteFrom('members').where('workspace_id', '=', workspace).where('id', '=', id).execute()
    const data = { member: id, email: member.email, role: member.role }
    await record(ctx, tx, { workspace, type: 'member.removed', actor, data })
  })
}

/** Who is not an owner neither makes one nor touches one. */
function refuseOwners(member: Member, by: Role | null, wanted?: Role): void {
  if (by !== 'owner' && (member.role === 'owner' || wanted === 'owner'))
    throw problem('insufficient_scope', 'Only an owner can change, remove or make an owner.')
}
