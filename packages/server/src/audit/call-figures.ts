import type { Context } from '../context.ts'
import type { EventRow } from '../db/schema.ts'

/** Events that are use, and no change. */
export const callTypes = ['token.read', 'proxy.called'] as const

export type CallType = (typeof callTypes)[number]

/** How often tokens were read and APIs called, by the hour. */
export type CallFigures = {
  /** An event was committed. */
  count(event: Pick<EventRow, 'workspace_id' | 'type' | 'at'>): void
  /** Adds what was counted since to the sums that all processes share. To be done every 10 seconds, and at the end. */
  addUp(): Promise<void>
  /** Of a workspace from the hour of `since` on, with what this process has not added up yet. */
  since(workspace: string, since: number): Promise<Record<CallType, number>>
}

const hourMs = 3_600_000
const keptMs = 400 * 24 * hourMs

type Count = { workspace_id: string; starts_at: number; type: CallType; calls: number }

/** Each process counts for itself, so that a read costs no write of its own; what one has not added up ends with it. */
export function createCallFigures(ctx: Pick<Context, 'clock' | 'db'>): CallFigures {
  let counts = new Map<string, Count>()
  let pruned = 0

  function add(one: Count): void {
    const key = `${one.workspace_id} ${one.starts_at} ${one.type}`
    const known = counts.get(key)
    if (known) known.calls += one.calls
    else counts.set(key, one)
  }

  return {
    count({ workspace_id, type, at }) {
      if (isCall(type)) add({ workspace_id, starts_at: Math.floor(at / hourMs) * hourMs, type, calls: 1 })
    },

    async addUp() {
      const taken = [...counts.values()]
      counts = new Map()
      for (const [index, one] of taken.entries())
        try {
          await ctx.db
            .insertInto('call_figures')
            .values(one)
            .onConflict((conflict) =>
              conflict
                .columns(['workspace_id', 'starts_at', 'type'])
                .doUpdateSet((eb) => ({ calls: eb('call_figures.calls', '+', eb.ref('excluded.calls')) })),
            )
            .execute()
        } catch (error) {
          for (const left of taken.slice(index)) add(left)
          throw error
        }
      await prune()
    },

    async since(workspace, since) {
      const from = Math.floor(since / hourMs) * hourMs
      const rows = await ctx.db
        .selectFrom('call_figures')
        .select(['type', ({ fn }) => fn.sum<number | string>('calls').as('calls')])
        .where('workspace_id', '=', workspace)
        .where('starts_at', '>=', from)
        .groupBy('type')
        .execute()
      const sums: Record<CallType, number> = { 'token.read': 0, 'proxy.called': 0 }
      for (const { type, calls } of rows) if (isCall(type)) sums[type] += Number(calls)
      for (const { workspace_id, starts_at, type, calls } of counts.values())
        if (workspace_id === workspace && starts_at >= from) sums[type] += calls
      return sums
    },
  }

  async function prune(): Promise<void> {
    const day = Math.floor(ctx.clock.now() / (24 * hourMs))
    if (day === pruned) return
    await ctx.db
      .deleteFrom('call_figures')
      .where('starts_at', '<', ctx.clock.now() - keptMs)
      .execute()
    pruned = day
  }
}

const isCall = (type: string): type is CallType => (callTypes as readonly string[]).includes(type)
