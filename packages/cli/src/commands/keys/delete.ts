import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { apiKeyIds, completes } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { findApiKey } from '../../find-api-key.ts'

/** `grantry keys delete ID` */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('delete <id>')
    .description('End an API key')
    .option('--yes', 'do not ask')
    .action(async (id: string, { yes }: { yes?: boolean }) => {
      const grantry = await cli.client()
      const { name } = await findApiKey(grantry, id)
      await cli.prompt.typed({
        message: `Whatever uses the API key "${name}" will be refused from now on.`,
        word: name,
        yes: yes === true,
      })
      const ended = await grantry.apiKeys.delete(id)
      cli.out.done(`Ended the API key "${name}".`, ended)
    })
  completes(command, { arguments: [apiKeyIds] })
  addExamples(command, [
    { command: 'grantry keys delete key_01k3…', what: 'Asks for its name before it does' },
  ])
}
