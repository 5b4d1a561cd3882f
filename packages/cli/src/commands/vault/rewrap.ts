import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

/** `grantry vault rewrap`: back to a root key that was in use before. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('rewrap')
    .description('Wrap all data keys by the root key that the server is configured with')
    .action(async () => {
      const grantry = await cli.operator()
      const status = await grantry.vault.rewrap()
      cli.out.done('The data keys are being wrapped by it', status)
      cli.out.next('grantry vault status')
    })
  addExamples(command, [
    {
      command: 'grantry vault rewrap',
      what: 'Only to go back to a former root key: a new one wraps by itself',
    },
  ])
}
