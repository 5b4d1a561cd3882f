import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { clientIds, completes } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { wholeNumber } from '../../option-values.ts'

/** `grantry clients rotate ID`: a new secret; the old one works on for the overlap. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('rotate <id>')
    .description('Give an OAuth client a new secret, shown once')
    .option('--overlap <seconds>', 'how long the old one works on', wholeNumber(0, 2_592_000), 86_400)
    .action(async (id: string, { overlap }: { overlap: number }) => {
      const grantry = await cli.client()
      const rotated = await grantry.oauthClients.rotateSecret(id, { overlap_seconds: overlap })
      cli.out.record(rotated, {
        id,
        'client id': rotated.client_id,
        'client secret': rotated.client_secret,
      })
      cli.out.note(
        overlap === 0
          ? 'The old secret has ended. The new one is shown this once.'
          : `The old secret works for another ${overlap} s. The new one is shown this once.`,
      )
    })
  completes(command, { arguments: [clientIds] })
  addExamples(command, [
    { command: 'grantry clients rotate cli_01k3… --overlap 3600', what: 'An hour to change over' },
  ])
}
