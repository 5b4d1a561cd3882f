import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import type { Actor } from '../http/principal.ts'
import type { KeyCursor } from '../vault/data-keys.ts'
import { deployment } from '../vault/deployment.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random' | 'vault'>

const atOnce = 50
const pauseMs = 20

/**
 * Wraps by this process's root key whatever another known one wraps, where this is the key that is to wrap: a new one is from
 * its first start on. Several processes may do this at once.
 */
export async function rewrapDue(ctx: Needs, signal?: AbortSignal): Promise<void> {
  const { rootKeys } = ctx.vault
  if (rootKeys.known.length === 1) return
  if (
    (await rootKeys.appointed()) !== rootKeys.id &&
    !(await appointRootKey(ctx, { again: false, actor: system }))
  )
    return
  let after: KeyCursor | null = null
  do {
    after = await rootKeys.rewrap({ after, limit: atOnce })
    if (after) await ctx.clock.sleep(pauseMs, signal)
  } while (after && !signal?.aborted)
}

/** Makes this process's root key the one by which all processes that have it wrap. False where it is already, or was before. */
export async function appointRootKey(
  ctx: Pick<Context, 'clock' | 'db' | 'random' | 'vault'>,
  { again, actor }: { again: boolean; actor: Actor },
): Promise<boolean> {
  const appoint = await ctx.vault.rootKeys.prepareAppointment()
  return transaction(ctx.db, async (tx) => {
    const former = await appoint(tx, { again })
    if (former === null) return false
    await record(ctx, tx, {
      workspace: deployment,
      type: 'root_key.changed',
      actor,
      data: { root_key: ctx.vault.rootKeys.id, former },
    })
    return true
  })
}
