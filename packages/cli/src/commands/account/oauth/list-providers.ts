import type { Command } from 'commander'
import type { Cli } from '../../../cli.ts'
import { addExamples } from '../../../examples.ts'
import { listProviders } from '../../../list-providers.ts'

/** `grantry account oauth list-providers`: the OAuth apps of the workspace that belong to no app. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('list-providers')
    .description('List the OAuth apps that are configured, without their secrets')
    .action(() =>
      listProviders(cli, ({ app_id }) => app_id === null, {
        ofApps: false,
        none: 'No provider is configured yet.',
        next: 'grantry account oauth configure gmail --client-id ID',
      }),
    )
  addExamples(command, [{ command: 'grantry account oauth list-providers', what: 'All of the workspace' }])
}
