import { decodeId, encodeId } from '@grantry/api'
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
import { findByName, readIntegration } from '../integrations/find.ts'
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
  const app = await readAppReference(ctx, principal, request.app_id)
  if (request.connection_id !== undefined) {
    const connection = await readConnection(ctx, principal, request.connection_id, 'connection_id')
    const { provider, integration_id } = connection
    const service = await findService(ctx, principal, request, connection.app_id)
    if (service.integration ? service.integration.id !== integration_id : service.provider !== provider)
      throw invalid('connection_id', `is not a connection of ${service.name}`)
    if (connection.status === 'revoked')
      throw problem('conflict', 'This connection has been ended; make a new one.')
    const row = await insertServer(ctx, { request, service, connection, actor, owns: false })
    return { row, connection, session: null }
  }

  refuseBeyondChosen(principal)
  refuseOwnWords(principal, request.end_user)
  const endUser = whose(principal, request.end_user?.id, 'end_user.id')
  const service = await findService(ctx, principal, request, app)
  const integration = service.integration ?? (await findIntegration(ctx, principal, request.mcp_server, app))
  const { scopes } = service
  // Connection, server and session are there together or not at all: a refused session leaves nothing.
  return transaction(ctx.db, async (db) => {
    const within = { ...ctx, db }
    const connection = await insertPending(ctx, db, {
      integration,
      app: app ?? integration.app,
      endUser: endUser === undefined ? null : toEndUser({ ...request.end_user, id: endUser }),
      scopes,
    })
    const row = await insertServer(within, { request, service, connection, actor, owns: true })
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

/** What a server is made for. */
type Service = {
  /** What the server is called by, and listed under. */
  name: string
  provider: string | null
  scopes: string[]
  /** The one integration that was named; null where any of the provider's will do. */
  integration: Integration | null
}

/**
 * The service that a request names: a provider of the catalogue, or an integration of the workspace by its id or name.
 * @throws ApiError invalid_request, ambiguous
 */
async function findService(
  ctx: Needs,
  principal: Principal,
  { mcp_server, access_type }: McpServerRequest,
  app: string | null,
): Promise<Service> {
  const preset = (provider: string) => {
    const entry = ctx.catalogue.get(provider)!
    return requestedScopes(
      entry,
      entry.scopes[access_type].map(({ scope }) => scope),
    )
  }
  if (ctx.catalogue.has(mcp_server))
    return { name: mcp_server, provider: mcp_server, scopes: preset(mcp_server), integration: null }
  const integration = await findNamed(ctx, principal, mcp_server, app)
  const { id, provider, row, profile } = integration
  // A name of the catalogue's would promise its tools.
  const own = row.name !== null && !ctx.catalogue.has(row.name) ? row.name : encodeId('int', id)
  const scopes = provider === null ? requestedScopes(profile, integration.scopes) : preset(provider)
  return { name: provider ?? own, provider, scopes, integration }
}

async function findNamed(ctx: Needs, principal: Principal, name: string, app: string | null) {
  const narrowed = app ?? principal.app
  try {
    return decodeId('int', name)
      ? await readIntegration(ctx, principal, name)
      : await findByName(ctx, principal, name, narrowed, 'mcp_server')
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'not_found') throw error
    throw invalid(
      'mcp_server',
      'is neither a supported server (GET /api/v1/mcp-servers lists them) nor an integration of this workspace',
    )
  }
}

async function findIntegration(
  ctx: Needs,
  principal: Principal,
  provider: string,
  app: string | null,
): Promise<Integration> {
  try {
    return await findByName(ctx, principal, provider, app, 'mcp_server')
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
  input: { request: McpServerRequest; service: Service; connection: Connection; actor: Actor; owns: boolean },
): Promise<McpServerRow> {
  const { request, service, connection, actor, owns } = input
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
      provider: service.name,
      access_type: request.access_type,
      connection_id: connection.id,
      owns_connection: owns ? 1 : 0,
      scopes: JSON.stringify(service.scopes),
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
