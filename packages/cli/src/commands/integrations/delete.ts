import type { GrantryError } from '@grantry/sdk'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { completes, integrationIds } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { Failure } from '../../failure.ts'
import { findIntegration } from '../../find-integration.ts'

type Options = { yes?: boolean; force?: boolean }

/** `grantry integrations delete NAME` */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('delete <integration>')
    .description('End an integration, named by its id, provider or label')
    .option('--yes', 'do not ask')
    .option('--force', 'with its connections, which end at the provider too')
    .action(async (named: string, { yes, force }: Options) => {
      const grantry = await cli.client()
      const { id, label } = await findIntegration(grantry, named)
      await cli.prompt.typed({
        message: `The integration "${label}" (${id}) will end${force ? ', with all its connections' : ''}.`,
        word: label,
        yes: yes === true,
      })
      try {
        const ended = await grantry.integrations.delete(id, force ? { force: true } : {})
        cli.out.done(`Ended the integration "${label}".`, ended)
      } catch (error) {
        const { code, detail } = error as GrantryError
        if (code !== 'has_connections') throw error
        throw new Failure(detail, { next: `grantry integrations delete ${id} --force`, cause: error })
      }
    })
  completes(command, { arguments: [integrationIds] })
  addExamples(command, [
    { command: 'grantry integrations delete gmail', what: 'Asks for its label before it does' },
  ])
}
