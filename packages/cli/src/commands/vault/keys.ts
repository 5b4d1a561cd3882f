import { type Command, Option } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

type Options = { workspace?: string; state?: 'sealing' | 'former' | 'retired' }

/** `grantry vault keys`: the data keys, of one workspace or of all. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('keys')
    .description('List data keys')
    .option('--workspace <id>', "of this workspace; deployment: of the deployment's own secrets")
    .addOption(new Option('--state <state>', 'only these').choices(['sealing', 'former', 'retired']))
    .action(async (options: Options) => {
      const grantry = await cli.operator()
      await cli.out.table(
        grantry.dataKeys.list({ ...options, limit: 200 }),
        {
          ID: ({ id }) => id,
          WORKSPACE: ({ workspace_id }) => workspace_id ?? 'deployment',
          STATE: ({ state }) => state,
          MADE: ({ created_at }) => ago(created_at),
          'ROOT KEY': ({ root_key }) => root_key,
        },
        { none: 'No such data keys.' },
      )
    })
  addExamples(command, [
    { command: 'grantry vault keys --state former', what: 'Those that could be retired' },
  ])
}
