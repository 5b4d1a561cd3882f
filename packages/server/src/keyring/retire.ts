import { encodeId } from '@grantry/api'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { firstIdAt } from '../db/new-id.ts'
import type { DataKeyRow } from '../db/schema.ts'
import { problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { sealedColumns } from '../sealed-columns.ts'
import { countSealedBy } from '../vault/sealed-values.ts'
import { requestReseal } from './reseals.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'invalidation' | 'random' | 'vault'>

/**
 * For so long after a rotation, what a process holds may still be sealed by the former key: kept keys (a minute), a refresh
 * under way, and the state of a sign-in at a provider, which rests in a URL for up to half an hour.
 */
export const graceMs = 3_600_000
/** After a rotation, nobody begins anything with the former key any more. */
const heardMs = 120_000

/**
 * Destroys the bytes of a former data key. Refused while anything may still need it: a value that rests under it, or a refresh
 * of before the rotation whose answer never came, for its pair may lie in a host's spool, and opens by this key alone.
 * @throws ApiError not_found, conflict with the number of either
 */
export async function retireDataKey(ctx: Needs, id: string | null, actor: Actor): Promise<DataKeyRow> {
  const key = id === null ? undefined : await findKey(ctx, id)
  if (!key) throw problem('not_found', 'There is no data key with this id.')
  const { workspace_id: workspace, superseded_at } = key
  if (key.retired_at !== null) throw problem('conflict', 'This data key has been retired.')
  if (superseded_at === null)
    throw problem('conflict', 'New values are sealed by this data key: rotate it first.')
  const values = await countSealedBy(ctx.db, sealedColumns, { workspace, keyId: key.id })
  const attempts = await countUnanswered(ctx, workspace, superseded_at + heardMs)
  if (values > 0) await requestReseal(ctx, ctx.db, workspace)
  const wait = Math.ceil((superseded_at + graceMs - ctx.clock.now()) / 1000)
  if (values > 0 || attempts > 0 || wait > 0)
    throw problem('conflict', explain({ values, attempts, wait }), {
      ...(wait > 0 ? { retryAfter: wait } : {}),
      members: { values, unanswered_refreshes: attempts },
    })
  const retired = await ctx.invalidation.change(workspace, async (tx) => {
    if (!(await ctx.vault.retireDataKey(tx, { workspace, id: key.id }))) return false
    await record(ctx, tx, {
      workspace,
      type: 'data_key.retired',
      actor,
      data: { key: encodeId('dk', key.id) },
    })
    return true
  })
  if (!retired) throw problem('conflict', 'This data key has been retired.')
  return (await findKey(ctx, key.id))!
}

function explain({ values, attempts, wait }: { values: number; attempts: number; wait: number }): string {
  if (values > 0)
    return `This data key is in use: it seals ${values} ${values === 1 ? 'value' : 'values'}. They are being sealed anew; try again when none is left.`
  if (attempts > 0)
    return `This data key is in use: the answers of ${attempts} ${attempts === 1 ? 'refresh' : 'refreshes'} of before its rotation never came, and may wait on a host's disk. Each is given up after 7 days at most.`
  return `This data key was followed by another less than an hour ago, and may be in use. Try again in ${wait} s.`
}

async function findKey({ db }: Pick<Context, 'db'>, id: string): Promise<DataKeyRow | undefined> {
  return db.selectFrom('data_keys').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Refreshes of before `until` that may still bring a pair: unfinished ones, and those whose answer was lost on its way. */
async function countUnanswered(
  { db }: Pick<Context, 'db'>,
  workspace: string,
  until: number,
): Promise<number> {
  const row = await db
    .selectFrom('token_requests')
    .select(({ fn }) => fn.countAll<number>().as('attempts'))
    .where('workspace_id', '=', workspace)
    .where('id', '<', firstIdAt(until))
    .where('received_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('settle_at', 'is not', null),
        eb('outcome', 'is', null),
        eb('outcome', 'in', ['uncertain', 'lost']),
      ]),
    )
    .executeTakeFirstOrThrow()
  return row.attempts
}
