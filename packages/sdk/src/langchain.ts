import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import type { Grantry } from './client.ts'

export type LangChainTools = {
  /** For `createAgent`, `bindTools` and tool nodes. */
  tools: Awaited<ReturnType<MultiServerMCPClient['getTools']>>
  close(): Promise<void>
}

/**
 * The tools of an MCP server as LangChain takes them. Needs `@langchain/mcp-adapters` and `@langchain/core`, and a
 * credential with `mcp:read` or `mcp:write`.
 *
 * @example
 * const { tools, close } = await mcpTools(grantry, 'mcp_01jd3x…')
 * const agent = createAgent({ model, tools })
 */
export async function mcpTools(grantry: Grantry, mcpServer: string): Promise<LangChainTools> {
  const { url, headers } = await grantry.mcp(mcpServer)
  const client = new MultiServerMCPClient({
    mcpServers: { grantry: { transport: 'http', url, headers } },
    useStandardContentBlocks: true,
  })
  try {
    return { tools: await client.getTools(), close: () => client.close() }
  } catch (error) {
    await client.close()
    throw error
  }
}
