import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import type { ConnectionRow } from '../db/schema.ts'
import type { Integration } from '../integrations/store.ts'
import { takeQuota } from '../workspaces/quotas.ts'
import type { EndUser } from './establish.ts'
import { addTerms, removeTerms } from './keep-terms.ts'
import { removeName } from './names.ts'

type Pending = {
  integration: Pick<Integration, 'workspace' | 'id' | 'provider'>
  app: string | null
  endUser: EndUser | null
  scopes: string[]
}

/**
 * A connection that waits for its first tokens: `pending`, standing for itself — what is made for one purpose is not
 * found and renewed by another consent of the same account.
 * @throws ApiError quota_exceeded
 */
export async function insertPending(
  ctx: Pick<Context, 'clock' | 'random'>,
  db: Db,
  input: Pending,
): Promise<ConnectionRow> {
  await takeQuota(db, input.integration.workspace, 'connections')
  const row = pendingRow(newId(ctx), ctx.clock.now(), input)
  await db.insertInto('connections').values(row).execute()
  await addTerms(db, [row])
  return row
}

/** A connection before its first tokens. */
export function pendingRow(
  id: string,
  now: number,
  { integration, app, endUser, scopes }: Pending,
): ConnectionRow {
  return {
    workspace_id: integration.workspace,
    id,
    integration_id: integration.id,
    app_id: app,
    provider: integration.provider,
    end_user_id: endUser?.id ?? null,
    end_user_email: endUser?.email ?? null,
    end_user_name: endUser?.name ?? null,
    identity: id,
    status: 'pending',
    reason: null,
    reason_detail: null,
    account_id: null,
    account_label: null,
    account_email: null,
    scopes_requested: JSON.stringify(scopes),
    scopes_granted: null,
    metadata: '{}',
    api_error: null,
    proxy_policy: null,
    token_version: 0,
    token_request_id: null,
    refresh_token_hash: null,
    expires_at: null,
    refresh_at: null,
    claimed_until: null,
    refresh_failures: 0,
    refused_at: null,
    refresh_token_expires_at: null,
    grant_ends_at: null,
    ends_at: null,
    warn_at: null,
    last_refresh_at: null,
    last_refresh_ok: null,
    last_refresh_error: null,
    created_at: now,
    updated_at: now,
  }
}

/**
 * Takes a connection away that nobody has been told of, with its journal; what another connection has come to stand on
 * stays (the same token may be brought twice).
 */
export async function removeUnborn(
  tx: Db,
  { workspace_id, id }: Pick<ConnectionRow, 'workspace_id' | 'id'>,
): Promise<void> {
  await tx.deleteFrom('connections').where('workspace_id', '=', workspace_id).where('id', '=', id).execute()
  await removeTerms(tx, { workspace_id, id })
  await removeName(tx, { workspace_id, id })
  await tx
    .deleteFrom('token_requests')
    .where('workspace_id', '=', workspace_id)
    .where('connection_id', '=', id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('connections')
            .select('id')
            .where('workspace_id', '=', workspace_id)
            .whereRef('connections.integration_id', '=', 'token_requests.integration_id')
            .whereRef('connections.refresh_token_hash', '=', 'token_requests.refresh_token_hash')
            .whereRef('connections.token_request_id', '=', 'token_requests.id'),
        ),
      ),
    )
    .execute()
}
