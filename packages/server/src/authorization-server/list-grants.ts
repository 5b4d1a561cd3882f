import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { EventRow, OAuthGrantRow } from '../db/schema.ts'
import { notFound } from '../errors.ts'
import type { Page } from '../http/cursor.ts'
import type { ClientMetadata } from './client-store.ts'
import { readSubject } from './subject.ts'

/** Which grants of a workspace are meant; `subject` as tokens carry it. */
export type GrantFilter = { workspace: string; subject?: string | undefined; client?: string | undefined }

/** What was allowed, and of the client what it says of itself today; null where it has no row of its own. */
export type Grant = OAuthGrantRow & {
  origin: 'api' | 'registered' | null
  metadata: ClientMetadata | null
  /** Of the member who allowed it. */
  email: string | null
}

/** Living grants, newest first, `limit + 1` rows. */
export async function listGrants(
  ctx: Pick<Context, 'db'>,
  filter: GrantFilter,
  page: Page,
): Promise<Grant[]> {
  let rows = grantsOf(ctx, filter).where('grant.ended_at', 'is', null)
  if (filter.client !== undefined) rows = rows.where('grant.client_id', '=', filter.client)
  if (page.after) rows = rows.where('grant.id', '<', page.after)
  const found = await rows
    .orderBy('grant.id', 'desc')
    .limit(page.limit + 1)
    .execute()
  return withEmails(ctx, filter.workspace, found.map(parse))
}

/**
 * One grant, also when it has ended.
 * @throws ApiError not_found
 */
export async function loadGrant(ctx: Pick<Context, 'db'>, filter: GrantFilter, id: string): Promise<Grant> {
  const row = await grantsOf(ctx, filter).where('grant.id', '=', id).executeTakeFirst()
  if (!row) throw notFound('authorised app')
  const [grant] = await withEmails(ctx, filter.workspace, [parse(row)])
  return grant!
}

/** What a client did last by a grant, newest first. */
export async function lastEventsOf(
  ctx: Pick<Context, 'db'>,
  { workspace_id, id }: Pick<OAuthGrantRow, 'workspace_id' | 'id'>,
): Promise<Pick<EventRow, 'id' | 'type' | 'at' | 'connection_id'>[]> {
  return (
    ctx.db
      .selectFrom('events')
      .select(['id', 'type', 'at', 'connection_id'])
      .where('workspace_id', '=', workspace_id)
      .where('actor_id', '=', id)
      // As the index has it, word for word: SQLite would not know that a parameter fits.
      .where('actor_kind', '=', sql.lit('oauth_client'))
      .orderBy('id', 'desc')
      .limit(20)
      .execute()
  )
}

function grantsOf({ db }: Pick<Context, 'db'>, { workspace, subject }: GrantFilter) {
  const rows = db
    .selectFrom('oauth_grants as grant')
    .leftJoin('oauth_clients as client', 'client.client_id', 'grant.client_id')
    .selectAll('grant')
    .select(['client.origin', 'client.metadata'])
    .where('grant.workspace_id', '=', workspace)
  return subject === undefined ? rows : rows.where('grant.subject', '=', subject)
}

type Found = Omit<Grant, 'email'>

const parse = (row: OAuthGrantRow & { origin: Grant['origin']; metadata: string | null }): Found => ({
  ...row,
  metadata: row.metadata === null ? null : (JSON.parse(row.metadata) as ClientMetadata),
})

async function withEmails({ db }: Pick<Context, 'db'>, workspace: string, grants: Found[]): Promise<Grant[]> {
  const memberOf = ({ subject }: Found) => {
    const person = readSubject(subject)
    return person?.kind === 'member' ? person.member : null
  }
  const ids = new Set(grants.flatMap((grant) => memberOf(grant) ?? []))
  if (ids.size === 0) return grants.map((grant) => ({ ...grant, email: null }))
  const members = await db
    .selectFrom('members')
    .select(['id', 'email'])
    .where('workspace_id', '=', workspace)
    .where('id', 'in', [...ids])
    .execute()
  const emails = new Map(members.map(({ id, email }) => [id, email]))
  return grants.map((grant) => ({ ...grant, email: emails.get(memberOf(grant) ?? '') ?? null }))
}
