import { pendingRow } from '../../packages/server/src/connections/begin.ts'
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

/** A connection before anybody has consented, but for its status. */
export function connectionRow(id: string): Connection {
  const integration = { workspace: workspaceId, id: integrationId, provider: null }
  return { ...pendingRow(id, 0, { integration, app: null, endUser: null, scopes: [] }), status: 'active' }
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
    due_at: null,
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
    restored_in: null,
  }
}
