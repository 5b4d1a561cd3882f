import { encodeId } from '@grantry/api'
import { requestedScopes } from '@grantry/oauth'
import { record } from '../audit/record.ts'
import { type CreatedSession, createSession } from '../connect/create-session.ts'
import { insertPending } from '../connections/begin.ts'
import {
  type Connection,
  eventOf,
  readConnection,
  refuseBeyondChosen,
  refuseOwnWords,
  whose,
} from '../connections/store.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import type { McpServerRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { ApiError, invalid, problem } from '../errors.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { findByName } from '../integrations/find.ts'
import type { Integration } from '../integrations/store.ts'
import { requireFeature } from '../workspaces/features.ts'
import { readAppReference } from '../workspaces/find-app.ts'
import { takeQuota } from '../workspaces/quotas.ts'
import { loadWorkspace } from '../workspaces/store.ts'
import type { McpServer } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'random' | 'vault'>

export type McpServerRequest = {
  mcp_server: string
  access_type: 'read' | 'write'
  end_user?: { id: string; email?: string | undefined; display_name?: string | undefined } | undefined
  origin?: string | undefined
  return_to?: string | undefined
  state?: string | undefined
  app_id?: string | undefined
  connection_id?: string | undefined
}

/**
 * Makes an MCP server: over a connection that exists, or over one that is pending until somebody consents; then with the
 * connect session that asks for it, with the catalogue's scopes for reading or writing.
 * @throws ApiError invalid_request, integration_missing, ambiguous, feature_not_in_plan, quota_exceeded, and what making a session throws
 */
export async function createMcpServer(
  ctx: Needs,
  principal: Principal,
  actor: Actor,
  request: McpServerRequest,
): Promise<McpServer & { session: CreatedSession | null }> {
  requireFeature(await loadWorkspace(ctx, principal.workspace), 'mcp')
  const entry = ctx.catalogue.get(request.mcp_server)
  if (!entry) throw invalid('mcp_server', 'is not a supported server; GET /api/v1/mcp-servers lists them')
  const preset = entry.scopes[request.access_type].map(({ scope }) => scope)
  const scopes = requestedScopes(entry, preset)
  if (request.connection_id !== undefined) {
    const connection = await readConnection(ctx, principal, request.connection_id)
    if (connection.provider !== request.mcp_server)
      throw invalid('connection_id', `is not a connection of ${entry.display_name}`)
    if (connection.status === 'revoked')
      throw problem('conflict', 'This connection has been ended; make a new one.')
    const row = await insertServer(ctx, { request, connection, scopes, actor, owns: false })
    return { row, connection, session: null }
  }

  refuseBeyondChosen(principal)
  refuseOwnWords(principal, request.end_user)
  const endUser = whose(principal, request.end_user?.id, 'end_user.id')
  const app = await readAppReference(ctx, principal, request.app_id)
  const integration = await findIntegration(ctx, principal, request.mcp_server, app)
  // Connection, server and session are there together or not at all: a refused session leaves nothing.
  return transaction(ctx.db, async (db) => {
    const within = { ...ctx, db }
    const connection = await insertPending(ctx, db, {
      integration,
      app: app ?? integration.app,
      endUser: endUser === undefined ? null : toEndUser({ ...request.end_user, id: endUser }),
      scopes,
    })
    const row = await insertServer(within, { request, connection, scopes, actor, owns: true })
    const session = await createSession(within, principal, actor, {
      connection_id: encodeId('con', connection.id),
      scopes,
      access_type: request.access_type,
      binding: 'confirm',
      origin: request.origin,
      return_to: request.return_to,
      state: request.state,
      allow_account_change: false,
    })
    return { row, connection, session }
  })
}

const toEndUser = ({ id, email, display_name }: NonNullable<McpServerRequest['end_user']>) => ({
  id,
  email: email ?? null,
  name: display_name ?? null,
})

async function findIntegration(
  ctx: Needs,
  principal: Principal,
  provider: string,
  app: string | null,
): Promise<Integration> {
  try {
    return await findByName(ctx, principal.workspace, provider, app)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'not_found') throw error
    throw problem(
      'integration_missing',
      `The workspace has no OAuth app for "${provider}" yet. Add one with POST /api/v1/integrations {"provider": "${provider}", "client_id": …, "client_secret": …}.`,
      { errors: [{ path: 'mcp_server', message: 'has no integration in this workspace' }] },
    )
  }
}

async function insertServer(
  ctx: Needs,
  input: { request: McpServerRequest; connection: Connection; scopes: string[]; actor: Actor; owns: boolean },
): Promise<McpServerRow> {
  const { request, connection, scopes, actor, owns } = input
  return transaction(ctx.db, async (tx) => {
    const { mcp_servers_made } = await tx
      .updateTable('workspaces')
      .set((eb) => ({ mcp_servers_made: eb('mcp_servers_made', '+', 1) }))
      .where('id', '=', connection.workspace_id)
      .returning('mcp_servers_made')
      .executeTakeFirstOrThrow()
    await takeQuota(tx, connection.workspace_id, 'mcp_servers')
    const row: McpServerRow = {
      workspace_id: connection.workspace_id,
      id: newId(ctx),
      number: mcp_servers_made,
      provider: request.mcp_server,
      access_type: request.access_type,
      connection_id: connection.id,
      owns_connection: owns ? 1 : 0,
      scopes: JSON.stringify(scopes),
      created_at: ctx.clock.now(),
    }
    await tx.insertInto('mcp_servers').values(row).execute()
    await record(ctx, tx, {
      ...eventOf(connection),
      type: 'mcp_server.created',
      actor,
      data: { mcp_server: row.provider, access_type: row.access_type, number: row.number },
    })
    return row
  })
}
