import { createMCPClient, type MCPClient } from '@ai-sdk/mcp'
import type { Grantry } from './client.ts'

export type AiSdkTools = {
  /** For `tools` of `generateText`, `streamText` and agents. */
  tools: Awaited<ReturnType<MCPClient['tools']>>
  close(): Promise<void>
}

/**
 * The tools of an MCP server as the AI SDK takes them. Needs `@ai-sdk/mcp`, and a credential with `mcp:read` or `mcp:write`.
 *
 * @example
 * const { tools, close } = await mcpTools(grantry, 'mcp_01jd3x…')
 * const { text } = await generateText({ model, tools, prompt: 'What is new in my mail?' })
 * await close()
 */
export async function mcpTools(grantry: Grantry, mcpServer: string): Promise<AiSdkTools> {
  const { url, headers } = await grantry.mcp(mcpServer)
  const client = await createMCPClient({ transport: { type: 'http', url, headers } })
  try {
    return { tools: await client.tools(), close: () => client.close() }
  } catch (error) {
    await client.close()
    throw error
  }
}
