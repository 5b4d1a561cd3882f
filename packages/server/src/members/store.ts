import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { MemberRow, Role } from '../db/schema.ts'
import { notFound } from '../errors.ts'

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
  { kind, workspace, id }: { kind: string; workspace: string; id: string | null },
): Promise<Role | null> {
  if (kind !== 'member' || id === null) return null
  return (await loadMember(ctx.db, workspace, id)).role
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
