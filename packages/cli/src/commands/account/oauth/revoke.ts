import type { Command } from 'commander'
import type { Cli } from '../../../cli.ts'
import { completes, providerNames } from '../../../completion/candidates.ts'
import { addExamples } from '../../../examples.ts'
import { Interrupted } from '../../../failure.ts'

type Options = { endUser?: string; yes?: boolean }
type Revoked = { success: true; message: string }

/** `grantry account oauth revoke PROVIDER`: ends a connection, at the provider too. A script is not asked. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('revoke <provider>')
    .description('End a connection, at the provider too')
    .option('--end-user <id>', "whose, by your own id; else the workspace's own")
    .option('-y, --yes', 'do not ask')
    .action(async (provider: string, { endUser, yes }: Options) => {
      const grantry = await cli.client()
      const whose = endUser === undefined ? "the workspace's own" : `${endUser}'s`
      const message = `End ${whose} connection to ${provider}? It cannot be used again.`
      if (!yes && cli.prompt.able && !(await cli.prompt.confirm({ message, flag: '--yes' }))) {
        cli.out.note('Nothing was changed.')
        throw new Interrupted()
      }
      const answer = await grantry.request<Revoked>(
        'DELETE',
        `/api/v1/credentials/oauth/connections/${encodeURIComponent(provider)}`,
        { query: { end_user: endUser } },
      )
      cli.out.done(`The connection to ${provider} has ended.`, answer)
      cli.out.next(`grantry account oauth auth ${provider}, to connect again`)
    })
  completes(command, { arguments: [providerNames] })
  addExamples(command, [
    { command: 'grantry account oauth revoke gmail', what: "The workspace's own" },
    {
      command: 'grantry account oauth revoke gmail --end-user u_17 --yes',
      what: "A customer's, without a question",
    },
  ])
}
