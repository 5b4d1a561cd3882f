import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { completes, connectionIds } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'

/** `grantry connections show ID`: never its tokens. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('show <id>')
    .description('Show a connection, what is wrong with it, and what to do')
    .action(async (id: string) => {
      const grantry = await cli.client()
      const connection = await grantry.connections.get(id)
      const { account, advice, end_user, last_refresh } = connection
      cli.out.record(connection, {
        id: connection.id,
        integration: connection.integration_id,
        provider: connection.provider,
        'end user': end_user && [end_user.id, end_user.email].filter(Boolean).join(', '),
        app: connection.app_id,
        account: account && [account.email ?? account.label, account.id].filter(Boolean).join(', '),
        status: connection.status,
        ...(connection.reason === null
          ? {}
          : { reason: [connection.reason, connection.reason_detail].filter(Boolean).join(': ') }),
        scopes: (connection.scopes_granted ?? connection.scopes_requested).join(' '),
        'token ends': ago(connection.expires_at),
        'last refresh':
          last_refresh &&
          `${ago(last_refresh.at)}, ${last_refresh.ok ? 'ok' : (last_refresh.error ?? 'failed')}`,
        made: ago(connection.created_at),
        ...(advice ? { 'what happened': advice.what, 'to do': advice.todo } : {}),
      })
      if (connection.status === 'active' && !advice) cli.out.next(`grantry connections token ${id}`)
      else if (advice) cli.out.next(`grantry doctor ${connection.integration_id}`)
    })
  completes(command, { arguments: [connectionIds] })
  addExamples(command, [{ command: 'grantry connections show con_01k3…', what: 'One connection' }])
}
