import { encodeId } from '@grantry/api'
import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Actor } from '../http/principal.ts'
import { dataKeyLifeMs } from '../vault/data-keys.ts'
import { mostSeals } from '../vault/seal-count.ts'
import { requestReseal } from './reseals.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'invalidation' | 'log' | 'random' | 'vault'>

const atOnce = 100

/**
 * Gives a workspace another data key: within a second every process seals with it, and what rests under the former is sealed
 * anew in the background. False where (`only` that key) another has followed it already, or the workspace has ended.
 */
export async function rotateDataKey(
  ctx: Needs,
  workspace: string,
  { actor, reason, only }: { actor: Actor; reason: 'requested' | 'age' | 'use'; only?: string },
): Promise<boolean> {
  const next = await ctx.vault.prepareDataKey(workspace)
  return ctx.invalidation.change(workspace, async (tx) => {
    const made = await ctx.vault.rotateDataKey(tx, { workspace, only, next })
    if (!made) return false
    await requestReseal(ctx, tx, workspace)
    await record(ctx, tx, {
      workspace,
      type: 'data_key.rotated',
      actor,
      data: { key: encodeId('dk', made.id), former: encodeId('dk', made.former), reason },
    })
    return true
  })
}

/** Has every data key rotated, by the background: there may be many. Answers how many. */
export async function requestRotations({ clock, db }: Pick<Context, 'clock' | 'db'>): Promise<number> {
  const result = await db
    .updateTable('data_keys')
    .set({ rotate_at: clock.now() })
    .where('superseded_at', 'is', null)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/** Rotates what is due: by age, by use, or because the operator asked for all. Several processes may do this at once. */
export async function rotateDue(ctx: Needs, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const due = await ctx.db
      .selectFrom('data_keys')
      .select(['workspace_id', 'id', 'created_at', 'rotate_at', 'seals'])
      .where('rotate_at', 'is not', null)
      .where('rotate_at', '<=', ctx.clock.now())
      .orderBy('rotate_at')
      .limit(atOnce)
      .execute()
    for (const { workspace_id, id, created_at, rotate_at, seals } of due) {
      if (signal?.aborted) return
      // Of age it was to be rotated at that very time; else somebody has brought it forward.
      const ofAge = rotate_at! >= created_at + dataKeyLifeMs
      const reason = ofAge ? 'age' : seals >= mostSeals ? 'use' : 'requested'
      const actor: Actor = reason === 'requested' ? { kind: 'operator', id: null, requestId: null } : system
      await rotateDataKey(ctx, workspace_id, { actor, reason, only: id })
    }
    if (due.length < atOnce) return
  }
}

/** Keys of before there were rotations, and of processes that still run a version of then, get a time for theirs. */
export async function scheduleRotations({ db }: Pick<Context, 'db'>): Promise<void> {
  await db
    .updateTable('data_keys')
    .set(({ eb }) => ({ rotate_at: eb('created_at', '+', dataKeyLifeMs) }))
    .where('rotate_at', 'is', null)
    .where('superseded_at', 'is', null)
    .where('retired_at', 'is', null)
    .execute()
}
