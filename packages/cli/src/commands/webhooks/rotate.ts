import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { wholeNumber } from '../../option-values.ts'

/** `grantry webhooks rotate ID`: another secret; for a while both sign. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('rotate <id>')
    .description('Get another secret; for a while messages carry both signatures')
    .option('--overlap <seconds>', 'how long the old one signs too', wholeNumber(0, 604_800), 86_400)
    .action(async (id: string, { overlap }: { overlap: number }) => {
      const grantry = await cli.client()
      const endpoint = await grantry.webhookEndpoints.rotateSecret(id, { overlap_seconds: overlap })
      cli.out.record(endpoint, {
        id: endpoint.id,
        secret: endpoint.secret,
        'old one signs until': endpoint.old_secret_until ?? 'now',
      })
      cli.out.note('The secret is shown this once: keep it where secrets are kept.')
    })
  addExamples(command, [
    { command: 'grantry webhooks rotate whe_01k3…', what: 'A day in which both secrets work' },
  ])
}
