import type { QuotaName } from '@grantry/api'
import { sql } from 'kysely'
import { type Db, dialectOf } from '../db/connect.ts'
import { problem } from '../errors.ts'

/** Those that are counted in rows. */
export type CountedQuota = Exclude<QuotaName, 'calls_per_minute'>

/**
 * Lets nobody else of this workspace make one of these until the transaction ends, where their number is limited.
 * Whoever looks first whether there is one already, and so needs no new one, calls it before looking.
 */
export async function holdQuota(tx: Db, workspace: string, quota: CountedQuota): Promise<number | null> {
  // Without a limit nobody waits for anybody.
  if ((await readLimit(tx, workspace, quota, false)) === null) return null
  return readLimit(tx, workspace, quota, true)
}

/**
 * To be called in the transaction that is about to make one more. What is being made at once waits for it, so that
 * together they do not pass the limit either.
 * @throws ApiError quota_exceeded
 */
export async function takeQuota(tx: Db, workspace: string, quota: CountedQuota): Promise<void> {
  const limit = await holdQuota(tx, workspace, quota)
  if (limit === null) return
  const used = await countUpTo(tx, workspace, quota, limit)
  if (used < limit) return
  throw problem(
    'quota_exceeded',
    `The plan of this workspace allows ${limit} ${words[quota]}, and there are as many. End one, or ask for another plan.`,
    { members: { quota, limit, used } },
  )
}

/**
 * How many more there may be, for whoever makes several in this transaction; null: any number. Nobody else of the
 * workspace makes one until it ends.
 */
export async function roomFor(tx: Db, workspace: string, quota: CountedQuota): Promise<number | null> {
  const limit = await holdQuota(tx, workspace, quota)
  return limit === null ? null : Math.max(0, limit - (await countUpTo(tx, workspace, quota, limit)))
}

/** What to tell whoever finds no room. */
export const noRoom = (quota: CountedQuota): string =>
  `The plan of this workspace allows no more ${words[quota]}. End one, or ask for another plan.`

const words: Record<CountedQuota, string> = { connections: 'connections', mcp_servers: 'MCP servers' }

async function readLimit(
  tx: Db,
  workspace: string,
  quota: CountedQuota,
  locked: boolean,
): Promise<number | null> {
  const row = await tx
    .selectFrom('workspaces')
    .select('quotas')
    .where('id', '=', workspace)
    // SQLite has one writer, and this is it.
    .$if(locked && dialectOf(tx) === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst()
  const quotas = JSON.parse(row?.quotas ?? '{}') as Partial<Record<QuotaName, number>>
  return quotas[quota] ?? null
}

/** How many there are; more than the limit need not be counted. */
async function countUpTo(tx: Db, workspace: string, quota: CountedQuota, limit: number): Promise<number> {
  const living = sql`select 1 from ${sql.table(quota)} where workspace_id = ${workspace}`
  const narrowed = quota === 'connections' ? sql`${living} and status <> 'revoked'` : living
  const { rows } = await sql<{ used: string | number | bigint }>`
    select count(*) as used from (${narrowed} limit ${limit + 1}) as living`.execute(tx)
  return Number(rows[0]!.used)
}
