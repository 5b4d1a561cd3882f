import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { hashCredential } from '../vault/credential.ts'

/** What failed tries are counted for, and how long each makes the next one wait. */
export type Counted = { kind: keyof typeof rules; of: string }

type Rule = {
  /** So many in a row cost nothing. */
  free: number
  /** Then 1 s, 2 s, 4 s … up to this. */
  longestMs: number
}

/**
 * `here`: an account from one network. `account`: the account from networks where its member never signed in; a minute
 * at most, and not asked where they did (docs/decisions/0006). `network`: many people may share one.
 */
const rules = {
  network: { free: 50, longestMs: 30_000 },
  here: { free: 5, longestMs: 60_000 },
  account: { free: 10, longestMs: 60_000 },
} as const satisfies Record<string, Rule>

/** Without a try for so long, all is forgotten. */
export const forgottenAfterMs = 15 * 60_000

/** Other processes may count at the same moment; one that never gets a turn is refused. */
const attempts = 8

/**
 * Counts a try before it is made — else a hundred at once would all find nothing counted — or says how long to wait;
 * then nothing is counted. Rows are shared by all processes.
 * @returns milliseconds to wait; 0 when the try may be made
 */
export async function countTry(
  ctx: Pick<Context, 'clock'>,
  tx: Db,
  counted: readonly Counted[],
): Promise<number> {
  let wait = 0
  for (const one of counted) wait = Math.max(wait, await readWait(ctx, tx, one))
  if (wait > 0) return wait
  for (const one of counted) if (!(await add(ctx, tx, one))) return 1000
  return 0
}

async function readWait({ clock }: Pick<Context, 'clock'>, tx: Db, one: Counted): Promise<number> {
  const row = await read(tx, one)
  return row ? Math.max(0, row.at + delayMs(rules[one.kind], row.count) - clock.now()) : 0
}

async function add(ctx: Pick<Context, 'clock'>, tx: Db, one: Counted): Promise<boolean> {
  const now = ctx.clock.now()
  for (let i = 0; i < attempts; i++) {
    const row = await read(tx, one)
    if (!row) {
      const made = await tx
        .insertInto('failed_tries')
        .values({ key: keyOf(one), count: 1, at: now })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      if (made.numInsertedOrUpdatedRows === 1n) return true
      continue
    }
    if (row.at + delayMs(rules[one.kind], row.count) > now) return false
    const count = row.at + forgottenAfterMs <= now ? 1 : row.count + 1
    const moved = await tx
      .updateTable('failed_tries')
      .set({ count, at: now })
      .where('key', '=', keyOf(one))
      .where('count', '=', row.count)
      .where('at', '=', row.at)
      .executeTakeFirst()
    if (moved.numUpdatedRows > 0n) return true
  }
  return false
}

/** The try was right: its account begins anew, its network has this one back. */
export async function uncountTry(tx: Db, counted: readonly Counted[]): Promise<void> {
  for (const one of counted) {
    const key = keyOf(one)
    if (one.kind === 'network')
      await tx
        .updateTable('failed_tries')
        .set((row) => ({ count: row('count', '-', 1) }))
        .where('key', '=', key)
        .where('count', '>', 0)
        .execute()
    else await tx.deleteFrom('failed_tries').where('key', '=', key).execute()
  }
}

/** A write that changes nothing. */
export async function touchTries(tx: Db, one: Counted): Promise<void> {
  await tx
    .updateTable('failed_tries')
    .set((row) => ({ count: row.ref('count') }))
    .where('key', '=', keyOf(one))
    .execute()
}

function delayMs({ free, longestMs }: Rule, count: number): number {
  return count < free ? 0 : Math.min(longestMs, 1000 * 2 ** (count - free))
}

/** Addresses of people who have no account here are in nobody's interest to keep. */
function keyOf({ kind, of }: Counted): string {
  return hashCredential(`${kind}\n${of}`)
}

function read(tx: Db, one: Counted) {
  return tx.selectFrom('failed_tries').selectAll().where('key', '=', keyOf(one)).executeTakeFirst()
}
