import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { appIds, completes } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'

/** `grantry connections manage-link END_USER`: the link alone goes to stdout, for `$(…)`. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('manage-link <end-user>')
    .description("Make a link to an end user's own page: their accounts, disconnect, reconnect")
    .option('--app <id>', "only this app's accounts")
    .action(async (endUser: string, { app }: { app?: string }) => {
      const grantry = await cli.client()
      const link = await grantry.manageLinks.create({
        end_user: { id: endUser },
        ...(app === undefined ? {} : { app_id: app }),
      })
      cli.out.warn('whoever opens this link first can disconnect these accounts.')
      if (cli.out.json) cli.out.record(link, {})
      else {
        cli.out.raw(link.url)
        cli.out.note(`It works once, and ends ${ago(link.expires_at)}.`)
      }
    })
  completes(command, { options: { '--app': appIds } })
  addExamples(command, [
    { command: 'grantry connections manage-link u_17', what: 'See what your customer u_17 would see' },
  ])
}
