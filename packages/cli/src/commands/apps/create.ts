import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

/** `grantry apps create NAME`: its integrations and connections are invisible to other apps. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('create <name>')
    .description('Make an app: what belongs to it is invisible to other apps')
    .action(async (name: string) => {
      const grantry = await cli.client()
      const app = await grantry.apps.create({ name })
      cli.out.done(`Made the app "${app.name}": ${app.id}`, app)
      cli.out.next(`grantry keys create NAME --app ${app.id} --scopes connections:read`)
    })
  addExamples(command, [{ command: 'grantry apps create "Mobile app"', what: 'A context of its own' }])
}
