import type { BreakGlassOutcome } from '@grantry/api'
import { type ProviderProfile, tokenToRevoke } from '@grantry/oauth'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import { idList } from '../../db/id-list.ts'
import { insertRows } from '../../db/insert-rows.ts'
import { newId } from '../../db/new-id.ts'
import type { ConnectionRow, RevocationRow } from '../../db/schema.ts'
import { ApiError } from '../../errors.ts'
import { loadIntegration } from '../../integrations/store.ts'
import { paceOf } from '../pace-imports.ts'
import { revocationPatienceMs } from '../queue-revocation.ts'

/** When providers may be asked next, in milliseconds since the epoch: `from` where an integration has no time of its own yet. */
export type NextCalls = { from: number; byIntegration: Map<string, number> }

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'random'>

/**
 * Queues the revoking of what has just ended here, each at a time of its own: half of what a provider config may be asked is
 * left to everything else, and `next` goes on behind them. The tokens stay where they rest.
 * @returns what is to become of each
 */
export async function planRevocations(
  ctx: Needs,
  tx: Db,
  {
    workspace,
    ended,
    shared,
    next,
  }: { workspace: string; ended: readonly ConnectionRow[]; shared: ReadonlySet<string>; next: NextCalls },
): Promise<Map<BreakGlassOutcome, ConnectionRow[]>> {
  const held = await heldTokens(tx, workspace, ended)
  const profiles = new Map<string, ProviderProfile | null>()
  for (const { integration_id } of ended)
    if (!profiles.has(integration_id))
      profiles.set(integration_id, await profileIn(ctx, tx, workspace, integration_id))
  const outcomes = new Map<BreakGlassOutcome, ConnectionRow[]>()
  const rows: RevocationRow[] = []
  for (const one of ended) {
    const tokens = one.token_request_id === null ? undefined : held.get(one.token_request_id)
    const profile = profiles.get(one.integration_id)!
    const kind = tokens && profile?.revocation && tokenToRevoke(profile.revocation, tokens)
    const outcome = !tokens ? 'no_token' : shared.has(one.id) ? 'shared' : kind ? 'waiting' : 'unsupported'
    const same = outcomes.get(outcome) ?? []
    same.push(one)
    outcomes.set(outcome, same)
    if (outcome !== 'waiting') continue
    const at = next.byIntegration.get(one.integration_id) ?? next.from
    next.byIntegration.set(one.integration_id, at + paceOf(profile!))
    rows.push(toRow(ctx, one, kind!, Math.floor(at)))
  }
  await insertRows(tx, 'revocations', rows)
  return outcomes
}

/** null where the integration is gone, or the catalogue no longer has its provider. */
export async function profileIn(
  ctx: Pick<Context, 'catalogue' | 'config'>,
  tx: Db,
  workspace: string,
  integration: string,
): Promise<ProviderProfile | null> {
  try {
    return (await loadIntegration({ ...ctx, db: tx }, workspace, integration)).profile
  } catch (error) {
    if (error instanceof ApiError) return null
    throw error
  }
}

type Held = Record<'access_token' | 'refresh_token', boolean>

/** Which tokens there are, by the id of their token request; none is read. */
async function heldTokens(
  tx: Db,
  workspace: string,
  ended: readonly ConnectionRow[],
): Promise<Map<string, Held>> {
  const rows = await tx
    .selectFrom('token_requests')
    .select((row) => [
      'id',
      row('access_token', 'is not', null).as('access'),
      row('refresh_token', 'is not', null).as('refresh'),
    ])
    .where('workspace_id', '=', workspace)
    .where(
      'id',
      'in',
      idList(
        tx,
        ended.flatMap(({ token_request_id }) => token_request_id ?? []),
      ),
    )
    .execute()
  return new Map(
    rows
      .filter(({ access, refresh }) => access || refresh)
      .map(({ id, access, refresh }) => [
        id,
        { access_token: Boolean(access), refresh_token: Boolean(refresh) },
      ]),
  )
}

function toRow(
  ctx: Needs,
  one: ConnectionRow,
  kind: RevocationRow['token_kind'],
  dueAt: number,
): RevocationRow {
  const now = ctx.clock.now()
  return {
    workspace_id: one.workspace_id,
    id: newId(ctx),
    integration_id: one.integration_id,
    connection_id: one.id,
    token: null,
    token_request_id: one.token_request_id,
    token_kind: kind,
    attempts: 0,
    next_attempt_at: dueAt,
    gives_up_at: Math.max(now, dueAt) + revocationPatienceMs,
    created_at: now,
    metadata: one.metadata,
    account_id: one.account_id,
  }
}
