import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { appIds, completes, connectionIds, providerNames } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { UsageError } from '../../failure.ts'

type Options = {
  access: string
  connection?: string
  endUser?: string
  app?: string
  returnTo?: string
  open?: boolean
}

/** `grantry mcp create SERVICE`: over an account that is to be connected, or over a connection. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('create <service>')
    .description('Make an MCP server: a service of the catalogue, or an integration for any request')
    .option('--access <type>', 'read: tools that only read; write: all', 'read')
    .option('--connection <id>', 'over a connection that is there; otherwise an account is to be connected')
    .option('--end-user <id>', 'whose account it will be')
    .option('--app <id>', 'in which app')
    .option('--return-to <url>', 'where the browser goes when the account is connected')
    .option('--open', 'open the link for connecting in the browser')
    .action(async (service: string, { access, connection, endUser, app, returnTo, open }: Options) => {
      if (access !== 'read' && access !== 'write') throw new UsageError('--access is read or write.')
      const grantry = await cli.client()
      const server = await grantry.mcpServers.create({
        mcp_server: service,
        access_type: access,
        auth_method: 'oauth',
        ...(connection ? { connection_id: connection } : {}),
        ...(endUser ? { end_user: { id: endUser } } : {}),
        ...(app ? { app_id: app } : {}),
        ...(returnTo ? { return_to: returnTo } : {}),
      })
      cli.out.record(server, {
        id: server.id,
        service: server.mcp_server_name,
        access: server.access_type,
        status: server.status,
        URL: server.mcp_url,
        ...(server.connect_url ? { 'connect here': server.connect_url } : {}),
      })
      if (server.connect_url && open && !(await cli.openBrowser(server.connect_url)))
        cli.out.warn('there is no browser to open here: open the link by hand.')
      cli.out.next(`grantry mcp config ${server.id}`)
    })
  completes(command, {
    arguments: [providerNames],
    options: { '--connection': connectionIds, '--app': appIds },
  })
  addExamples(command, [
    { command: 'grantry mcp create gmail --open', what: 'Connect an account in the browser' },
    {
      command: 'grantry mcp create pipedrive --access write --connection con_01k3…',
      what: 'Over a connection',
    },
  ])
}
