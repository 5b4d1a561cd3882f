import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { completes, integrationIds } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { findIntegration } from '../../find-integration.ts'

/** `grantry integrations validate NAME`: the checks of saving, once more. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('validate <integration>')
    .description('Ask the provider again whether the credentials are good')
    .action(async (named: string) => {
      const grantry = await cli.client()
      const { id } = await findIntegration(grantry, named)
      const integration = await cli.waiting('Asking the provider', () => grantry.integrations.validate(id))
      const { status, checks } = integration.validation
      if (status === 'verified')
        cli.out.done(`${integration.provider_name} recognises the client.`, integration)
      else cli.out.record(integration, { credentials: 'unverified: the provider does not tell' })
      for (const { name, detail } of checks) cli.out.note(`${name}: ${detail}`)
      cli.out.next(`grantry doctor ${id}`)
    })
  completes(command, { arguments: [integrationIds] })
  addExamples(command, [
    { command: 'grantry integrations validate gmail', what: 'After a change at the provider' },
  ])
}
