import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import { apiOf, operatorOption } from '../../break-glass/api-of.ts'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

/** `grantry break-glass list` */
export function register(parent: Command, cli: Cli): void {
  const command = operatorOption(parent.command('list').description('List them, newest first')).action(
    async ({ operator }: { operator?: boolean }) => {
      const { of } = await apiOf(cli, operator === true)
      await cli.out.table(
        of.list({ limit: 200 }),
        {
          ID: ({ id }) => id,
          STARTED: ({ started_at }) => ago(started_at),
          STATE: ({ state }) => state,
          CONNECTIONS: ({ connections }) => connections,
          REVOKED: ({ outcomes }) => outcomes.revoked,
          'MANUAL WORK': ({ needs_manual_work }) => needs_manual_work,
        },
        { none: 'None yet.' },
      )
    },
  )
  addExamples(command, [{ command: 'grantry break-glass list', what: 'What was ended, and how far it is' }])
}
