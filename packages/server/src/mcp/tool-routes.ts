import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { invalid, problem } from '../errors.ts'
import { mount } from '../http/mount.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { requireFeature } from '../workspaces/features.ts'
import { loadWorkspace } from '../workspaces/store.ts'
import { findTool, runOnce, type ToConnect } from './call-tool.ts'
import type { ReconnectLinks } from './endpoint.ts'
import { type McpServer, readMcpServer } from './store.ts'
import { tooDeep } from './too-deep.ts'
import type { Json } from './tools/evaluate.ts'
import { mayCall, type ServedTool, serviceOf, toolsOf } from './tools-of.ts'

/** The tools of a server without the protocol: for the console, and whoever is no MCP client. */
export function toolRoutes(app: FastifyInstance, ctx: Context, reconnectLink: ReconnectLinks): void {
  mount(app, api.listMcpServerTools, async ({ principal, params }) => {
    const server = await readMcpServer(ctx, principal, params.id)
    requireFeature(await loadWorkspace(ctx, principal.workspace), 'mcp')
    return {
      data: {
        tools: toolsOf(ctx, server).map((tool) => ({
          name: tool.name,
          title: tool.title,
          description: tool.description,
          access: tool.access,
          destructive: tool.access === 'write' && (tool.destructive ?? false),
          idempotent: tool.access === 'read' || (tool.idempotent ?? false),
          input_schema: tool.input,
          runnable: mayRun(principal, tool),
        })),
      },
    }
  })

  mount(app, api.runMcpServerTool, async ({ principal, actor, params, body, gone }) => {
    const server = await readMcpServer(ctx, principal, params.id)
    requireFeature(await loadWorkspace(ctx, principal.workspace), 'mcp')
    const tool = findTool(ctx, server, params.tool)
    if (!tool) throw problem('not_found', 'This server has no such tool. GET …/tools lists those it has.')
    if (!mayRun(principal, tool)) throw problem('insufficient_scope', whyNot(principal, tool))
    if (tooDeep(body.arguments)) throw invalid('arguments', 'is nested too deep')
    const outcome = await runOnce(
      ctx,
      { server, principal, actor },
      { tool, args: body.arguments as Record<string, Json>, gone: gone() },
    )
    if (!('result' in outcome)) throw await toConnect(principal, actor, server, outcome)
    return {
      data: {
        content: outcome.result.content.flatMap((part) =>
          part.type === 'text' ? { type: 'text' as const, text: part.text } : [],
        ),
        structured_content: (outcome.result.structuredContent as Record<string, unknown> | undefined) ?? null,
        is_error: outcome.result.isError === true,
      },
    }
  })

  /** Whoever may start connecting is given the link for it, as where a token is read. */
  async function toConnect(principal: Principal, actor: Actor, server: McpServer, { connect }: ToConnect) {
    const id = api.encodeId('con', server.connection.id)
    const link = principal.scopes.has('connections:write')
      ? await reconnectLink(principal, actor, id).catch(() => null)
      : null
    const { display_name } = serviceOf(ctx, server)
    const what =
      connect === 'connection_not_ready'
        ? `The ${display_name} account of this server has not been connected yet.`
        : `The access to this ${display_name} account has ended: it must be connected again.`
    return problem(connect, what, { members: { connection_id: id, ...(link && { connect_url: link.url }) } })
  }
}

/**
 * By its scopes; and of members only those who may also read the token that a tool works with. To see is not to hold: a
 * viewer does not read somebody's mail.
 */
function mayRun(principal: Principal, tool: ServedTool): boolean {
  return mayCall(principal, tool) && !onlySees(principal)
}

const onlySees = ({ kind, scopes }: Principal): boolean => kind === 'member' && !scopes.has('tokens:read')

function whyNot(principal: Principal, { name }: ServedTool): string {
  return onlySees(principal)
    ? "Tools work with somebody's account: your role may see which there are, and not run them."
    : `${name} changes something, and needs the scope mcp:write.`
}
