import type { Context } from '../context.ts'

/** After so many values another key is to seal: a quarter of what random nonces of 96 bits are good for (NIST SP 800-38D §8.3). */
export const mostSeals = 2 ** 30
/** A process writes down its count no more often: what it loses when it ends is far below what is left to 2³². */
const every = 2 ** 20

/** Counts what a key seals in this process, and has it rotated long before nonces could meet. */
export function createSealCount(
  { db, clock }: { db: Context['db']; clock: { now(): number } },
  limits = { most: mostSeals, every },
): (key: { workspace: string; id: string }) => void {
  const counts = new Map<string, number>()

  async function writeDown({ workspace, id }: { workspace: string; id: string }) {
    await db
      .updateTable('data_keys')
      .set(({ eb, case: when, ref }) => ({
        seals: eb('seals', '+', limits.every),
        rotate_at: when()
          .when(eb('seals', '>=', limits.most - limits.every))
          .then(clock.now())
          .else(ref('rotate_at'))
          .end(),
      }))
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .where('superseded_at', 'is', null)
      .where('retired_at', 'is', null)
      .execute()
  }

  return (key) => {
    const count = (counts.get(key.id) ?? 0) + 1
    counts.set(key.id, count % limits.every)
    // Where it cannot be written, that is tried again soon.
    if (count === limits.every) void writeDown(key).catch(() => counts.set(key.id, limits.every - 1000))
  }
}
