import { createHash } from 'node:crypto'
import { encodeId } from '@grantry/api'
import { Secret } from '@grantry/oauth'
import { sql } from 'kysely'
import { readConfig } from '../packages/server/src/config.ts'
import { sealTokens } from '../packages/server/src/connections/token-set.ts'
import { type Context, closeContext, createContext } from '../packages/server/src/context.ts'
import { dialectOf } from '../packages/server/src/db/connect.ts'
import { newId } from '../packages/server/src/db/new-id.ts'
import type { ConnectionRow, IntegrationRow, TokenRequestRow } from '../packages/server/src/db/schema.ts'
import { transaction } from '../packages/server/src/db/transaction.ts'
import { secretPlace } from '../packages/server/src/integrations/store.ts'
import { bootstrapWorkspace } from '../packages/server/src/workspaces/bootstrap.ts'
import type { Deployment } from './processes.ts'

export type Seeded = { integration: string; connections: string[] }

const mostKept = 10_000
const SCOPES = ['https://www.googleapis.com/auth/gmail.readonly', 'openid', 'email']

/**
 * Fills an empty database through the product's own code: first workspace, one Gmail integration, and `count`
 * connections with sealed tokens that live long enough not to be refreshed.
 * @returns public ids: the integration's, and an even choice of the connections'
 */
export async function seed(deployment: Deployment, count: number): Promise<Seeded> {
  const ctx = await createContext(
    readConfig({
      GRANTRY_DATA_DIR: deployment.dataDir,
      GRANTRY_DATABASE_URL: deployment.databaseUrl,
      GRANTRY_ENCRYPTION_KEY: deployment.encryptionKey,
      GRANTRY_BOOTSTRAP_API_KEY: deployment.apiKey,
      GRANTRY_LOG_LEVEL: 'error',
    }),
  )
  try {
    await bootstrapWorkspace(ctx)
    const workspace = await ctx.db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow()
    const integration = await insertIntegration(ctx, workspace.id)
    const connections = await insertConnections(ctx, workspace.id, integration, count)
    // As the database does by itself within a minute or so (autovacuum); until then it plans joins without knowing sizes.
    if (dialectOf(ctx.db) === 'postgres') await sql`vacuum analyze`.execute(ctx.db)
    return { integration: encodeId('int', integration), connections }
  } finally {
    await closeContext(ctx)
  }
}

/** Not by the API's own operation, which would look the provider's hosts up. */
async function insertIntegration(ctx: Context, workspace: string): Promise<string> {
  const id = newId(ctx)
  const now = ctx.clock.now()
  const row: IntegrationRow = {
    workspace_id: workspace,
    id,
    app_id: null,
    label: 'Gmail',
    name: 'gmail',
    provider: 'gmail',
    grant_type: 'authorization_code',
    authorization_url: null,
    token_url: null,
    revocation_url: null,
    issuer: null,
    discovered: null,
    api_base_url: null,
    client_id: 'benchmark-client',
    client_secret: await ctx.vault.seal(secretPlace(workspace, id, 1), new Secret('benchmark-secret')),
    secret_version: 1,
    token_auth_method: 'client_secret_post',
    scopes: JSON.stringify(SCOPES),
    params: '{}',
    extra_authorize_params: '{}',
    tenant_id: null,
    validation: JSON.stringify({ status: 'verified', checks: [] }),
    callback_name: null,
    trial: 0,
    connection_id: null,
    proxy_policy: null,
    created_at: now,
    updated_at: now,
  }
  await ctx.db.insertInto('integrations').values(row).execute()
  return id
}

/** PostgreSQL takes 65,535 parameters in one statement, SQLite 32,766. */
const rowsAtOnce = { sqlite: 500, postgres: 1000 }

async function insertConnections(
  ctx: Context,
  workspace: string,
  integration: string,
  count: number,
): Promise<string[]> {
  const size = rowsAtOnce[dialectOf(ctx.db)]
  const every = Math.max(1, Math.floor(count / mostKept))
  const kept: string[] = []
  await transaction(ctx.db, async (tx) => {
    for (let from = 0; from < count; from += size) {
      const connections: ConnectionRow[] = []
      const requests: TokenRequestRow[] = []
      for (let index = from; index < Math.min(from + size, count); index++) {
        const [connection, request] = await connectionRows(ctx, workspace, integration, index)
        connections.push(connection)
        requests.push(request)
        if (index % every === 0) kept.push(encodeId('con', connection.id))
      }
      await tx.insertInto('connections').values(connections).execute()
      await tx.insertInto('token_requests').values(requests).execute()
    }
  })
  return kept
}

async function connectionRows(
  ctx: Context,
  workspace: string,
  integration: string,
  index: number,
): Promise<[ConnectionRow, TokenRequestRow]> {
  const id = newId(ctx)
  const request = newId(ctx)
  const now = ctx.clock.now()
  const received = await sealTokens(
    ctx,
    { workspace, request, sentAt: now, keep: null },
    {
      // As long as Google's are.
      access_token: new Secret(`ya29.${createHash('sha512').update(id).digest('base64url').repeat(2)}`),
      refresh_token: new Secret(`1//${createHash('sha512').update(request).digest('base64url')}`),
      token_type: 'Bearer',
      expires_in: 24 * 3600,
      refresh_expires_in: null,
      scopes: SCOPES,
      id_token: null,
      metadata: {},
    },
  )
  const connection: ConnectionRow = {
    workspace_id: workspace,
    id,
    integration_id: integration,
    app_id: null,
    provider: 'gmail',
    end_user_id: `user-${index}`,
    end_user_email: `user-${index}@example.com`,
    end_user_name: null,
    identity: createHash('sha256').update(id).digest('hex'),
    status: 'active',
    reason: null,
    reason_detail: null,
    api_error: null,
    proxy_policy: null,
    account_id: `user-${index}@example.com`,
    account_label: `user-${index}@example.com`,
    account_email: `user-${index}@example.com`,
    scopes_requested: JSON.stringify(SCOPES),
    scopes_granted: received.scopes,
    metadata: '{}',
    token_version: 1,
    token_request_id: request,
    refresh_token_hash: received.refresh_token_hash,
    expires_at: received.expires_at,
    refresh_at: received.expires_at,
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
  const journal: TokenRequestRow = {
    ...received,
    workspace_id: workspace,
    id: request,
    integration_id: integration,
    connection_id: id,
    kind: 'code',
    fence: 0,
    spent_hash: null,
    due_at: null,
    sent_at: now,
    settle_at: null,
    outcome: 'stored',
    error: null,
    error_description: null,
    restored_in: null,
  }
  return [connection, journal]
}
