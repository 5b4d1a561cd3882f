import type { QuotaName } from '@grantry/api'
import type { FastifyReply } from 'fastify'
import type { Context } from '../context.ts'
import { problem } from '../errors.ts'
import type { Principal } from '../http/principal.ts'

/** A workspace's calls of this minute, as this process knows them. */
export type Spent = {
  limit: number
  /** Those that this process counts and those that it was last told of. */
  used: number
  /** Seconds until the next minute. */
  reset: number
  exceeded: boolean
}

export type CallLimit = {
  /** Counts one call, unless the limit is reached; null for a workspace whose calls are not limited. */
  count(workspace: string): Promise<Spent | null>
  /** Of this minute, as far as this process knows. */
  used(workspace: string): number
  /** Adds what was counted since to the sum that all processes share, and learns of theirs. To be done each second. */
  addUp(): Promise<void>
}

const minuteMs = 60_000
const keptMs = 60_000
const mostKept = 10_000

type Count = { minute: number; shared: number; pending: number }

/**
 * Limits the API calls a minute of the workspaces that have such a quota; of the others nothing is written or kept but
 * that they have none. Processes count by themselves and add up each second: what is let in too much is what the
 * other processes let in since.
 */
export function createCallLimit(ctx: Pick<Context, 'clock' | 'db' | 'invalidation' | 'log'>): CallLimit {
  const limits = new Map<string, { limit: number | null; until: number }>()
  const counts = new Map<string, Count>()
  let epoch = 0
  let pruned = 0
  ctx.invalidation.onChange((workspace) => {
    epoch++
    if (workspace === null) limits.clear()
    else limits.delete(workspace)
  })

  async function limitOf(workspace: string): Promise<number | null> {
    const complete = ctx.invalidation.isComplete()
    const known = limits.get(workspace)
    const now = ctx.clock.now()
    if (complete && known && now < known.until && now >= known.until - keptMs) return known.limit
    const begun = epoch
    const limit = await readLimit(ctx, workspace)
    if (begun === epoch) keep(workspace, { limit, until: now + keptMs })
    return limit
  }

  function keep(workspace: string, known: { limit: number | null; until: number }): void {
    limits.delete(workspace)
    if (limits.size >= mostKept) limits.delete(limits.keys().next().value as string)
    limits.set(workspace, known)
  }

  function countOf(workspace: string, minute: number): Count {
    const known = counts.get(workspace)
    if (known?.minute === minute) return known
    const fresh = { minute, shared: 0, pending: 0 }
    counts.set(workspace, fresh)
    return fresh
  }

  async function addOne(workspace: string, count: Count): Promise<void> {
    const adding = count.pending
    const row = await ctx.db
      .insertInto('workspace_calls')
      .values({ workspace_id: workspace, minute: count.minute, calls: adding })
      .onConflict((conflict) =>
        conflict
          .columns(['workspace_id', 'minute'])
          .doUpdateSet((eb) => ({ calls: eb('workspace_calls.calls', '+', eb.ref('excluded.calls')) })),
      )
      .returning('calls')
      .executeTakeFirstOrThrow()
    // Calls went on while it was written.
    count.pending -= adding
    count.shared = row.calls
  }

  return {
    async count(workspace) {
      const limit = await limitOf(workspace)
      if (limit === null) return null
      const now = ctx.clock.now()
      const minute = Math.floor(now / minuteMs)
      const count = countOf(workspace, minute)
      const exceeded = count.shared + count.pending >= limit
      if (!exceeded) count.pending++
      const used = count.shared + count.pending
      return { limit, used, reset: Math.ceil(((minute + 1) * minuteMs - now) / 1000), exceeded }
    },

    used(workspace) {
      const count = counts.get(workspace)
      return count?.minute === Math.floor(ctx.clock.now() / minuteMs) ? count.shared + count.pending : 0
    },

    async addUp() {
      const minute = Math.floor(ctx.clock.now() / minuteMs)
      for (const [workspace, count] of counts) {
        if (count.minute !== minute) counts.delete(workspace)
        else if (count.pending > 0) await addOne(workspace, count)
      }
      if (counts.size === 0 || pruned === minute) return
      await ctx.db.deleteFrom('workspace_calls').where('minute', '<', minute).execute()
      pruned = minute
    },
  }
}

async function readLimit({ db }: Pick<Context, 'db'>, workspace: string): Promise<number | null> {
  const row = await db
    .selectFrom('workspaces')
    .select('quotas')
    .where('id', '=', workspace)
    .executeTakeFirst()
  const quotas = JSON.parse(row?.quotas ?? '{}') as Partial<Record<QuotaName, number>>
  return quotas.calls_per_minute ?? null
}

/** Credentials that programs hold. People at the console and in the middle of connecting are not kept waiting. */
const counted: Principal['kind'][] = ['api_key', 'oauth_client', 'end_user']

/**
 * Counts a request whose caller is known and allowed.
 * @throws ApiError rate_limited
 * @see draft-ietf-httpapi-ratelimit-headers
 */
export async function limitCalls(
  calls: CallLimit,
  { kind, workspace, client }: Principal,
  reply: FastifyReply,
): Promise<void> {
  const spent = counted.includes(kind) || client !== null ? await calls.count(workspace) : null
  if (!spent) return
  const { limit, used, reset, exceeded } = spent
  reply.header('ratelimit-policy', `"calls";q=${limit};w=60`)
  reply.header('ratelimit', `"calls";r=${Math.max(0, limit - used)};t=${reset}`)
  if (!exceeded) return
  throw problem(
    'rate_limited',
    `The plan of this workspace allows ${limit} calls a minute. Try again in ${reset} s.`,
    { retryAfter: reset, members: { quota: 'calls_per_minute', limit, used } },
  )
}
