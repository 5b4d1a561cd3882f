import type { McpServer } from '@grantry/sdk'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

/** `grantry mcp list`: those that are, or with --available all that could be. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('list')
    .description('List MCP servers')
    .option('--available', 'all services that can be served instead')
    .action(async ({ available }: { available?: boolean }) => {
      const grantry = await cli.client()
      const services = grantry.mcpServers.list()
      if (available)
        return cli.out.table(services, {
          SERVICE: ({ mcp_server }) => mcp_server,
          NAME: ({ mcp_server_name }) => mcp_server_name,
          ACCESS: ({ access_types }) => access_types.join(', '),
          INTEGRATION: ({ configured }) => (configured ? 'yes' : 'no'),
          SERVERS: ({ instances }) => instances.length,
        })
      await cli.out.table(
        instancesOf(services),
        {
          ID: ({ id }) => id,
          SERVICE: ({ mcp_server }) => mcp_server,
          ACCESS: ({ access_type }) => access_type,
          STATUS: ({ status }) => status,
          CONNECTION: ({ connection_id }) => connection_id,
          URL: ({ mcp_url }) => mcp_url,
        },
        { none: 'No MCP servers yet.', next: 'grantry mcp list --available' },
      )
    })
  addExamples(command, [
    { command: 'grantry mcp list', what: 'Those that are there' },
    { command: 'grantry mcp list --available', what: 'What could be served' },
  ])
}

async function* instancesOf(services: AsyncIterable<{ instances: McpServer[] }>): AsyncGenerator<McpServer> {
  for await (const { instances } of services) yield* instances
}
