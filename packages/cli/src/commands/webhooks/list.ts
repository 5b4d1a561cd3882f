import type { WebhookEndpoint } from '@grantry/sdk'
import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

/** `grantry webhooks list` */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('list')
    .description('List where events are posted to')
    .action(async () => {
      const grantry = await cli.client()
      await cli.out.table(
        grantry.webhookEndpoints.list({ limit: 200 }),
        {
          ID: ({ id }) => id,
          URL: ({ url }) => url,
          TYPES: ({ types }) => types.join(' ') || 'all',
          STATE: stateOf,
        },
        { none: 'No webhook endpoints yet.', next: 'grantry webhooks create URL' },
      )
    })
  addExamples(command, [{ command: 'grantry webhooks list --json', what: 'For a script' }])
}

function stateOf({ enabled, disabled_reason, failing_since }: WebhookEndpoint): string {
  if (!enabled) return `stopped (${(disabled_reason ?? 'by_hand').replaceAll('_', ' ')})`
  return failing_since ? `failing since ${ago(failing_since)}` : 'working'
}
