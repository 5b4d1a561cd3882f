import type { Provider, Tool } from '@grantry/providers'
import type { Context } from '../context.ts'
import type { Principal } from '../http/principal.ts'
import { requestTool } from './request-tool.ts'
import type { McpServer } from './store.ts'

/** What is told of a tool; `steps` where the catalogue says how it is done. */
export type ServedTool = Omit<Tool, 'input' | 'steps' | 'output'> & {
  input: Record<string, unknown>
  run: Tool | 'request'
}

/** The service behind a server, as its tools and answers call it. */
export type Service = Pick<Provider, 'display_name' | 'tool_failure'>

type Needs = Pick<Context, 'catalogue'>

export function serviceOf(ctx: Needs, { row, connection }: McpServer): Service {
  const entry = entryOf(ctx, connection)
  return entry ?? { display_name: row.provider }
}

/**
 * All tools that a server has: the catalogue's, or where it has none, one that makes any request. A read server has those
 * that only read; an API may write by GET, so that it has no such request.
 */
export function toolsOf(ctx: Needs, server: McpServer): ServedTool[] {
  const tools = entryOf(ctx, server.connection)?.tools
  const all = tools
    ? tools.map((tool) => ({ ...tool, input: tool.input as Record<string, unknown>, run: tool }))
    : [requestTool(serviceOf(ctx, server).display_name)]
  return server.row.access_type === 'write' ? all : all.filter(({ access }) => access === 'read')
}

/** Whether a credential's scopes are enough for a tool. */
export function mayCall({ scopes }: Pick<Principal, 'scopes'>, { access }: ServedTool): boolean {
  return scopes.has('mcp:write') || (access === 'read' && scopes.has('mcp:read'))
}

/** By its connection: a server's own name may be that of a generic integration. */
function entryOf({ catalogue }: Needs, { provider }: McpServer['connection']) {
  return provider === null ? undefined : catalogue.get(provider)
}
