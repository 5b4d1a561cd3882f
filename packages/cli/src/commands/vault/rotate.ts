import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { UsageError } from '../../failure.ts'

type Options = { workspace?: string; all?: boolean }

/** `grantry vault rotate`: new data keys seal from now on. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('rotate')
    .description('Let new data keys seal; what rests is sealed anew while serving')
    .option('--workspace <id>', "of this workspace; deployment: of the deployment's own secrets")
    .option('--all', 'of every workspace, and of the deployment')
    .action(async ({ workspace, all }: Options) => {
      if ((workspace === undefined) === !all) throw new UsageError('Say which: --workspace ID, or --all.')
      const grantry = await cli.operator()
      const answer = await grantry.vault.rotate({ workspace: workspace ?? 'all' })
      const { rotating } = answer
      cli.out.done(
        `${rotating} ${rotating === 1 ? 'data key is' : 'data keys are'} followed by new ones`,
        answer,
      )
      cli.out.next('grantry vault status')
    })
  addExamples(command, [{ command: 'grantry vault rotate --all', what: 'All of them, in the background' }])
}
