import { decodeId, encodeId, type IdKind } from '@grantry/api'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { InvitationRow, MemberRow, Role } from '../db/schema.ts'
import { notFound } from '../errors.ts'
import { isHeld } from '../http/narrowing.ts'
import type { Principal } from '../http/principal.ts'

export type Member = MemberRow

/** Null for one who is not there, or not any more. */
export async function findMember(db: Db, workspace: string, id: string): Promise<Member | null> {
  const row = await db
    .selectFrom('members')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** @throws ApiError not_found */
export async function loadMember(db: Db, workspace: string, id: string): Promise<Member> {
  const row = await findMember(db, workspace, id)
  if (!row) throw notFound('member')
  return row
}

/** What changes who owns a workspace waits for what else does: two owners cannot remove each other at once. */
export async function lockOwners(tx: Db, workspace: string): Promise<void> {
  await tx
    .updateTable('workspaces')
    .set((row) => ({ name: row.ref('name') }))
    .where('id', '=', workspace)
    .execute()
}

export async function hasOwner(db: Db, workspace: string, { besides }: { besides?: string } = {}) {
  let owners = db
    .selectFrom('members')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('role', '=', 'owner')
    .limit(1)
  if (besides) owners = owners.where('id', '!=', besides)
  return (await owners.executeTakeFirst()) !== undefined
}

/** The role of the member who acts; null for a credential that is no member's. */
export async function roleOf(
  ctx: Pick<Context, 'db'>,
  { kind, workspace, member }: Principal,
): Promise<Role | null> {
  if (kind !== 'member' || member === null) return null
  return (await loadMember(ctx.db, workspace, member)).role
}

export function presentMember(row: Member) {
  return {
    id: encodeId('mem', row.id),
    email: row.email,
    name: row.name,
    role: row.role,
    has_password: row.password_hash !== null,
    created_at: new Date(row.created_at).toISOString(),
    last_signed_in_at: row.last_signed_in_at === null ? null : new Date(row.last_signed_in_at).toISOString(),
  }
}

export function presentInvitation(row: InvitationRow) {
  return {
    id: encodeId('inv', row.id),
    email: row.email,
    role: row.role,
    invited_by: row.created_by && encodeId('mem', row.created_by),
    created_at: new Date(row.created_at).toISOString(),
    expires_at: new Date(row.expires_at).toISOString(),
  }
}

/**
 * The UUID of an id in a path. A key that is narrowed reaches no person, nor what belongs to one.
 * @throws ApiError not_found
 */
export function readId(principal: Principal, kind: IdKind, text: string, what: string): string {
  const id = decodeId(kind, text)
  if (!id || isHeld(principal)) throw notFound(what)
  return id
}
