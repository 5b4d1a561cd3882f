import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { AuthorizationRow, ConnectSessionRow } from '../db/schema.ts'
import { notFound } from '../errors.ts'
import type { Place } from '../vault/vault.ts'

export type Session = ConnectSessionRow
export type Authorization = AuthorizationRow

/** A session lives this long; a state within it, from when the link is opened. */
export const sessionMs = 30 * 60_000
export const stateMs = 10 * 60_000

export async function findSession(
  ctx: Pick<Context, 'db'>,
  workspace: string,
  id: string,
): Promise<Session | undefined> {
  return ctx.db
    .selectFrom('connect_sessions')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** @throws ApiError not_found */
export async function loadSession(ctx: Pick<Context, 'db'>, workspace: string, id: string): Promise<Session> {
  const session = await findSession(ctx, workspace, id)
  if (!session) throw notFound('connect session')
  return session
}

export async function findAuthorization(
  ctx: Pick<Context, 'db'>,
  workspace: string,
  id: string,
): Promise<Authorization | undefined> {
  return ctx.db
    .selectFrom('authorizations')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Moves a session on, only from one of the given statuses. Returns whether it moved. */
export async function moveSession(
  db: Db,
  { workspace_id, id }: Pick<Session, 'workspace_id' | 'id'>,
  from: Session['status'][],
  set: Partial<Session>,
): Promise<boolean> {
  const result = await db
    .updateTable('connect_sessions')
    .set(set)
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .where('status', 'in', from)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** A session that ran out without an end says so, whatever its row says. */
export function statusOf(ctx: Pick<Context, 'clock'>, session: Session): Session['status'] | 'expired' {
  const over = session.status === 'completed' || session.status === 'failed'
  return !over && session.expires_at <= ctx.clock.now() ? 'expired' : session.status
}

export const authorizationPlace = (
  { workspace_id, id }: Pick<Authorization, 'workspace_id' | 'id'>,
  column: 'state' | 'code' | 'code_verifier',
): Place => ({ workspace: workspace_id, table: 'authorizations', row: id, column, version: 1 })

export function presentSession(ctx: Pick<Context, 'clock'>, session: Session, providerName: string | null) {
  return {
    id: encodeId('cs', session.id),
    status: statusOf(ctx, session),
    error: session.error,
    error_description: session.error_description,
    connection_id: session.connection_id && encodeId('con', session.connection_id),
    binding: session.binding,
    provider_name: providerName,
    expires_at: new Date(session.expires_at).toISOString(),
  }
}
