import { sql } from 'kysely'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import { leaseBootId, leaseNow } from '../../db/lease-clock.ts'
import { newId } from '../../db/new-id.ts'
import { refreshRules } from './rules.ts'

export type LeaseKey = { workspace: string; integration: string; tokenKey: string }

/** The right to spend one refresh token. `fence` counts its holders: who comes later has a higher one. */
export type Lease = LeaseKey & { holder: string; fence: number }

type Needs = Pick<Context, 'clock' | 'random' | 'leaseClock'> & { db: Db }

/** Takes the lease if it is free or has run out, by compare-and-swap on the lease clock; null if another holds it. */
export async function acquireLease(
  ctx: Needs,
  key: LeaseKey,
  ms = refreshRules.leaseMs,
): Promise<Lease | null> {
  const holder = newId(ctx)
  const now = leaseNow(ctx.db, ctx.leaseClock)
  const boot = leaseBootId(ctx.db, ctx.leaseClock)
  const expires = sql<number>`${now} + ${sql.lit(ms)}`
  const row = await ctx.db
    .insertInto('refresh_leases')
    .values({
      workspace_id: key.workspace,
      integration_id: key.integration,
      token_key: key.tokenKey,
      holder,
      boot_id: boot,
      fence: 1,
      expires_at: expires,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['workspace_id', 'integration_id', 'token_key'])
        .doUpdateSet((eb) => ({
          holder,
          boot_id: boot,
          fence: eb('refresh_leases.fence', '+', 1),
          expires_at: expires,
        }))
        .where((eb) =>
          eb.or([eb('refresh_leases.expires_at', '<=', now), eb('refresh_leases.boot_id', '!=', boot)]),
        ),
    )
    .returning(['holder', 'fence'])
    .executeTakeFirst()
  return row?.holder === holder ? { ...key, holder, fence: row.fence } : null
}

/** Milliseconds that are left of a lease; 0 or less once it has run out or passed to another. */
export async function remainingLease(ctx: Needs, lease: Lease): Promise<number> {
  const row = await ctx.db
    .selectFrom('refresh_leases')
    .select(sql<number>`expires_at - ${leaseNow(ctx.db, ctx.leaseClock)}`.as('left'))
    .where('workspace_id', '=', lease.workspace)
    .where('integration_id', '=', lease.integration)
    .where('token_key', '=', lease.tokenKey)
    .where('holder', '=', lease.holder)
    .executeTakeFirst()
  return row?.left ?? 0
}

/** Lets go, if it is still ours. The row stays, so that the fence goes on counting. */
export async function releaseLease(ctx: Needs, lease: Lease): Promise<void> {
  await ctx.db
    .updateTable('refresh_leases')
    .set({ expires_at: leaseNow(ctx.db, ctx.leaseClock) })
    .where('workspace_id', '=', lease.workspace)
    .where('integration_id', '=', lease.integration)
    .where('token_key', '=', lease.tokenKey)
    .where('holder', '=', lease.holder)
    .execute()
}

/** SQL: whether nobody has taken the lease since, for a change that only its newest holder may make. */
export const isNewest = (lease: Lease) =>
  sql<boolean>`exists (select 1 from refresh_leases where workspace_id = ${lease.workspace}
    and integration_id = ${lease.integration} and token_key = ${lease.tokenKey} and fence = ${lease.fence})`
