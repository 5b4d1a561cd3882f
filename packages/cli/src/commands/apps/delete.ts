import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { appIds, completes } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { exitCodes, Failure } from '../../failure.ts'

/** `grantry apps delete ID`: one that has no connections left. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('delete <id>')
    .description('End an app that has no connections left')
    .option('--yes', 'do not ask')
    .action(async (id: string, { yes }: { yes?: boolean }) => {
      const grantry = await cli.client()
      let name: string | undefined
      for await (const app of grantry.apps.list({ limit: 200 })) if (app.id === id) name = app.name
      if (name === undefined)
        throw new Failure(`There is no app ${id} here.`, {
          exitCode: exitCodes.notFound,
          next: 'grantry apps list',
        })
      await cli.prompt.typed({
        message: `The app "${name}" will end, with the keys that are narrowed to it.`,
        word: name,
        yes: yes === true,
      })
      const ended = await grantry.apps.delete(id)
      cli.out.done(`Ended the app "${name}".`, ended)
    })
  completes(command, { arguments: [appIds] })
  addExamples(command, [
    { command: 'grantry apps delete app_01k3…', what: 'Asks for its name before it does' },
  ])
}
