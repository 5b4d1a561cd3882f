import { sql } from 'kysely'
import { system } from '../audit/event.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { endGrantOfTokens } from './end-grant.ts'

const atOnce = 500
const dayMs = 86_400_000
/** A clock that is a little behind must not miss what another takes for expired. */
const graceMs = dayMs
/** When a consent that no token is left of is over: a refresh token lives 30 days. */
const idleMs = 31 * dayMs

type Needs = Pick<Context, 'clock' | 'db' | 'random'>

/**
 * Forgets what has expired. Used refresh tokens stay until they would have expired by themselves: until then showing one
 * again ends its family.
 */
export async function pruneAuthorizationServer(ctx: Needs): Promise<void> {
  const before = ctx.clock.now() - graceMs
  for (;;) {
    const rows = await ctx.db
      .selectFrom('oauth_records')
      .select(['model', 'id_hash'])
      .where('expires_at', '<', before)
      .limit(atOnce)
      .execute()
    for (const { model, id_hash } of rows)
      await ctx.db
        .deleteFrom('oauth_records')
        .where('model', '=', model)
        .where('id_hash', '=', id_hash)
        .where('expires_at', '<', before)
        .execute()
    if (rows.length < atOnce) break
  }
  await endIdleGrants(ctx)
}

async function endIdleGrants(ctx: Needs): Promise<void> {
  const now = ctx.clock.now()
  const idle = await ctx.db
    .selectFrom('oauth_grants as grant')
    .select('grant_hash')
    .where('ended_at', 'is', null)
    .where(sql<number>`coalesce(last_used_at, updated_at)`, '<', now - idleMs)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('oauth_records as record')
            .select('id_hash')
            .whereRef('record.grant_hash', '=', 'grant.grant_hash')
            .where('expires_at', '>', now),
        ),
      ),
    )
    .limit(atOnce)
    .execute()
  for (const { grant_hash } of idle)
    await transaction(ctx.db, (tx) =>
      endGrantOfTokens(ctx, tx, grant_hash, { actor: system, reason: 'idle' }),
    )
}
