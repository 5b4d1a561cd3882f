import type { Fetch, ProviderErrorFacts, TokenAuthMethod, TokenSet } from '@grantry/oauth'
import type { Clock, Context } from '../../context.ts'
import type { Integration } from '../../integrations/store.ts'
import { createFaults, type Faults } from '../../log.ts'
import type { RefreshMetrics } from '../../metrics/refresh.ts'
import { noTracing, type Tracing } from '../../tracing/tracing.ts'
import type { Connection } from '../store.ts'
import { createFlights } from './flight.ts'
import { type RefreshRules, refreshRules } from './rules.ts'
import type { Spool } from './spool.ts'
import type { ConnectionKey, Kept, RefreshStore } from './store.ts'
import { createSweep, type Sweep } from './sweep.ts'

/** The state in which a caller found a connection wanting. */
export type Seen = Pick<
  Connection,
  'workspace_id' | 'id' | 'integration_id' | 'refresh_token_hash' | 'token_version' | 'refresh_failures'
>

export type RefreshResult =
  | { ok: true }
  | {
      ok: false
      /** A person must consent again. */
      ended: boolean
      error: string
      detail: string | null
      retryAfterMs: number | null
      /** What the provider answered, where it was asked. */
      facts?: ProviderErrorFacts
    }

/**
 * Refreshes a connection, or waits for whoever is doing it: in this process or in another. The caller says in what
 * state it found the connection wanting: where that has been renewed, or tried in vain, since, nothing is sent.
 */
export type Refresh = (seen: Seen) => Promise<RefreshResult>

/** Points between two steps, in the order in which an attempt passes them: where a test stops or kills the process. */
export const failpoints = ['leased', 'journalled', 'sending', 'answered', 'kept', 'adopted'] as const
export type Failpoint = (typeof failpoints)[number]

/** What the engine stands on; a simulation replaces store, spool, clock, random and fetch, and nothing else. */
export type EngineParts = {
  store: RefreshStore
  spool: Spool
  clock: Clock
  random: Context['random']
  fetch(workspace: string): Fetch
  log: Pick<Context['log'], 'error' | 'warn' | 'info'>
  metrics: RefreshMetrics
  rules?: RefreshRules
  at?: (point: Failpoint) => Promise<void>
  /** Watches a renewal; default: nobody does. */
  span?: Tracing['span']
  /** A method that was found out while using the integration is worth remembering. */
  rememberAuthMethod(integration: Integration, method: TokenAuthMethod | null): Promise<void>
  /** A token that came without a lifetime is in use: the provider may tell. Never rejects. */
  learnLifetime(
    integration: Integration,
    learnt: { connection: Connection; request: string; tokens: TokenSet },
  ): Promise<void>
}

export type Engine = Required<EngineParts> & {
  faults: Faults
  /** Whether the pair is in the database; if not, it waits in the spool. */
  keep(kept: Kept): Promise<'stored' | 'spooled'>
}

export type Refresher = { refresh: Refresh; sweep: Sweep }

/** A pair that the database has not taken by then is put into the spool as well. */
const databasePatienceMs = 1000

/** The refresh engine of one process. */
export function createRefresher(parts: EngineParts): Refresher {
  const engine: Engine = {
    rules: refreshRules,
    at: async () => {},
    span: noTracing.span,
    ...parts,
    faults: createFaults(parts),
    keep: (kept) => keepPair(engine, kept),
  }
  const flights = createFlights(engine)
  return { refresh: flights, sweep: createSweep(engine, flights) }
}

/** Whether the tokens that were read of a connection may have been replaced at the provider since. */
export async function isInFlight(
  store: RefreshStore,
  read: ConnectionKey & Pick<Connection, 'token_version'>,
) {
  const scene = await store.scene(read)
  return (
    scene !== undefined && (scene.open.length > 0 || scene.connection.token_version !== read.token_version)
  )
}

async function keepPair({ store, spool, clock, rules, log }: Engine, kept: Kept) {
  const stored = store.keep(kept, clock.now() + rules.adoptMs).then(
    () => 'stored' as const,
    (error: unknown) => {
      log.error({ err: error, attempt: kept.id }, 'the database did not take a received pair')
      return 'failed' as const
    },
  )
  const over = new AbortController()
  const first = await Promise.race([
    stored,
    clock.sleep(databasePatienceMs, over.signal).then(() => 'slow' as const),
  ])
  over.abort('over')
  if (first === 'stored') return 'stored'
  await spool.put(kept)
  // Slow is not away: it may still say so, and then the spool's copy is one too many, which does no harm.
  if (first === 'slow' && (await stored) === 'stored') {
    await spool.remove(kept)
    return 'stored'
  }
  return 'spooled'
}
