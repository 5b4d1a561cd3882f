import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { completes, connectionIds } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { needsReauth } from '../../needs-reauth.ts'

/** `grantry connections refresh ID`: now, whatever its time. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('refresh <id>')
    .description('Refresh the tokens of a connection now')
    .action(async (id: string) => {
      const grantry = await cli.client()
      const before = await grantry.connections.get(id)
      if (before.status === 'needs_reauth') throw await needsReauth(grantry, before)
      const after = await cli.waiting('Refreshing', () => grantry.connections.refresh(id))
      if (after.status === 'needs_reauth') throw await needsReauth(grantry, after)
      const ends = ago(after.expires_at)
      cli.out.done(`Refreshed ${id}${ends ? `; the token ends ${ends}` : ''}.`, after)
      cli.out.next(`grantry connections token ${id}`)
    })
  completes(command, { arguments: [connectionIds] })
  addExamples(command, [
    { command: 'grantry connections refresh con_01k3…', what: 'See whether refreshing works' },
  ])
}
