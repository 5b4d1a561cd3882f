import type { Secret } from '@grantry/oauth'
import type { Context } from '../context.ts'
import type { Actor } from '../http/principal.ts'
import type { Integration } from '../integrations/store.ts'
import { requireFeature } from '../workspaces/features.ts'
import { loadWorkspace } from '../workspaces/store.ts'
import { type EndUser, establishConnection } from './establish.ts'
import { type Connection, loadConnection } from './store.ts'

export type ImportedTokens = {
  access_token: Secret | null
  refresh_token: Secret | null
  expiresAt: number | null
  scopes: string[] | null
}

type Needs = Pick<Context, 'clock' | 'db' | 'egress' | 'log' | 'random' | 'refresh' | 'vault'>

/**
 * Takes tokens that were granted elsewhere, to the same OAuth app. With nothing but a refresh token it is refreshed at
 * once, so that a dead one is known now; what that finds is the status of the connection.
 * @throws ApiError feature_not_in_plan, and what establishing throws
 */
export async function importConnection(
  ctx: Needs,
  input: {
    integration: Integration
    app: string | null
    endUser: EndUser | null
    tokens: ImportedTokens
    scopes: string[]
    metadata: Record<string, string>
    actor: Actor
  },
): Promise<Connection> {
  const { integration, tokens, scopes } = input
  requireFeature(await loadWorkspace(ctx, integration.workspace), 'import')
  const now = ctx.clock.now()
  const expires_in =
    tokens.expiresAt === null
      ? (integration.profile.token_response?.default_expires_in ?? null)
      : (tokens.expiresAt - now) / 1000
  const connection = await establishConnection(ctx, {
    integration,
    app: input.app,
    endUser: input.endUser,
    scopes,
    tokens: {
      access_token: tokens.access_token,
      token_type: 'Bearer',
      refresh_token: tokens.refresh_token,
      expires_in,
      refresh_expires_in: null,
      scopes: tokens.scopes,
      id_token: null,
      metadata: {},
    },
    sentAt: now,
    metadata: input.metadata,
    reconnect: null,
    allowAccountChange: false,
    kind: 'import',
    actor: input.actor,
  })
  if (tokens.access_token) return connection
  await ctx.refresh(connection)
  return loadConnection(ctx, connection.workspace_id, connection.id)
}
