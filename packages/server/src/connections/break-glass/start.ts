import { encodeId } from '@grantry/api'
import { sql } from 'kysely'
import { record } from '../../audit/record.ts'
import type { Context } from '../../context.ts'
import { type Db, dialectOf } from '../../db/connect.ts'
import { newId } from '../../db/new-id.ts'
import type { BreakGlassRow } from '../../db/schema.ts'
import { transaction } from '../../db/transaction.ts'
import { ApiError, invalid } from '../../errors.ts'
import type { Actor } from '../../http/principal.ts'
import { deleteApiKey } from '../../workspaces/delete-api-key.ts'
import { type Choice, chooseFrom, readChoice } from './choose.ts'
import type { Criteria } from './criteria.ts'
import { claimMs, type EndNeeds, endAll } from './end-all.ts'

type Needs = EndNeeds & Pick<Context, 'invalidation'>

export type Order = {
  workspaces: readonly string[]
  byOperator: boolean
  /** The app that the caller is narrowed to. */
  app: string | null
  actor: Actor
  criteria: Criteria
  /** As they were given. */
  said: Record<string, unknown>
  force: boolean
  /** Ends the API key of the criteria first. */
  deleteApiKey: boolean
}

/** Of so many connections that this takes longer, the others are ended after the answer. */
const patienceMs = 20_000

/**
 * Ends connections, here at once and at their providers by the background. What was chosen is durable before the first
 * of them ends, so that what fails from then on is followed up, also where the process dies.
 * @returns the id, UUID
 */
export async function startBreakGlass(ctx: Needs, order: Order): Promise<string> {
  // First: what it still reads from now on would not be among what is chosen by the log.
  const gone = order.deleteApiKey ? await endApiKey(ctx, order) : new Set<string>()
  const choices = new Map<string, Choice>()
  for (const workspace of order.workspaces)
    choices.set(workspace, await readChoice(ctx, workspace, order.criteria))
  const id = newId(ctx)
  const rows = await transaction(ctx.db, async (tx) => {
    const begun: BreakGlassRow[] = []
    for (const [workspace, choice] of choices)
      begun.push(...(await begin(ctx, tx, { workspace, id, order, choice, keyGone: gone.has(workspace) })))
    return begun
  })
  if (rows.length === 0) throw invalid('criteria', 'no living connection fits')
  const over = new AbortController()
  const ended = (async () => {
    for (const row of rows) await endAll(ctx, row)
  })().catch((error: unknown) => ctx.log.error({ err: error, break_glass: id }, 'a break-glass waits'))
  await Promise.race([ended, ctx.clock.sleep(patienceMs, over.signal)])
  over.abort('over')
  return id
}

/** In each of the workspaces where it is. One that is gone already has ended: that is as good. */
async function endApiKey(ctx: Needs, { workspaces, criteria, actor }: Order): Promise<Set<string>> {
  const gone = new Set<string>()
  for (const workspace of criteria.apiKey === null ? [] : workspaces)
    try {
      await deleteApiKey(ctx, { workspace, id: criteria.apiKey!, actor })
      gone.add(workspace)
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'not_found')) throw error
    }
  return gone
}

/** Writes down what is to be ended. The operator chooses nothing in most workspaces, and leaves nothing there. */
async function begin(
  ctx: Needs,
  tx: Db,
  {
    workspace,
    id,
    order,
    choice,
    keyGone,
  }: { workspace: string; id: string; order: Order; choice: Choice; keyGone: boolean },
): Promise<BreakGlassRow[]> {
  await tx
    .insertInto('break_glass_connections')
    .columns(['workspace_id', 'connection_id', 'break_glass_id', 'outcome', 'attempts'])
    .expression(
      chooseFrom(tx, workspace, choice).select((row) => [
        'connection.workspace_id',
        'connection.id as connection_id',
        (dialectOf(tx) === 'postgres' ? sql<string>`${id}::uuid` : sql<string>`${id}`).as('break_glass_id'),
        row.val('to_end').as('outcome'),
        row.lit(0).as('attempts'),
      ]),
    )
    // What another one is just ending is that one's.
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { count } = await tx
    .selectFrom('break_glass_connections')
    .select((row) => row.fn.countAll<number | string>().as('count'))
    .where('workspace_id', '=', workspace)
    .where('break_glass_id', '=', id)
    .executeTakeFirstOrThrow()
  const connections = Number(count)
  if (connections === 0 && order.byOperator && !keyGone) return []
  const { actor, said, force, byOperator, app } = order
  const row: BreakGlassRow = {
    workspace_id: workspace,
    id,
    by_operator: byOperator ? 1 : 0,
    actor_kind: actor.kind,
    actor_id: actor.id,
    app_id: app,
    criteria: JSON.stringify(said),
    force: force ? 1 : 0,
    api_key_deleted: keyGone ? 1 : 0,
    state: 'ending',
    started_at: ctx.clock.now(),
    ended_at: null,
    done_at: null,
    claimed_until: ctx.clock.now() + claimMs,
  }
  await tx.insertInto('break_glass').values(row).execute()
  await record(ctx, tx, {
    workspace,
    type: 'break_glass.started',
    actor,
    app,
    data: { break_glass: encodeId('bgl', id), criteria: said, force, connections, by_operator: byOperator },
  })
  return [row]
}
