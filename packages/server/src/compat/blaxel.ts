import * as api from '@grantry/api'
import { Secret } from '@grantry/oauth'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { deleteConnection } from '../connections/delete.ts'
import { findByName, listNames, type WithName } from '../connections/names.ts'
import type { Context } from '../context.ts'
import type { NamedConnectionRow, NamedMcpServerRow } from '../db/schema.ts'
import { problem } from '../errors.ts'
import { mount } from '../http/mount.ts'
import type { Principal } from '../http/principal.ts'
import { listServerNames, type NamedServer } from '../mcp/names.ts'
import { createConnection, type Secrets, updateConnection } from './blaxel/bring-connection.ts'
import { createFunction, deleteFunction } from './blaxel/functions.ts'
import { requireWorkspace } from './blaxel/require-workspace.ts'

/** Blaxel's integration connections and functions, over the same operations as everybody's. Things go by name here. */
export function blaxelRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.createBlaxelConnection, async ({ principal, actor, body, request }) => {
    await admit(principal, request, 'connections:write')
    const { metadata, spec } = body
    const secret = secretsOf(spec.secret)
    const { name } = metadata
    await createConnection(ctx, principal, actor, { name, metadata, integration: spec.integration, secret })
    return presentConnection(await readConnection(principal, name))
  })

  mount(app, api.listBlaxelConnections, async ({ principal, query, request }) => {
    await admit(principal, request)
    return (await listNames(ctx, principal, query)).map(presentConnection)
  })

  mount(app, api.getBlaxelConnection, async ({ principal, params, request }) => {
    await admit(principal, request)
    return presentConnection(await readConnection(principal, params.name))
  })

  mount(app, api.updateBlaxelConnection, async ({ principal, actor, params, body, request }) => {
    await admit(principal, request, 'connections:write')
    const { metadata, spec } = body
    const found = await readConnection(principal, params.name)
    if (metadata.name !== undefined && metadata.name !== params.name)
      throw problem('invalid_request', 'metadata.name: a connection keeps its name', {
        errors: [{ path: 'metadata.name', message: 'is not the name in the path' }],
      })
    await updateConnection(ctx, principal, actor, found, {
      metadata,
      integration: spec.integration,
      secret: spec.secret && secretsOf(spec.secret),
    })
    return presentConnection(await readConnection(principal, params.name))
  })

  mount(app, api.deleteBlaxelConnection, async ({ principal, actor, params, query, request }) => {
    await admit(principal, request, 'connections:write')
    const found = await readConnection(principal, params.name)
    const { connection } = found
    const functions = await listServerNames(ctx, principal, { connection: connection.id })
    if (functions.length > 0) {
      if (query.force !== 'true') throw inUse(functions)
      requireScope(principal, 'mcp:manage')
      for (const one of functions) await deleteFunction(ctx, principal, actor, one)
    }
    await deleteConnection(ctx, { connection, actor, force: false })
    return presentConnection({ ...found, connection: { status: 'revoked', reason: 'deleted' } })
  })

  mount(app, api.createBlaxelFunction, async ({ principal, actor, body, request }) => {
    await admit(principal, request)
    const { metadata, spec } = body
    const connection = spec.integrationConnections[0]!
    await createFunction(ctx, principal, actor, { name: metadata.name, metadata, connection })
    return presentFunction(await readFunction(principal, metadata.name))
  })

  mount(app, api.listBlaxelFunctions, async ({ principal, query, request }) => {
    await admit(principal, request)
    return (await listServerNames(ctx, principal, query)).map(presentFunction)
  })

  mount(app, api.getBlaxelFunction, async ({ principal, params, request }) => {
    await admit(principal, request)
    return presentFunction(await readFunction(principal, params.name))
  })

  mount(app, api.deleteBlaxelFunction, async ({ principal, actor, params, request }) => {
    await admit(principal, request)
    const found = await readFunction(principal, params.name)
    await deleteFunction(ctx, principal, actor, found)
    return presentFunction({ ...found, status: 'revoked' })
  })

  async function admit(principal: Principal, request: FastifyRequest, also?: api.Scope): Promise<void> {
    await requireWorkspace(ctx, principal, request)
    if (also) requireScope(principal, also)
  }

  async function readConnection(principal: Principal, name: string): Promise<WithName> {
    const found = await findByName(ctx, principal, name)
    if (!found)
      throw problem('not_found', 'There is no integration connection of this name in your workspace.')
    return found
  }

  async function readFunction(principal: Principal, name: string): Promise<NamedServer> {
    const [found] = await listServerNames(ctx, principal, { name })
    if (!found) throw problem('not_found', 'There is no function of this name in your workspace.')
    return found
  }

  const presentFunction = ({ named, status }: NamedServer) => ({
    metadata: {
      ...metadataOf(named),
      url: `${ctx.config.publicUrl}/mcp/${api.encodeId('mcp', named.mcp_server_id)}`,
    },
    spec: {
      type: 'mcp' as const,
      integrationConnections: [named.stands_on],
      runtime: { type: 'mcp' as const },
    },
    status,
  })
}

const presentConnection = ({
  named,
  connection: { status, reason },
}: Pick<WithName, 'named'> & { connection: Pick<WithName['connection'], 'status' | 'reason'> }) => ({
  metadata: metadataOf(named),
  spec: { integration: named.stands_on },
  status,
  reason,
})

const metadataOf = (named: NamedConnectionRow | NamedMcpServerRow) => ({
  name: named.name,
  displayName: named.display_name ?? named.name,
  labels: JSON.parse(named.labels) as Record<string, string>,
  workspace: api.encodeId('ws', named.workspace_id),
  createdAt: new Date(named.created_at).toISOString(),
  updatedAt: new Date(named.updated_at).toISOString(),
})

const secretsOf = (given: { CLIENT_ID: string; CLIENT_SECRET: string; REFRESH_TOKEN: string }): Secrets => ({
  CLIENT_ID: given.CLIENT_ID,
  CLIENT_SECRET: new Secret(given.CLIENT_SECRET),
  REFRESH_TOKEN: new Secret(given.REFRESH_TOKEN),
})

/** Both an integration and a connection come of one request: it takes what each of them takes. */
function requireScope({ scopes }: Principal, scope: api.Scope): void {
  if (scopes.has(scope)) return
  throw problem('insufficient_scope', `This needs the scope ${scope} too.`)
}

function inUse(functions: NamedServer[]) {
  const names = functions.map(({ named }) => named.name)
  return problem(
    'conflict',
    `Functions stand on this connection: ${names.slice(0, 10).join(', ')}. End them first, or add ?force=true.`,
    { members: { functions: names.slice(0, 100) } },
  )
}
