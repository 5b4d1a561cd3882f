import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { UsageError } from '../../failure.ts'

/** `grantry vault retire KEY`: destroys a former data key that nothing needs any more. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('retire [key]')
    .description('Destroy a former data key; refused while anything needs it')
    .option('--all', 'every former data key that nothing needs')
    .action(async (key: string | undefined, { all }: { all?: boolean }) => {
      if ((key === undefined) === !all) throw new UsageError('Say which: the id of a data key, or --all.')
      const grantry = await cli.operator()
      if (key !== undefined) return cli.out.done(`${key} is destroyed`, await grantry.dataKeys.retire(key))
      const { GrantryError } = await import('@grantry/sdk')
      const retired: string[] = []
      const kept: { id: string; why: string }[] = []
      for await (const { id } of grantry.dataKeys.list({ state: 'former', limit: 200 })) {
        try {
          await grantry.dataKeys.retire(id)
          retired.push(id)
        } catch (error) {
          if (!(error instanceof GrantryError) || error.code !== 'conflict') throw error
          kept.push({ id, why: error.message })
        }
      }
      for (const { id, why } of kept) cli.out.note(`${id} is kept: ${why}`)
      const keys = retired.length === 1 ? 'data key is' : 'data keys are'
      cli.out.done(`${retired.length} ${keys} destroyed, ${kept.length} kept`, { retired, kept })
    })
  addExamples(command, [
    { command: 'grantry vault retire --all', what: 'An hour after a rotation, or later' },
  ])
}
