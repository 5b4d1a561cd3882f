import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

/** `grantry apps list` */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('list')
    .description('List apps')
    .action(async () => {
      const grantry = await cli.client()
      await cli.out.table(
        grantry.apps.list({ limit: 200 }),
        { ID: ({ id }) => id, NAME: ({ name }) => name, MADE: ({ created_at }) => ago(created_at) },
        { none: 'No apps yet.', next: 'grantry apps create NAME' },
      )
    })
  addExamples(command, [{ command: 'grantry apps list --json', what: 'For a script' }])
}
