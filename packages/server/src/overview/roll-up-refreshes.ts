import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { type Db, dialectOf } from '../db/connect.ts'
import { firstIdAt, timeOf } from '../db/new-id.ts'
import type { RefreshFigureRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { countRefreshes, dayMs, type Figure, hourMs, sum } from './count-refreshes.ts'
import type { Lags } from './lag-steps.ts'

type Needs = Pick<Context, 'clock' | 'db'>

/** Old enough that its outcome is known, where it will be: a lease lives 15 seconds. */
export const settledMs = 30_000
/** How much is added up in one transaction: nobody waits long for it, however far it is behind. */
const windowMs = 5 * 60_000
/** Attempts are kept for no longer. */
const historyMs = 7 * dayMs
export const spanMs = { hour: hourMs, day: dayMs } as const
/** How long figures are kept. */
export const keptMs = { hour: 14 * dayMs, day: 400 * dayMs } as const
const name = 'refreshes'

/**
 * Adds up what has been refreshed since it last did, by hour and day: attempts are too many to be counted when somebody
 * looks, and are kept for a week. Refreshing itself writes no counter. Several processes may do this at once, each
 * attempt is counted once.
 */
export async function rollUpRefreshes(ctx: Needs): Promise<void> {
  while (await rollUpNext(ctx));
  await prune(ctx)
}

/** How far it is, in milliseconds since the epoch; null before the first time. */
export async function rolledUpTo(db: Db): Promise<number | null> {
  const row = await db.selectFrom('rolled_up').select('up_to').where('name', '=', name).executeTakeFirst()
  return row?.up_to ?? null
}

/** One window. False when there is no more to do for now. */
function rollUpNext(ctx: Needs): Promise<boolean> {
  const end = ctx.clock.now() - settledMs
  return transaction(ctx.db, async (tx) => {
    const begin = await hold(tx, end - historyMs)
    if (begin >= end) return false
    const from = await nextAttempt(tx, begin, end)
    const to = from === null ? end : Math.min(from + windowMs, end)
    if (from !== null) await add(tx, await countRefreshes(tx, null, { from, to }))
    await tx.updateTable('rolled_up').set({ up_to: to }).where('name', '=', name).execute()
    return to < end
  })
}

/** Where it stopped, for this transaction alone. */
async function hold(tx: Db, earliest: number): Promise<number> {
  await tx
    .insertInto('rolled_up')
    .values({ name, up_to: earliest })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const row = await tx
    .selectFrom('rolled_up')
    .select('up_to')
    .where('name', '=', name)
    // SQLite has one writer, and this is it.
    .$if(dialectOf(tx) === 'postgres', (query) => query.forUpdate())
    .executeTakeFirstOrThrow()
  return Math.max(row.up_to, earliest)
}

/** When the first attempt of any workspace after that began, which may be long after. */
async function nextAttempt(tx: Db, begin: number, end: number): Promise<number | null> {
  const { rows } = await sql<{ id: string | null }>`
    select (select request.id from token_requests as request
      where request.workspace_id = workspace.id and request.id >= ${firstIdAt(begin)} and request.id < ${firstIdAt(end)}
      order by request.id limit 1) as id
    from workspaces as workspace`.execute(tx)
  const ids = rows.flatMap(({ id }) => (id === null ? [] : timeOf(id)))
  return ids.length === 0 ? null : ids.reduce((least, each) => Math.min(least, each))
}

/** Whoever holds the mark is alone here, so that what is kept may be read and written again. */
async function add(tx: Db, counted: readonly Figure[]): Promise<void> {
  for (const span of ['hour', 'day'] as const)
    for (const figure of counted) {
      const mine = {
        workspace_id: figure.workspace_id,
        span,
        starts_at: Math.floor(figure.starts_at / spanMs[span]) * spanMs[span],
        integration_id: figure.integration_id,
      }
      const kept = await tx
        .selectFrom('refresh_figures')
        .selectAll()
        .where('workspace_id', '=', mine.workspace_id)
        .where('span', '=', mine.span)
        .where('starts_at', '=', mine.starts_at)
        .where('integration_id', '=', mine.integration_id)
        .executeTakeFirst()
      const { lags, ...now } = kept ? sum(figure, readFigure(kept)) : figure
      const row = { ...now, ...mine, lags: JSON.stringify(lags) }
      await (kept
        ? tx
            .updateTable('refresh_figures')
            .set(row)
            .where('workspace_id', '=', mine.workspace_id)
            .where('span', '=', mine.span)
            .where('starts_at', '=', mine.starts_at)
            .where('integration_id', '=', mine.integration_id)
            .execute()
        : tx.insertInto('refresh_figures').values(row).execute())
    }
}

export const readFigure = ({ span, lags, ...row }: RefreshFigureRow): Figure => ({
  ...row,
  lags: JSON.parse(lags) as Lags,
})

/** Once an hour is often enough: the first minute of one does it. */
async function prune({ clock, db }: Needs): Promise<void> {
  const now = clock.now()
  if (now % hourMs > 60_000) return
  for (const span of ['hour', 'day'] as const)
    await db
      .deleteFrom('refresh_figures')
      .where('span', '=', span)
      .where('starts_at', '<', now - keptMs[span])
      .execute()
}
