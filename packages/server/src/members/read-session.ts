import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Context } from '../context.ts'
import type { Role, SessionRow } from '../db/schema.ts'
import { readCredential } from '../vault/credential.ts'
import { readCookie, sessionCookie } from './session-cookie.ts'
import { seenEveryMs, sessionRules } from './session-rules.ts'

type Needs = Pick<Context, 'clock' | 'config' | 'db'>

type Both = {
  /** UUID. */
  workspace: string
  /** UUID of the session. */
  session: string
  name: string | null
  /** To be sent with what changes something: as the form field `csrf`, or as the header `x-csrf-token`. */
  csrf: string
  /** When the person last proved who they are, milliseconds since the epoch. */
  authenticatedAt: number
}

/** Whom a browser's session belongs to: a member, or an end user whom the workspace's own OpenID provider knows. */
export type SignedIn =
  | (Both & { kind: 'member'; member: string; role: Role; email: string })
  | (Both & { kind: 'end_user'; endUser: string; email: string | null })

/** Who is signed in in the browser that sent these headers; null for nobody, and for a session that has ended. */
export async function readSession(ctx: Needs, headers: IncomingHttpHeaders): Promise<SignedIn | null> {
  const secret = readCookie(headers, sessionCookie(ctx))
  const handle = secret === null ? null : readCredential('gss', secret)
  if (!secret || !handle) return null
  const row = await find(ctx, handle)
  if (!row || row.hash !== handle.hash) return null
  const now = ctx.clock.now()
  if (row.expires_at <= now || row.last_seen_at + sessionRules[row.kind].idleMs <= now) return null
  if (now - row.last_seen_at >= seenEveryMs) await noteUse(ctx, row, now)
  const both = {
    workspace: row.workspace_id,
    session: row.id,
    csrf: csrfOf(secret),
    authenticatedAt: row.authenticated_at,
  }
  if (row.kind === 'end_user')
    return { ...both, kind: 'end_user', endUser: row.end_user_id!, email: row.email, name: row.name }
  const { member_id, member_role, member_email, member_name } = row
  if (!member_id || !member_role || !member_email) return null
  return {
    ...both,
    kind: 'member',
    member: member_id,
    role: member_role,
    email: member_email,
    name: member_name,
  }
}

function find(ctx: Needs, { workspace, row }: { workspace: string; row: string }) {
  return ctx.db
    .selectFrom('sessions as session')
    .innerJoin('workspaces as workspace', 'workspace.id', 'session.workspace_id')
    .leftJoin('members as member', (join) =>
      join
        .onRef('member.workspace_id', '=', 'session.workspace_id')
        .onRef('member.id', '=', 'session.member_id'),
    )
    .selectAll('session')
    .select(['member.role as member_role', 'member.email as member_email', 'member.name as member_name'])
    .where('session.workspace_id', '=', workspace)
    .where('session.id', '=', row)
    .where('workspace.deleted_at', 'is', null)
    .executeTakeFirst()
}

/** A session that has been ended in the meantime stays ended: nothing is there to be updated. */
async function noteUse(ctx: Needs, { workspace_id, id }: SessionRow, now: number): Promise<void> {
  await ctx.db
    .updateTable('sessions')
    .set({ last_seen_at: now })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
}

/** Known to who has the session's secret, and telling nothing of it. */
export function csrfOf(secret: string): string {
  return createHmac('sha256', secret).update('grantry csrf').digest('base64url')
}
