import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

/** `grantry webhooks delete ID` */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('delete <id>')
    .description('End a webhook endpoint, with what still waits for it')
    .option('--yes', 'do not ask')
    .action(async (id: string, { yes }: { yes?: boolean }) => {
      const grantry = await cli.client()
      const { url } = await grantry.webhookEndpoints.get(id)
      await cli.prompt.typed({
        message: `Nothing will be posted to ${url} any more; what waits for it is dropped.`,
        word: id,
        yes: yes === true,
      })
      const ended = await grantry.webhookEndpoints.delete(id)
      cli.out.done(`Ended the webhook endpoint ${url}.`, ended)
    })
  addExamples(command, [{ command: 'grantry webhooks delete whe_01k3… --yes', what: 'In a script' }])
}
