import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { completes, connectionIds } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'

type Options = { yes?: boolean; force?: boolean }

/** `grantry connections revoke ID`: here at once, at the provider with retries. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('revoke <id>')
    .description('End a connection here and at the provider')
    .option('--yes', 'do not ask')
    .option('--force', 'at the provider even where that ends other connections of the same account')
    .action(async (id: string, { yes, force }: Options) => {
      const grantry = await cli.client()
      const { provider, end_user, account } = await grantry.connections.get(id)
      const whose = [provider, account?.email ?? account?.label, end_user && `of ${end_user.id}`]
      await cli.prompt.typed({
        message: `${id} (${whose.filter(Boolean).join(', ')}) will end, and its tokens are destroyed.`,
        word: 'revoke',
        yes: yes === true,
      })
      const ended = await grantry.connections.delete(id, force ? { force: true } : {})
      cli.out.done(`Ended ${id}. ${upstream(ended.revoked_upstream)}`, ended)
      if (ended.revoked_upstream === 'shared') cli.out.next(`grantry connections list --provider ${provider}`)
    })
  completes(command, { arguments: [connectionIds] })
  addExamples(command, [
    { command: 'grantry connections revoke con_01k3…', what: 'Asks before it does' },
    { command: 'grantry connections revoke con_01k3… --yes', what: 'In a script' },
  ])
}

function upstream(how: true | 'pending' | 'unsupported' | 'shared'): string {
  if (how === true) return 'The provider has ended it too.'
  if (how === 'pending') return 'The provider is asked to end it too, for up to 7 days.'
  if (how === 'shared') return 'At the provider it lives on: other connections stand on the same grant.'
  return 'This provider has no way to be told: the person can remove it in their account there.'
}
