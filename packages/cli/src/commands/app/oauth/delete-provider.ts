import type { Command } from 'commander'
import type { Cli } from '../../../cli.ts'
import { completes, integrationIds } from '../../../completion/candidates.ts'
import { addExamples } from '../../../examples.ts'
import { idOf } from '../../../uuid.ts'

type Options = { force?: boolean }

/** `grantry app oauth delete-provider ID`: refused while accounts are connected by it, unless forced. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('delete-provider <provider-id>')
    .description('Delete an OAuth app')
    .option('--force', 'also where accounts are connected by it: their connections end')
    .action(async (given: string, { force }: Options) => {
      const id = await idOf('int', given)
      const grantry = await cli.client()
      const { provider, label } = await grantry.integrations.get(id)
      const deleted = await grantry.integrations.delete(id, force ? { force: true } : {})
      cli.out.done(`${provider ?? label} is deleted.`, deleted)
    })
  completes(command, { arguments: [integrationIds] })
  addExamples(command, [
    {
      command: 'grantry app oauth delete-provider 550e8400-e29b-41d4-a716-446655440000',
      what: 'By the provider_id that register answered, or by int_…',
    },
  ])
}
