import type { Server } from '@modelcontextprotocol/server'
import { annotate } from './annotate.ts'
import { callTool, type Needs, type Serving } from './call-tool.ts'
import type { Sdk } from './serve.ts'
import { mayCall, serviceOf, toolsOf } from './tools-of.ts'

/** How long a client may keep the list of tools, in milliseconds; it is one caller's own. */
const listTtlMs = 300_000

/** The server that one request is answered by: the tools of one connection, as far as this caller may use them. */
export function buildServer(ctx: Needs, sdk: Sdk, serving: Serving, era: 'modern' | 'legacy'): Server {
  const { server: mcpServer, principal } = serving
  const { access_type } = mcpServer.row
  const { display_name } = serviceOf(ctx, mcpServer)
  const tools = toolsOf(ctx, mcpServer).filter((tool) => mayCall(principal, tool))
  const server = new sdk.Server(
    {
      name: `grantry-${mcpServer.row.provider}`,
      title: access_type === 'read' ? `${display_name}, read only` : display_name,
      version: '1',
    },
    {
      capabilities: { tools: {} },
      instructions: instructionsFor(display_name, access_type, tools.length),
      cacheHints: { 'tools/list': { ttlMs: listTtlMs, cacheScope: 'private' } },
      inputRequired: { legacyShim: false },
      // Nothing here is answered by a form; the package would make a validator for each request.
      jsonSchemaValidator: noForms,
    },
  )
  server.setRequestHandler('tools/list', () => ({
    tools: tools.map((tool) => ({
      name: tool.name,
      title: tool.title,
      description: tool.description,
      inputSchema: tool.input as { type: 'object' },
      annotations: annotate(tool),
    })),
  }))
  server.setRequestHandler('tools/call', (request, context) =>
    callTool(ctx, sdk, serving, request, { era, context }),
  )
  return server
}

const noForms = {
  getValidator() {
    throw new Error('No form is asked for.')
  },
}

function instructionsFor(service: string, access: 'read' | 'write', tools: number): string {
  const acts = `Tools of one connected ${service} account. Everything is done as that account.`
  if (tools > 0)
    return access === 'read' ? `${acts} This server only reads: nothing can be changed by it.` : acts
  return access === 'read'
    ? `This server has no tools: it may only read, and there is no description of the ${service} API that says which requests do. A server with write access has a tool for any request.`
    : `${acts} This credential has none: they change things, and it has no scope mcp:write.`
}
