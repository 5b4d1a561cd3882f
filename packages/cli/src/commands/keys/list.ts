import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { reachOf } from '../../key-reach.ts'

/** `grantry keys list`: never a secret. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('list')
    .description('List API keys, without their secrets')
    .action(async () => {
      const grantry = await cli.client()
      await cli.out.table(
        grantry.apiKeys.list({ limit: 200 }),
        {
          ID: ({ id }) => id,
          NAME: ({ name }) => name,
          APP: ({ app_id }) => app_id,
          REACHES: (key) => reachOf(key) ?? 'all',
          FROM: ({ networks }) => networks?.join(' ') ?? 'anywhere',
          'LAST USED': ({ last_used_at }) => ago(last_used_at) ?? 'never',
          ENDS: ({ expires_at }) => ago(expires_at) ?? 'never',
          SCOPES: ({ scopes }) => scopes.join(' '),
        },
        { none: 'No API keys yet.', next: 'grantry keys create NAME --scopes connections:read' },
      )
    })
  addExamples(command, [{ command: 'grantry keys list', what: 'Which are used, and which end soon' }])
}
