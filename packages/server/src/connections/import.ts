import { type ProviderProfile, Secret } from '@grantry/oauth'
import type { Context } from '../context.ts'
import type { Actor } from '../http/principal.ts'
import type { Integration } from '../integrations/store.ts'
import { requireFeature } from '../workspaces/features.ts'
import { loadWorkspace } from '../workspaces/store.ts'
import { type EndUser, establishConnection } from './establish.ts'
import { type Connection, loadConnection } from './store.ts'
import type { BroughtTokens } from './token-set.ts'

export type ImportedTokens = {
  access_token: Secret | null
  refresh_token: Secret | null
  expiresAt: number | null
  /** When the refresh token ends unused. */
  refreshExpiresAt: number | null
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
  const connection = await establishConnection(ctx, {
    integration,
    app: input.app,
    endUser: input.endUser,
    scopes,
    tokens: broughtTokens(integration.profile, tokens, now),
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

/** What was granted elsewhere, as a token answer would have said it at `now`. */
export function broughtTokens(
  profile: ProviderProfile,
  { access_token, refresh_token, expiresAt, refreshExpiresAt, scopes }: ImportedTokens,
  now: number,
): BroughtTokens {
  const usual = profile.token_response?.default_expires_in ?? null
  return {
    access_token,
    token_type: 'Bearer',
    refresh_token,
    expires_in: expiresAt === null ? usual : (expiresAt - now) / 1000,
    refresh_expires_in: refreshExpiresAt === null ? null : (refreshExpiresAt - now) / 1000,
    scopes,
    id_token: null,
    metadata: {},
  }
}

/** As they stand in a request. */
export function readTokens(tokens: {
  access_token?: string | undefined
  refresh_token?: string | undefined
  expires_at?: string | undefined
  refresh_token_expires_at?: string | undefined
  scope?: string | undefined
}): ImportedTokens {
  const secret = (text: string | undefined) => (text === undefined ? null : new Secret(text))
  const time = (text: string | undefined) => (text === undefined ? null : Date.parse(text))
  return {
    access_token: secret(tokens.access_token),
    refresh_token: secret(tokens.refresh_token),
    expiresAt: time(tokens.expires_at),
    refreshExpiresAt: time(tokens.refresh_token_expires_at),
    scopes: tokens.scope?.split(/[ ,]+/).filter(Boolean) ?? null,
  }
}
