import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { integrationItself, isServed } from '../db/is-served.ts'
import { notFound } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import type { Principal } from '../http/principal.ts'
import { visibleTo } from '../integrations/find.ts'
import { createMcpServer } from './create.ts'
import { deleteMcpServer } from './delete.ts'
import type { ReconnectLinks } from './endpoint.ts'
import { mcpEndpointRoutes } from './endpoint-routes.ts'
import { listInstances, presentInstance } from './list-instances.ts'
import { listMcpServers, type McpServer, presentMcpServer, readMcpServer } from './store.ts'
import { toolRoutes } from './tool-routes.ts'

export function mcpRoutes(app: FastifyInstance, ctx: Context, reconnectLink: ReconnectLinks): void {
  mount(app, api.createMcpServer, async ({ principal, actor, body }) => {
    const { session, ...server } = await createMcpServer(ctx, principal, actor, body)
    return {
      data: {
        ...presentMcpServer(ctx, server),
        authorization_url: session?.authorizationUrl ?? null,
        connect_url: session && `${ctx.config.publicUrl}/connect/${session.startToken}`,
        connect_token: session?.connectToken ?? null,
        connect_session_id: session && api.encodeId('cs', session.session.id),
        expires_at: session && new Date(session.session.expires_at).toISOString(),
      },
    }
  })

  mount(app, api.listMcpServers, async ({ principal }) => {
    const instances = await listMcpServers(ctx, principal)
    const configured = new Set(await configuredProviders(principal))
    const listed = (rows: McpServer[]) => rows.map((server) => presentMcpServer(ctx, server))
    const common = { auth_methods: ['oauth' as const], access_types: [...api.accessTypes] }
    const supported = [...ctx.catalogue.entries()].map(([name, entry]) => ({
      mcp_server: name,
      mcp_server_name: entry.display_name,
      ...common,
      scopes: {
        read: entry.scopes.read.map(({ scope }) => scope),
        write: entry.scopes.write.map(({ scope }) => scope),
      },
      configured: configured.has(name),
      instances: listed(instances.filter(({ row }) => row.provider === name)),
    }))
    // Integrations of no provider of the catalogue: those that something stands on.
    const others = [...new Set(instances.map(({ row }) => row.provider))]
      .filter((name) => !ctx.catalogue.has(name))
      .map((name) => {
        const own = instances.filter(({ row }) => row.provider === name)
        const scopes = JSON.parse(own[0]!.row.scopes) as string[]
        return {
          mcp_server: name,
          mcp_server_name: name,
          ...common,
          scopes: { read: scopes, write: scopes },
          configured: true,
          instances: listed(own),
        }
      })
    return { data: [...supported, ...others], next_cursor: null }
  })

  mount(app, api.listMcpServerInstances, async ({ principal, query }) => {
    const page = readPage(query)
    const filter = {
      name: query.mcp_server,
      connection: query.connection && readConnectionId(query.connection),
      endUser: query.end_user,
      status: query.status,
    }
    const servers = await listInstances(ctx, principal, filter, page)
    return toList(
      servers.map((server) => ({ id: server.row.id, server })),
      page,
      ({ server }) => presentInstance(ctx, server),
    )
  })

  mount(app, api.getMcpServer, async ({ principal, params }) => ({
    data: presentMcpServer(ctx, await readMcpServer(ctx, principal, params.id)),
  }))

  mount(app, api.deleteMcpServer, async ({ principal, actor, params }) => {
    await deleteMcpServer(ctx, await readMcpServer(ctx, principal, params.id), actor)
    return { data: { id: params.id, deleted: true as const } }
  })

  toolRoutes(app, ctx, reconnectLink)
  mcpEndpointRoutes(app, ctx, reconnectLink)

  async function configuredProviders({ workspace, app, services }: Principal): Promise<string[]> {
    const rows = await ctx.db
      .selectFrom('integrations')
      .select(['provider', 'app_id'])
      .where('workspace_id', '=', workspace)
      .where('provider', 'is not', null)
      .where('grant_type', '=', 'authorization_code')
      .where('trial', '=', 0)
      .$if(services !== null, (query) => query.where(isServed(services!, integrationItself)))
      .execute()
    return rows.flatMap(({ provider, app_id }) => (provider && visibleTo(app_id, app) ? provider : []))
  }
}

function readConnectionId(text: string): string {
  const id = api.decodeId('con', text)
  if (!id) throw notFound('connection')
  return id
}
