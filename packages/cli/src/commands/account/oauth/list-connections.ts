import type { Command } from 'commander'
import type { Cli } from '../../../cli.ts'
import { addExamples } from '../../../examples.ts'

type Options = { endUser?: string }
type Row = { provider_type: string; app_id: string | null; created_at: string; status: string }

/** `grantry account oauth list-connections`: the workspace's own, or an end user's. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('list-connections')
    .description("List the workspace's own connections, or an end user's")
    .option('--end-user <id>', 'whose, by your own id')
    .action(async ({ endUser }: Options) => {
      const grantry = await cli.client()
      const rows = await grantry.request<Row[]>('GET', '/api/v1/credentials/oauth/connections', {
        query: { end_user: endUser },
      })
      await cli.out.table(
        rows,
        {
          PROVIDER: (row) => row.provider_type,
          STATUS: (row) => row.status,
          APP: (row) => row.app_id,
          CREATED: (row) => row.created_at,
        },
        { none: 'No account is connected yet.', next: 'grantry account oauth auth gmail' },
      )
    })
  addExamples(command, [
    { command: 'grantry account oauth list-connections', what: "The workspace's own" },
    { command: 'grantry account oauth list-connections --end-user u_17', what: "A customer's" },
  ])
}
