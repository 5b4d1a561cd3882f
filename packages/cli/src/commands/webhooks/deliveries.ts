import type { WebhookDelivery } from '@grantry/sdk'
import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

/** `grantry webhooks deliveries ID`: what was sent, and what came back. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('deliveries <id>')
    .description('See what was sent and what came back, newest first')
    .option('--failed', 'only what was given up')
    .option('--pending', 'only what waits')
    .action(async (id: string, { failed, pending }: { failed?: boolean; pending?: boolean }) => {
      const grantry = await cli.client()
      const status = failed ? 'failed' : pending ? 'pending' : undefined
      await cli.out.table(
        grantry.webhookEndpoints.deliveries(id, { limit: 200, ...(status ? { status } : {}) }),
        {
          ID: (one) => one.id,
          TYPE: ({ type }) => type,
          STATUS: (one) => one.status,
          TRIES: ({ tries }) => tries.length,
          LAST: ({ tries }) => ago(tries.at(-1)?.at ?? null),
          ANSWER: lastAnswer,
        },
        { none: 'Nothing has been sent yet.' },
      )
    })
  addExamples(command, [
    { command: 'grantry webhooks deliveries whe_01k3… --failed', what: 'What was given up' },
  ])
}

function lastAnswer({ tries }: WebhookDelivery): string {
  const last = tries.at(-1)
  return last ? [last.status ?? last.error, last.answer].filter(Boolean).join(' ') : ''
}
