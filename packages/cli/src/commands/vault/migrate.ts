import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { Failure } from '../../failure.ts'

const everyMs = 1000

/** `grantry vault migrate`: everything to the back end that the server is configured with. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('migrate')
    .description('Move all secrets to the back end that the server is configured with')
    .option('--no-wait', 'only begin; it goes on in the background')
    .action(async ({ wait }: { wait: boolean }) => {
      const grantry = await cli.operator()
      let status = await grantry.vault.migrate()
      const to = status.back_ends.find(({ configured }) => configured)?.name ?? 'the back end'
      if (!wait) {
        cli.out.done(`Secrets are being moved to ${to}`, status)
        return cli.out.next('grantry vault status')
      }
      await cli.waiting(`Moving secrets to ${to}`, async (say) => {
        for (;;) {
          const { left, refused, workspaces_to_look_at: unseen } = status.values
          if (unseen === 0 && left <= refused) return
          say(unseen > 0 ? `(${unseen} workspaces to look at, ${left} values left)` : `(${left} values left)`)
          await pause(everyMs, undefined, { signal: cli.signal })
          status = await grantry.vault.get()
        }
      })
      const { refused } = status.values
      if (refused > 0)
        throw new Failure(
          `${refused} values do not open, and stay where they are. All others are in ${to}.`,
          {
            next: 'grantry vault status',
          },
        )
      cli.out.done(`All secrets are in ${to}`, status)
      for (const { name, configured, to_remove } of status.back_ends)
        if (!configured && to_remove > 0)
          cli.out.note(
            `${name} still has ${to_remove} that nobody needs: keep its settings until it has none.`,
          )
    })
  addExamples(command, [
    {
      command: 'grantry vault migrate',
      what: 'After all processes were restarted with another GRANTRY_VAULT; may be run again',
    },
  ])
}
