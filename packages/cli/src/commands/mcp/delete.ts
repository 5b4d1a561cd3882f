import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { completes, mcpServerIds } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { findMcpServer } from '../../find-mcp-server.ts'

/** `grantry mcp delete SERVER`: with the connection that was made for it. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('delete <server>')
    .description('End an MCP server, and the connection that was made for it')
    .option('--yes', 'do not ask')
    .action(async (named: string, { yes }: { yes?: boolean }) => {
      const grantry = await cli.client()
      const { id, mcp_server } = await findMcpServer(grantry, named)
      await cli.prompt.typed({
        message: `The MCP server ${id} will end, with the connection that was made for it.`,
        word: mcp_server,
        yes: yes === true,
      })
      const ended = await grantry.mcpServers.delete(id)
      cli.out.done(`Ended the MCP server ${id}.`, ended)
    })
  completes(command, { arguments: [mcpServerIds] })
  addExamples(command, [{ command: 'grantry mcp delete mcp_01k3…', what: 'Asks before it does' }])
}
