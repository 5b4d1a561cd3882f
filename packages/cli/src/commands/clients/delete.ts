import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { clientIds, completes } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'

/** `grantry clients delete ID`: with all that people allowed it. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('delete <id>')
    .description('End an OAuth client, with all that people allowed it')
    .option('--yes', 'do not ask')
    .action(async (id: string, { yes }: { yes?: boolean }) => {
      const grantry = await cli.client()
      const { client_name, client_id } = await grantry.oauthClients.get(id)
      const name = client_name ?? client_id
      await cli.prompt.typed({
        message: `"${name}" will end, with all that people allowed it and all its tokens.`,
        word: name,
        yes: yes === true,
      })
      const ended = await grantry.oauthClients.delete(id)
      cli.out.done(`Ended the OAuth client "${name}".`, ended)
    })
  completes(command, { arguments: [clientIds] })
  addExamples(command, [
    { command: 'grantry clients delete cli_01k3…', what: 'Asks for its name before it does' },
  ])
}
