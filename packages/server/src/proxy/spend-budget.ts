import type { Connection } from '../connections/store.ts'
import type { Context } from '../context.ts'
import { problem } from '../errors.ts'
import type { Policy } from './policy.ts'

/**
 * Counts one call of a connection under each policy that has a budget, in the database, so that it holds over any number of processes.
 * @throws ApiError rate_limited
 */
export async function spendBudgets(
  ctx: Pick<Context, 'clock' | 'db'>,
  policies: readonly Policy[],
  connection: Pick<Connection, 'workspace_id' | 'id'>,
): Promise<void> {
  for (const policy of policies) await spendBudget(ctx, policy, connection)
}

async function spendBudget(
  ctx: Pick<Context, 'clock' | 'db'>,
  { of, policy }: Policy,
  { workspace_id, id }: Pick<Connection, 'workspace_id' | 'id'>,
): Promise<void> {
  if (!policy.budget) return
  const { calls: limit, per_seconds } = policy.budget
  const now = ctx.clock.now()
  const period = per_seconds * 1000
  const begins = Math.floor(now / period) * period
  const { calls } = await ctx.db
    .insertInto('proxy_spending')
    .values({ workspace_id, connection_id: id, policy: of, period_begins: begins, calls: 1 })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'connection_id', 'policy']).doUpdateSet((eb) => ({
        period_begins: begins,
        // Another period than the one that is counted begins at one.
        calls: eb
          .case()
          .when('proxy_spending.period_begins', '=', begins)
          .then(eb('proxy_spending.calls', '+', 1))
          .else(1)
          .end(),
      })),
    )
    .returning('calls')
    .executeTakeFirstOrThrow()
  if (calls <= limit) return
  const retryAfter = Math.max(1, Math.ceil((begins + period - now) / 1000))
  throw problem(
    'rate_limited',
    `The proxy policy of this ${of} allows ${limit} calls in ${per_seconds} s. Try again in ${retryAfter} s.`,
    { retryAfter, members: { budget: policy.budget } },
  )
}
