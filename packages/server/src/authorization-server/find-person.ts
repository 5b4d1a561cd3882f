import type { Context } from '../context.ts'
import type { Role } from '../db/schema.ts'
import type { Subject } from './subject.ts'

/** Who stands behind a grant now. */
export type Person = { subject: Subject; email: string | null; name: string | null; role: Role | null }

/** Null for a member who has left; an end user is whoever their workspace's provider says. */
export async function findPerson(ctx: Pick<Context, 'db'>, subject: Subject): Promise<Person | null> {
  const { workspace } = subject
  if (subject.kind === 'member') {
    const member = await ctx.db
      .selectFrom('members')
      .innerJoin('workspaces', 'workspaces.id', 'members.workspace_id')
      .select(['members.email', 'members.name', 'members.role'])
      .where('members.workspace_id', '=', workspace)
      .where('members.id', '=', subject.member)
      .where('workspaces.deleted_at', 'is', null)
      .executeTakeFirst()
    return member ? { subject, ...member } : null
  }
  const session = await ctx.db
    .selectFrom('workspaces')
    .leftJoin('sessions', (join) =>
      join
        .onRef('sessions.workspace_id', '=', 'workspaces.id')
        .on('sessions.end_user_id', '=', subject.endUser),
    )
    .select(['sessions.email', 'sessions.name'])
    .where('workspaces.id', '=', workspace)
    .where('workspaces.deleted_at', 'is', null)
    .orderBy('sessions.created_at', 'desc')
    .executeTakeFirst()
  return session ? { subject, email: session.email, name: session.name, role: null } : null
}
