import type { Account } from '@grantry/oauth'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import type { ConnectionRow, TokenRequestRow } from '../db/schema.ts'
import type { Integration } from '../integrations/store.ts'
import type { Grant } from './establish.ts'
import { datesOf } from './refresh/schedule.ts'
import type { Connection } from './store.ts'
import type { sealTokens } from './token-set.ts'

export type Received = Awaited<ReturnType<typeof sealTokens>>
export type Columns = Omit<
  ConnectionRow,
  'workspace_id' | 'id' | 'integration_id' | 'identity' | 'token_version' | 'created_at'
>

/** What the rows of a grant hold, of a new connection or the one that it renews. */
export function columnsOf(
  ctx: Pick<Context, 'clock' | 'random'>,
  grant: Grant,
  found: {
    account: Account | null
    metadata: Record<string, string>
    apiError: string | null
    request: string
    received: Received
    existing: Connection | null
  },
): Columns {
  const { account, received, existing } = found
  const kept = account ? null : existing
  return {
    app_id: existing ? existing.app_id : grant.app,
    provider: grant.integration.provider,
    end_user_id: existing ? existing.end_user_id : (grant.endUser?.id ?? null),
    end_user_email: grant.endUser?.email ?? existing?.end_user_email ?? null,
    end_user_name: grant.endUser?.name ?? existing?.end_user_name ?? null,
    status: 'active',
    reason: null,
    reason_detail: null,
    account_id: account?.id ?? kept?.account_id ?? null,
    account_label: account?.label ?? kept?.account_label ?? null,
    account_email: account?.email ?? kept?.account_email ?? null,
    scopes_requested: JSON.stringify(grant.scopes),
    // RFC 6749 §5.1: an answer without a scope grants what was asked for.
    scopes_granted: received.scopes ?? (grant.kind === 'code' ? JSON.stringify(grant.scopes) : null),
    metadata: JSON.stringify({
      ...(existing ? JSON.parse(existing.metadata) : {}),
      ...found.metadata,
      ...account?.metadata,
    }),
    api_error: found.apiError,
    proxy_policy: existing?.proxy_policy ?? null,
    token_request_id: found.request,
    refresh_token_hash: received.refresh_token_hash,
    expires_at: received.expires_at,
    ...datesOf(ctx, grant.integration.profile, receivedOf(grant, received), null),
    claimed_until: null,
    refused_at: null,
    refresh_failures: 0,
    last_refresh_at: null,
    last_refresh_ok: null,
    last_refresh_error: null,
    updated_at: ctx.clock.now(),
  }
}

const receivedOf = ({ sentAt }: Grant, { lifetime, refresh_lifetime, refresh_token }: Received) => ({
  sentAt,
  lifetime,
  hasRefreshToken: refresh_token !== null,
  refreshLifetime: refresh_lifetime,
})

/** A new connection. Without an identity it stands for itself: no other consent finds it. */
export function newRow(
  ctx: Pick<Context, 'clock' | 'random'>,
  integration: Pick<Integration, 'workspace' | 'id'>,
  identity: string | null,
  columns: Columns,
): ConnectionRow {
  const id = newId(ctx)
  return {
    ...columns,
    workspace_id: integration.workspace,
    id,
    integration_id: integration.id,
    identity: identity ?? id,
    token_version: 1,
    created_at: columns.updated_at,
  }
}

/** The token request whose answer the connection begins with. */
export function journalOf(
  grant: Grant,
  connection: Connection,
  id: string,
  received: Received,
): TokenRequestRow {
  return {
    ...received,
    workspace_id: connection.workspace_id,
    id,
    integration_id: connection.integration_id,
    connection_id: connection.id,
    kind: grant.kind,
    fence: 0,
    spent_hash: null,
    due_at: null,
    sent_at: grant.sentAt,
    settle_at: null,
    outcome: 'stored',
    error: null,
    error_description: null,
    restored_in: null,
  }
}
