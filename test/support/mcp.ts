import type { Answer, TestGrantry } from './grantry.ts'

/** A message of JSON-RPC, as the era that is named sends it. */
export type McpCall = {
  url: string
  method: string
  params?: Record<string, unknown>
  era?: '2026' | '2025'
  /** Can it open a URL for its person (elicitation in URL mode)? */
  elicits?: boolean
  key?: string | null
  /** Of the 2025 era, as `initialize` gave it. */
  session?: string
  headers?: Record<string, string>
  id?: number
}

/** Sends one message to an MCP server and gives the JSON-RPC answer, whether it came as JSON or as a stream of events. */
export async function callMcp(
  grantry: Pick<TestGrantry, 'call'>,
  { url, method, params = {}, era = '2026', elicits = false, key, session, headers = {}, id = 1 }: McpCall,
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
): Promise<Answer<any>> {
  const capabilities = elicits ? { elicitation: { url: {} } } : {}
  const modern = era === '2026'
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'a test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  }
  const body = { jsonrpc: '2.0', id, method, params: modern ? { ...params, _meta: meta } : params }
  const answer = await grantry.call('POST', url, body, {
    ...(key === undefined ? {} : { key }),
    headers: {
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': modern ? '2026-07-28' : '2025-11-25',
      ...(modern ? { 'mcp-method': method } : {}),
      ...(modern && typeof params.name === 'string' ? { 'mcp-name': params.name } : {}),
      ...(session === undefined ? {} : { 'mcp-session-id': session }),
      ...headers,
    },
  })
  const [, data] = /^data: (.*)$/m.exec(answer.text) ?? []
  return { ...answer, body: answer.body ?? (data === undefined ? null : JSON.parse(data)) }
}

/** How a client of the 2025 era begins. */
export const initialize = (elicits = false) => ({
  method: 'initialize',
  era: '2025' as const,
  params: {
    protocolVersion: '2025-11-25',
    capabilities: elicits ? { elicitation: { url: {} } } : {},
    clientInfo: { name: 'a test', version: '1' },
  },
})

/** Calls a tool. */
export const toolCall = (name: string, args: Record<string, unknown> = {}) => ({
  method: 'tools/call',
  params: { name, arguments: args },
})
