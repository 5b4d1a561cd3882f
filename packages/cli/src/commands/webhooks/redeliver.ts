import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

/** `grantry webhooks redeliver ID EVENT` */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('redeliver <id> <event>')
    .description('Send a message again, under the same id')
    .action(async (id: string, event: string) => {
      const grantry = await cli.client()
      const delivery = await grantry.webhookEndpoints.redeliver(id, event)
      cli.out.done(`${delivery.id} is sent again.`, delivery)
      cli.out.next(`grantry webhooks deliveries ${id}`)
    })
  addExamples(command, [
    { command: 'grantry webhooks redeliver whe_01k3… evt_01k3…', what: 'One that was given up' },
  ])
}
