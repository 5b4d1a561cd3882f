import type { Command } from 'commander'
import { ago } from '../ago.ts'
import type { Cli } from '../cli.ts'
import { addExamples } from '../examples.ts'

/** `grantry restores`: what has come of the connections of a deployment that was restored. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('restores')
    .description('Show what a restore has left to check, in every workspace (operator)')
    .action(async () => {
      const grantry = await cli.operator()
      const data = await grantry.restores.get()
      if (cli.out.json) return cli.out.record(data, {})
      const [last] = data.restores
      if (!last) return cli.out.note('This deployment has never been restored from a backup.')
      cli.out.record(data, {
        Restored: ago(last.restored_at),
        'From a backup of': last.taken_at ?? 'nobody said',
        'To be connected again': data.connections.needs_reauth,
        'Not renewed yet': data.connections.unproven,
      })
      if (data.workspaces.length === 0) return
      cli.out.raw('')
      await cli.out.table(data.workspaces, {
        WORKSPACE: ({ id }) => id,
        NAME: ({ name }) => name,
        'TO BE CONNECTED AGAIN': ({ needs_reauth }) => needs_reauth,
        'NOT RENEWED YET': ({ unproven }) => unproven,
      })
      cli.out.next(
        `grantry connections list ${data.connections.needs_reauth > 0 ? '--reason restored' : '--from-backup --status active'}, with a key of the workspace`,
      )
    })
  addExamples(command, [
    { command: 'grantry restores', what: 'After grantry restore, until nothing is left' },
  ])
}
