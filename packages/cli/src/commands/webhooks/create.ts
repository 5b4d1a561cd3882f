import type { CreateWebhookEndpointInput } from '@grantry/sdk'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { appIds, completes } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { words } from '../../option-values.ts'

type Options = { types?: string[]; app?: string; description?: string }

/** `grantry webhooks create URL`: the secret is shown this once. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('create <url>')
    .description('Have events posted to an address; the secret that signs them is shown once')
    .option('--types <list>', 'only these, by commas: connection.needs_reauth,connection.revoked', words)
    .option('--app <id>', "only of this app's connections")
    .option('--description <text>', 'what it is for')
    .action(async (url: string, { types, app, description }: Options) => {
      const grantry = await cli.client()
      const endpoint = await grantry.webhookEndpoints.create({
        url,
        ...(types ? { types: types as NonNullable<CreateWebhookEndpointInput['types']> } : {}),
        ...(app === undefined ? {} : { app_id: app }),
        ...(description === undefined ? {} : { description }),
      })
      cli.out.record(endpoint, {
        id: endpoint.id,
        url: endpoint.url,
        types: endpoint.types.join(' ') || 'all',
        secret: endpoint.secret,
      })
      cli.out.note('The secret is shown this once: keep it where secrets are kept.')
      cli.out.next(`grantry webhooks deliveries ${endpoint.id}`)
    })
  completes(command, { options: { '--app': appIds } })
  addExamples(command, [
    { command: 'grantry webhooks create https://app.example.com/hooks/grantry', what: 'All events' },
    {
      command:
        'grantry webhooks create https://app.example.com/hooks/grantry --types connection.needs_reauth,connection.recovered',
      what: 'What people have to be asked for, and when it is well again',
    },
  ])
}
