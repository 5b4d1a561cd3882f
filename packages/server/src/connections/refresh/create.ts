import { join } from 'node:path'
import type { Context } from '../../context.ts'
import { outbound } from '../../egress/outbound.ts'
import { rememberAuthMethod } from '../../integrations/store.ts'
import { learnLifetime } from '../learn-lifetime.ts'
import type { WithToken } from '../load-with-token.ts'
import { createRefresher, type Failpoint, isInFlight, type Refresh } from './engine.ts'
import { replaySpool } from './replay.ts'
import { refreshRules } from './rules.ts'
import { createSpool } from './spool.ts'
import { createRefreshStore } from './sql-store.ts'
import type { Sweep } from './sweep.ts'

type Needs = Pick<
  Context,
  | 'catalogue'
  | 'clock'
  | 'config'
  | 'db'
  | 'egress'
  | 'leaseClock'
  | 'log'
  | 'metrics'
  | 'random'
  | 'tracing'
  | 'vault'
>

/** Keeping tokens fresh, as a context has it. */
export type Refreshing = {
  refresh: Refresh
  /** The background part: loop over it. */
  sweep: Sweep
  /** Whether a use of this connection's refresh token is under way, unfinished or just done, in any process. */
  inFlight(connection: WithToken): Promise<boolean>
  /** Before the process ends: what waits in the spool is tried once more, and what would be lost is told. */
  leaveSpool(): Promise<void>
}

/** The engine over the database, the spool in the data folder and the guarded fetch. `at`: for tests that stop the process. */
export function createRefreshing(ctx: Needs, at?: (point: Failpoint) => Promise<void>): Refreshing {
  const store = createRefreshStore(ctx, refreshRules)
  const spool = createSpool(ctx, join(ctx.config.dataDir, 'spool'))
  const refresher = createRefresher({
    store,
    spool,
    clock: ctx.clock,
    random: ctx.random,
    fetch: (workspace) => outbound(ctx, workspace, refreshRules.lateMs),
    log: ctx.log,
    metrics: ctx.metrics.refresh,
    span: ctx.tracing.span,
    rememberAuthMethod: (integration, method) => rememberAuthMethod(ctx, integration, method),
    learnLifetime: (integration, learnt) => learnLifetime(ctx, integration, learnt),
    ...(at && { at }),
  })
  return {
    ...refresher,
    inFlight: (connection) => isInFlight(store, connection),
    async leaveSpool() {
      const { clock, log, metrics } = ctx
      await replaySpool({ spool, store, clock, metrics: metrics.refresh }).catch((error: unknown) =>
        log.warn({ err: error }, 'pairs stay in the spool for the next start'),
      )
      const lost = spool.inMemoryOnly()
      if (lost > 0)
        log.error(
          { pairs: lost },
          'received pairs are lost with this process: neither database nor disk took them',
        )
    },
  }
}
