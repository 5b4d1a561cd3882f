import type { Grantry, McpServer } from '@grantry/sdk'
import { exitCodes, Failure } from '../../failure.ts'

const revision = '2026-07-28'

export type Tool = {
  name: string
  title?: string
  description?: string
  inputSchema: { properties?: Record<string, unknown>; required?: string[] }
  annotations?: { readOnlyHint?: boolean }
}

export type ToolResult = {
  content: { type: string; text?: string }[]
  structuredContent?: unknown
  isError?: boolean
}

type InputRequired = {
  resultType?: string
  inputRequests?: Record<string, { params?: { url?: string; message?: string } }>
}

type Answer = { result?: unknown; error?: { code: number; message: string } }

/** One message of MCP's revision 2026-07-28, which needs no session: the result. @throws Failure with the server's words */
async function ask<Result>(
  grantry: Grantry,
  { id, mcp_server_name }: McpServer,
  method: string,
  params: Record<string, unknown>,
): Promise<Result> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': revision,
    'io.modelcontextprotocol/clientInfo': { name: 'grantry', version: '0.1.0' },
    'io.modelcontextprotocol/clientCapabilities': { elicitation: { url: {} } },
  }
  const answer = await grantry.request<Answer>('POST', `/mcp/${id}`, {
    body: { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } },
    headers: {
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': revision,
      'mcp-method': method,
      ...(typeof params.name === 'string' ? { 'mcp-name': params.name } : {}),
    },
  })
  if (answer.error) throw new Failure(answer.error.message, { next: `grantry mcp call ${id}` })
  const { inputRequests } = answer.result as InputRequired
  const url = Object.values(inputRequests ?? {}).find(({ params }) => params?.url)?.params?.url
  if (url)
    throw new Failure(`The ${mcp_server_name} account is not connected, or its access has ended.`, {
      exitCode: exitCodes.needsReauth,
      next: `open ${url}, and then call it again`,
    })
  return answer.result as Result
}

export async function listTools(grantry: Grantry, server: McpServer): Promise<Tool[]> {
  const tools: Tool[] = []
  let cursor: string | undefined
  do {
    const page: { tools: Tool[]; nextCursor?: string } = await ask(
      grantry,
      server,
      'tools/list',
      cursor ? { cursor } : {},
    )
    tools.push(...page.tools)
    cursor = page.nextCursor
  } while (cursor)
  return tools
}

export const callTool = (
  grantry: Grantry,
  server: McpServer,
  name: string,
  args: Record<string, unknown>,
): Promise<ToolResult> => ask(grantry, server, 'tools/call', { name, arguments: args })
