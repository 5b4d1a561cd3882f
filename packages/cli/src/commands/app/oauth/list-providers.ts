import type { Command } from 'commander'
import type { Cli } from '../../../cli.ts'
import { appIds, completes } from '../../../completion/candidates.ts'
import { addExamples } from '../../../examples.ts'
import { listProviders } from '../../../list-providers.ts'
import { idOf } from '../../../uuid.ts'

/** `grantry app oauth list-providers`: the OAuth apps that belong to apps, or to one. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('list-providers')
    .description('List the OAuth apps that belong to apps, without their secrets')
    .option('--app <id>', 'of this app only')
    .action(async ({ app }: { app?: string }) => {
      const wanted = app === undefined ? null : await idOf('app', app)
      await listProviders(cli, ({ app_id }) => app_id !== null && (wanted === null || app_id === wanted), {
        ofApps: true,
        none: 'No provider is registered for an app yet.',
        next: 'grantry app oauth register --provider-config FILE',
      })
    })
  completes(command, { options: { '--app': appIds } })
  addExamples(command, [{ command: 'grantry app oauth list-providers --json', what: 'As JSON, for scripts' }])
}
