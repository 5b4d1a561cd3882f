import type { Connection } from '../../packages/server/src/connections/store.ts'
import type { TokenRequestRow } from '../../packages/server/src/db/schema.ts'
import type { Integration } from '../../packages/server/src/integrations/store.ts'
import { hashOf } from './hash.ts'
import type { Scenario } from './scenario.ts'
import { integrationId, workspaceId } from './world.ts'

/** As much of an integration as refreshing looks at. */
export function integrationOf({
  habits,
  budget,
}: {
  habits: Pick<Scenario['habits'], 'rotates' | 'killsAccessToken'>
  budget: Scenario['budget']
}): Integration {
  return {
    workspace: workspaceId,
    id: integrationId,
    provider: null,
    params: {},
    redirectUri: 'https://grantry.example/callback',
    authMethod: 'client_secret_post',
    profile: {
      authorization_url: 'https://provider.example/authorize',
      token_url: 'https://provider.example/token',
      token: { auth_method: 'client_secret_post' },
      refresh: {
        ...(habits.rotates ? {} : { rotates: false }),
        ...(habits.killsAccessToken && { kills_access_token: true }),
        ...(budget && { budget }),
      },
    },
  } as unknown as Integration
}

/** A connection before anybody has consented. */
export function connectionRow(id: string): Connection {
  return {
    workspace_id: workspaceId,
    id,
    integration_id: integrationId,
    app_id: null,
    provider: null,
    end_user_id: null,
    end_user_email: null,
    end_user_name: null,
    identity: id,
    status: 'active',
    reason: null,
    reason_detail: null,
    account_id: null,
    account_label: null,
    account_email: null,
    scopes_requested: '[]',
    scopes_granted: null,
    metadata: '{}',
    api_error: null,
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
    warn_at: null,
    last_refresh_at: null,
    last_refresh_ok: null,
    last_refresh_error: null,
    created_at: 0,
    updated_at: 0,
  }
}

/** The tokens of a consent. Lifetime in milliseconds; null: the provider did not say. */
export function requestRow(
  id: string,
  connection: string,
  now: number,
  { access, refresh, lifetime }: { access: string; refresh: string; lifetime: number | null },
): TokenRequestRow {
  const bytes = (text: string) => new TextEncoder().encode(text)
  return {
    workspace_id: workspaceId,
    id,
    integration_id: integrationId,
    connection_id: connection,
    kind: 'code',
    fence: 0,
    spent_hash: null,
    sent_at: now,
    received_at: now,
    access_token: bytes(access),
    refresh_token: bytes(refresh),
    refresh_token_hash: hashOf(refresh),
    token_type: 'Bearer',
    scopes: null,
    expires_at: lifetime === null ? null : now + lifetime,
    lifetime,
    refresh_lifetime: null,
    settle_at: null,
    outcome: 'stored',
    error: null,
    error_description: null,
  }
}
