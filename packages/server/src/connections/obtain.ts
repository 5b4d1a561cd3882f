import type { Secret } from '@grantry/oauth'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { IntegrationRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { refuseCredentials } from '../integrations/refuse-credentials.ts'
import {
  type Integration,
  loadIntegration,
  toIntegration,
  updateRow,
  type Validation,
} from '../integrations/store.ts'
import { keepFinding } from '../integrations/update.ts'
import { insertPending, removeUnborn } from './begin.ts'
import { bringRefreshToken } from './bring-refresh-token.ts'
import type { RefreshResult } from './refresh/engine.ts'
import { type Connection, eventOf } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'random' | 'refresh' | 'vault'>

/**
 * Saves an integration that needs nobody's consent (client credentials, or a refresh token from elsewhere) with its
 * connection. The first tokens are obtained by the operation that will renew them, so that a pair which the provider
 * gives is journalled and kept like any other; a refusal takes everything away again.
 * @throws ApiError provider_rejected_credentials, provider_unusable, provider_unavailable: with the provider's words
 */
export async function obtainIntegration(
  ctx: Needs,
  row: IntegrationRow,
  { refresh_token, validate, actor }: { refresh_token?: Secret | undefined; validate: boolean; actor: Actor },
): Promise<Integration> {
  const integration = toIntegration(ctx, row)
  const connection = await insertBoth(ctx, integration, refresh_token ?? null)
  let validation: Validation = { status: 'unverified', checks: [] }
  if (validate) {
    const result = await ctx.refresh(connection)
    if (!result.ok) {
      await removeBoth(ctx, integration, connection)
      throw refusal(integration, result)
    }
    validation = verified(integration)
  }
  await transaction(ctx.db, async (tx) => {
    await updateRow(tx, integration, { connection_id: connection.id, validation: JSON.stringify(validation) })
    await tx
      .updateTable('connections')
      .set({ status: 'active' })
      .where('workspace_id', '=', connection.workspace_id)
      .where('id', '=', connection.id)
      .execute()
    const { label, provider, client_id, grant_type } = row
    const data = { label, provider, client_id, grant_type }
    await record(ctx, tx, {
      workspace: row.workspace_id,
      type: 'integration.created',
      actor,
      app: row.app_id,
      integration: row.id,
      data,
    })
    await record(ctx, tx, { ...eventOf(connection), type: 'connection.created', actor })
  })
  return loadIntegration(ctx, row.workspace_id, row.id)
}

/** Obtains tokens again, to see whether that still works; the connection gets what comes. */
export async function revalidate(ctx: Needs, integration: Integration, actor: Actor): Promise<Integration> {
  const connection = await ctx.db
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', integration.workspace)
    .where('id', '=', integration.connection)
    .executeTakeFirst()
  if (connection?.status !== 'active')
    throw problem('conflict', 'The connection of this integration has ended. Make the integration anew.')
  const result = await ctx.refresh(connection)
  if (!result.ok) throw refusal(integration, result)
  await keepFinding(ctx, integration, { validation: JSON.stringify(verified(integration)) }, actor)
  return loadIntegration(ctx, integration.workspace, integration.id)
}

function verified({ grantType }: Integration): Validation {
  return {
    status: 'verified',
    checks: [{ name: grantType, ok: true, detail: 'The provider gave an access token.' }],
  }
}

async function insertBoth(
  ctx: Needs,
  integration: Integration,
  refreshToken: Secret | null,
): Promise<Connection> {
  return transaction(ctx.db, async (tx) => {
    await tx.insertInto('integrations').values(integration.row).execute()
    const { app, scopes } = integration
    const connection = await insertPending(ctx, tx, { integration, app, endUser: null, scopes })
    if (!refreshToken) return connection
    return bringRefreshToken(ctx, tx, connection, refreshToken)
  })
}

async function removeBoth(ctx: Needs, { workspace, id }: Integration, connection: Connection): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    await removeUnborn(tx, connection)
    await tx.deleteFrom('integrations').where('workspace_id', '=', workspace).where('id', '=', id).execute()
  })
}

/** A refresh that gave nothing, as an answer to whoever is saving. */
export function refusal(
  { grantType }: Pick<Integration, 'grantType'>,
  result: Extract<RefreshResult, { ok: false }>,
) {
  const words = result.detail ? `${result.error}: ${result.detail}` : result.error
  const members = { provider_error: result.error, provider_error_description: result.detail }
  const byRefreshToken = grantType === 'refresh_token'
  switch (result.facts?.kind) {
    case 'refused':
      return refuseCredentials(
        members,
        `The provider gave no token (${words}). Check the client id, the client secret${byRefreshToken ? ', the refresh token' : ''} and the scopes, and save again.`,
        ['client_id', 'client_secret', ...(byRefreshToken ? ['refresh_token' as const] : []), 'scope'],
      )
    case 'malformed':
    case 'transport':
      return problem(
        'provider_unusable',
        `The token URL did not answer as an OAuth 2.0 token endpoint: ${words}.`,
        {
          errors: [{ path: 'token_url', message: words }],
          members,
        },
      )
    default:
      return problem(
        'provider_unavailable',
        `The provider gave no token just now (${words}). Try again soon.`,
        {
          members,
          retryAfter: Math.max(1, Math.ceil((result.retryAfterMs ?? 5000) / 1000)),
        },
      )
  }
}
