import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

/** `grantry clients list`: the apps that may ask people for access by our own authorization server. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('list')
    .description('List OAuth clients, without their secrets')
    .action(async () => {
      const grantry = await cli.client()
      await cli.out.table(
        grantry.oauthClients.list({ limit: 200 }),
        {
          ID: ({ id }) => id,
          NAME: ({ client_name }) => client_name,
          'CLIENT ID': ({ client_id }) => client_id,
          'LAST USED': ({ last_used_at }) => ago(last_used_at) ?? 'never',
          SCOPES: ({ scope }) => scope,
        },
        { none: 'No OAuth clients yet.', next: 'grantry clients create NAME --redirect-uri URI' },
      )
    })
  addExamples(command, [{ command: 'grantry clients list', what: 'Partner apps, and MCP clients' }])
}
