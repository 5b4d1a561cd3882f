import type { Connection } from '../connections/store.ts'
import { grantedScopes } from '../connections/store.ts'
import type { Context } from '../context.ts'
import { isServed } from '../db/is-served.ts'
import { firstIdAt } from '../db/new-id.ts'
import { type Integration, loadIntegration } from '../integrations/store.ts'
import { type ManagePage, servicesOf } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db'>

/** A connection as its end user sees it. */
export type Account = {
  connection: Connection
  integration: Integration
  /** What it may do: what the provider granted, else what was asked for. */
  scopes: string[]
  /** When its token was last read or its provider called with it, of the last 90 days; milliseconds since the epoch. */
  lastUsed: number | null
}

/** More than people have; they are told when some are not shown. */
export const mostAccounts = 50

/** What the audit log says of every use. */
const uses = ['token.read', 'token.exported', 'proxy.called'] as const
const lookBackMs = 90 * 86_400_000

/** The end user's living connections, newest first, at most one more than are shown. */
export async function listAccounts(ctx: Needs, page: ManagePage): Promise<Account[]> {
  const services = servicesOf(page)
  const rows = await ctx.db
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', page.workspace_id)
    .where('end_user_id', '=', page.end_user_id)
    .$if(page.app_id !== null, (query) => query.where('app_id', '=', page.app_id))
    .$if(services !== null, (query) => query.where(isServed(services!)))
    .where('status', '!=', 'revoked')
    .orderBy('id', 'desc')
    .limit(mostAccounts + 1)
    .execute()
  return Promise.all(rows.map((row) => accountOf(ctx, row)))
}

export async function accountOf(ctx: Needs, connection: Connection): Promise<Account> {
  return {
    connection,
    integration: await loadIntegration(ctx, connection.workspace_id, connection.integration_id),
    scopes: grantedScopes(connection) ?? (JSON.parse(connection.scopes_requested) as string[]),
    lastUsed: await lastUsed(ctx, connection),
  }
}

/** Found from the newest event of the connection backwards, so that it costs little where it is used. */
async function lastUsed(ctx: Needs, { workspace_id, id }: Connection): Promise<number | null> {
  const row = await ctx.db
    .selectFrom('events')
    .select('at')
    .where('workspace_id', '=', workspace_id)
    .where('connection_id', '=', id)
    .where('type', 'in', uses)
    .where('id', '>=', firstIdAt(ctx.clock.now() - lookBackMs))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}
