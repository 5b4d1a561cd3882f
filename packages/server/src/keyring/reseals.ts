import { type AliasableExpression, sql } from 'kysely'
import type { Context } from '../context.ts'
import { type Db, dialectOf } from '../db/connect.ts'

/** A claim on a workspace's walk: nobody else walks until then, unless the walker has ended. */
export type Claim = { workspace: string; nextAt: number; until: number }

/** Longer than a batch takes, also where its values rest in another service. */
export const claimMs = 20_000

/** Part of the transaction after which values may rest otherwise than they would be sealed now. */
export async function requestReseal(ctx: Pick<Context, 'clock'>, tx: Db, workspace: string): Promise<void> {
  const sealing = tx.selectFrom('data_keys').select('workspace_id').distinct()
  await requestReseals(ctx, tx, { of: sealing.where('workspace_id', '=', workspace) })
}

/**
 * The same of many workspaces: of those that a query finds.
 * @param afresh what was counted before is of another back end
 */
export async function requestReseals(
  { clock }: Pick<Context, 'clock'>,
  tx: Db,
  { of, afresh = false }: { of: AliasableExpression<{ workspace_id: string }>; afresh?: boolean },
): Promise<void> {
  const now = clock.now()
  await tx
    .insertInto('reseals')
    .columns(['workspace_id', 'next_at', 'claimed_until', 'values_left', 'values_refused'])
    .expression(({ selectFrom }) =>
      selectFrom(of.as('chosen'))
        .select(({ val, lit }) => [
          'chosen.workspace_id',
          val(now).as('next_at'),
          lit(null).as('claimed_until'),
          lit(null).as('values_left'),
          lit(0).as('values_refused'),
        ])
        // Without a condition SQLite would take what follows for that of a join.
        .where(sql<boolean>`true`)
        // In one order, whoever asks: of two that ask at once, neither waits for the other's.
        .orderBy('chosen.workspace_id'),
    )
    .onConflict((conflict) =>
      conflict
        .column('workspace_id')
        .doUpdateSet({ next_at: now, ...(afresh ? { values_left: null, values_refused: 0 } : {}) }),
    )
    .execute()
}

/** Takes a workspace whose walk is due; over any number of processes, each goes to one. */
export async function claimReseal({ clock, db }: Pick<Context, 'clock' | 'db'>): Promise<Claim | null> {
  for (;;) {
    const now = clock.now()
    const due = await db
      .selectFrom('reseals')
      .select(['workspace_id', 'next_at'])
      .where('next_at', '<=', now)
      .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', now)]))
      .orderBy('next_at')
      .limit(1)
      .executeTakeFirst()
    if (!due) return null
    const claim = { workspace: due.workspace_id, nextAt: due.next_at, until: now + claimMs }
    const result = await db
      .updateTable('reseals')
      .set({ claimed_until: claim.until })
      .where('workspace_id', '=', claim.workspace)
      .where('next_at', '=', claim.nextAt)
      .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', now)]))
      .executeTakeFirst()
    if (result.numUpdatedRows > 0n) return claim
  }
}

/** Keeps a claim, and says how far its walk is. Null where somebody else has taken over. */
export async function renewClaim(
  { clock, db }: Pick<Context, 'clock' | 'db'>,
  claim: Claim,
  values: { left: number; refused: number },
): Promise<Claim | null> {
  const until = Math.max(clock.now(), claim.until - claimMs + 1) + claimMs
  const result = await db
    .updateTable('reseals')
    .set({ claimed_until: until, values_left: values.left, values_refused: values.refused })
    .where('workspace_id', '=', claim.workspace)
    .where('claimed_until', '=', claim.until)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n ? { ...claim, until } : null
}

/** Ends a walk: the next is at `nextAt`, or none is needed. What was asked for meanwhile stays asked for. */
export async function endClaim(
  { db }: Pick<Context, 'db'>,
  claim: Claim,
  { nextAt, left, refused }: { nextAt: number | null; left: number | null; refused: number },
): Promise<void> {
  if (nextAt === null) {
    const gone = await db
      .deleteFrom('reseals')
      .where('workspace_id', '=', claim.workspace)
      .where('claimed_until', '=', claim.until)
      .where('next_at', '=', claim.nextAt)
      .executeTakeFirst()
    if (gone.numDeletedRows > 0n) return
  }
  await db
    .updateTable('reseals')
    .set((eb) => ({
      claimed_until: null,
      values_left: left,
      values_refused: refused,
      next_at: eb
        .case()
        .when('next_at', '=', claim.nextAt)
        .then(nextAt ?? claim.nextAt)
        .else(eb.ref('next_at'))
        .end(),
    }))
    .where('workspace_id', '=', claim.workspace)
    .where('claimed_until', '=', claim.until)
    .execute()
}

/** SQLite belongs to one process: what the one before was at when it ended is anybody's. */
export async function takeOverReseals({ db }: Pick<Context, 'db'>): Promise<void> {
  if (dialectOf(db) === 'sqlite') await db.updateTable('reseals').set({ claimed_until: null }).execute()
}
