import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { clientIds, completes } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'

/** `grantry clients show ID` */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('show <id>')
    .description('Show an OAuth client; never its secret')
    .action(async (id: string) => {
      const grantry = await cli.client()
      const client = await grantry.oauthClients.get(id)
      cli.out.record(client, {
        id: client.id,
        name: client.client_name,
        'client id': client.client_id,
        'redirect URIs': client.redirect_uris.join(' '),
        'grant types': client.grant_types.join(' '),
        scopes: client.scope,
        authenticates: client.token_endpoint_auth_method,
        secrets: client.secrets
          .map(
            ({ created_at, ends_at }) => `made ${ago(created_at)}${ends_at ? `, ends ${ago(ends_at)}` : ''}`,
          )
          .join('; '),
        origin: client.origin === 'registered' ? 'registered itself' : 'made here',
        'last used': ago(client.last_used_at) ?? 'never',
      })
    })
  completes(command, { arguments: [clientIds] })
  addExamples(command, [{ command: 'grantry clients show cli_01k3…', what: 'One client' }])
}
