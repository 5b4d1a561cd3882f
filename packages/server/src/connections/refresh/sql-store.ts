import type { Context } from '../../context.ts'
import { loadIntegration, openClient } from '../../integrations/store.ts'
import { loadWithToken } from '../load-with-token.ts'
import type { Connection } from '../store.ts'
import { sealTokens, tokenPlace } from '../token-set.ts'
import { adoptTokens } from './adopt.ts'
import { claimDue, deferConnections } from './claim.ts'
import { endConnections, failConnection } from './fail.ts'
import { beginAttempt, closeAttempt, findHolders, keepTokens, postponeAttempt, readScene } from './journal.ts'
import { dismissAttempt, isContested, reviveCandidate } from './late-pairs.ts'
import { acquireLease, releaseLease, remainingLease } from './lease.ts'
import type { RefreshRules } from './rules.ts'
import type { Materials, RefreshStore } from './store.ts'

type Needs = Pick<
  Context,
  'catalogue' | 'clock' | 'config' | 'db' | 'leaseClock' | 'log' | 'random' | 'vault'
>

/** The store over SQLite or PostgreSQL. */
export function createRefreshStore(ctx: Needs, rules: RefreshRules): RefreshStore {
  return {
    read: ({ workspace_id, id }) => loadWithToken(ctx, workspace_id, id),
    integration: ({ workspace_id, integration_id }) => loadIntegration(ctx, workspace_id, integration_id),
    acquire: (key) => acquireLease(ctx, key, rules.leaseMs),
    remaining: (lease) => remainingLease(ctx, lease),
    release: (lease) => releaseLease(ctx, lease),
    scene: (connection) => readScene(ctx, connection),
    async materials(integration, connection) {
      const client = await openClient(ctx, integration)
      const current = await openCurrent(ctx, connection)
      // The answer may come when the database is away: the key is fetched while it is there.
      const seal = await ctx.vault.sealer(integration.workspace)
      return {
        client,
        ...current,
        seal: async (attempt, tokens) => ({
          workspace_id: attempt.workspace_id,
          id: attempt.id,
          of: { integration_id: attempt.integration_id, connection_id: attempt.connection_id },
          tokens: await sealTokens(
            { clock: ctx.clock, vault: { seal } },
            {
              workspace: attempt.workspace_id,
              request: attempt.id,
              sentAt: attempt.sent_at!,
              keep: current.refresh,
            },
            tokens,
          ),
        }),
      }
    },
    begin: (lease, scene, step) => beginAttempt(ctx, lease, scene, step),
    keep: (kept, settleAt) => keepTokens(ctx, kept, settleAt),
    close: (attempt, closing) => closeAttempt(ctx.db, attempt, closing),
    adopt: (lease, attempt, moves) => adoptTokens(ctx, lease, attempt, moves),
    dismiss: (attempt) => dismissAttempt(ctx, attempt),
    contested: (scene) => isContested(ctx, scene),
    revive: (connection) => reviveCandidate(ctx, connection),
    fail: (scene, attempt, closing, failure) => failConnection(ctx, scene, attempt, closing, failure),
    end: (lease, scene, attempt, reason, facts) => endConnections(ctx, lease, scene, attempt, reason, facts),
    holders: (attempt) => findHolders(ctx, attempt),
    claim: (limit) => claimDue(ctx, limit, rules),
    defer: (deferred) => deferConnections(ctx, deferred),
    postpone: (attempt, settleAt) => postponeAttempt(ctx, attempt, settleAt),
  }
}

async function openCurrent(
  ctx: Pick<Context, 'db' | 'vault'>,
  { workspace_id, token_request_id }: Connection,
): Promise<Pick<Materials, 'access' | 'refresh'>> {
  if (!token_request_id) return { access: null, refresh: null }
  const row = await ctx.db
    .selectFrom('token_requests')
    .select(['access_token', 'refresh_token'])
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', token_request_id)
    .executeTakeFirstOrThrow()
  const open = async (column: 'access_token' | 'refresh_token') =>
    row[column] && (await ctx.vault.open(tokenPlace(workspace_id, token_request_id, column), row[column]))
  return { access: await open('access_token'), refresh: await open('refresh_token') }
}
