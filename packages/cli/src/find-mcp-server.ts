import type { Grantry, McpServer } from '@grantry/sdk'
import { exitCodes, Failure, UsageError } from './failure.ts'

/**
 * The one MCP server that a person means: by its id, or by the name of its service where there is one of it.
 * @throws Failure not found; UsageError where it could be several
 */
export async function findMcpServer(grantry: Pick<Grantry, 'mcpServers'>, named: string): Promise<McpServer> {
  if (/^mcp_[0-9a-z]{26}$/.test(named)) return grantry.mcpServers.get(named)
  const found: McpServer[] = []
  for await (const service of grantry.mcpServers.list())
    if (service.mcp_server === named) found.push(...service.instances)
  const [only, another] = found
  if (!only)
    throw new Failure(`There is no MCP server "${named}" here.`, {
      exitCode: exitCodes.notFound,
      next: 'grantry mcp list, or grantry mcp create SERVICE',
    })
  if (another)
    throw new UsageError(
      `"${named}" could be ${found.map(({ id, access_type }) => `${id} (${access_type})`).join(' or ')}.`,
      'give one of these ids',
    )
  return only
}
