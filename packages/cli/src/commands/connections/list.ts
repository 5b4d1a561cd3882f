import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { appIds, completes, integrationIds, providerNames } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { findIntegration } from '../../find-integration.ts'
import { wholeNumber } from '../../option-values.ts'
import { take } from '../../take.ts'

type Options = {
  integration?: string
  provider?: string
  endUser?: string
  app?: string
  status?: 'pending' | 'active' | 'needs_reauth' | 'revoked'
  reason?: string
  fromBackup?: boolean
  limit?: number
}

/** `grantry connections list`: newest first. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('list')
    .description('List connections, newest first')
    .option('--integration <id>', 'of one integration: its id, provider or label')
    .option('--provider <name>', 'of one provider')
    .option('--end-user <id>', 'of one end user')
    .option('--app <id>', 'of one app')
    .option('--status <status>', 'pending, active, needs_reauth or revoked')
    .option('--reason <code>', 'why they are not active, such as grant_ended or restored')
    .option('--from-backup', 'whose tokens came back with a restore and have not been renewed since')
    .option('--limit <count>', 'at most this many', wholeNumber(1))
    .action(async ({ limit, endUser, integration, fromBackup, ...filter }: Options) => {
      const grantry = await cli.client()
      const query = {
        ...filter,
        ...(fromBackup ? { from_backup: 'true' as const } : {}),
        ...(endUser === undefined ? {} : { end_user: endUser }),
        ...(integration === undefined
          ? {}
          : { integration: (await findIntegration(grantry, integration)).id }),
        limit: Math.min(limit ?? 200, 200),
      }
      await cli.out.table(
        take(grantry.connections.list(query), limit),
        {
          ID: ({ id }) => id,
          PROVIDER: ({ provider }) => provider,
          'END USER': ({ end_user }) => end_user?.id,
          ACCOUNT: ({ account }) => account?.email ?? account?.label ?? account?.id,
          STATUS: ({ status }) => status,
          'LAST REFRESH': ({ last_refresh }) =>
            last_refresh && `${ago(last_refresh.at)}${last_refresh.ok ? '' : ', failed'}`,
          MADE: ({ created_at }) => ago(created_at),
        },
        { none: 'No connections fit.', next: 'grantry account oauth auth PROVIDER' },
      )
    })
  completes(command, {
    options: { '--integration': integrationIds, '--provider': providerNames, '--app': appIds },
  })
  addExamples(command, [
    { command: 'grantry connections list --status needs_reauth', what: 'Whose access has ended' },
    { command: 'grantry connections list --reason restored', what: 'Whom a restore has cost their access' },
    { command: 'grantry connections list --end-user u_17 --json', what: "One end user's, for a script" },
  ])
}
