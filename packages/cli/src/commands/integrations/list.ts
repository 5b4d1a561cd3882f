import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { appIds, completes, providerNames } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'

type Options = { provider?: string; app?: string; tenant?: string }

/** `grantry integrations list` */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('list')
    .description('List integrations: the OAuth apps at providers')
    .option('--provider <name>', 'of one provider')
    .option('--app <id>', 'of one app')
    .option('--tenant <id>', 'for one customer')
    .action(async (filter: Options) => {
      const grantry = await cli.client()
      await cli.out.table(
        grantry.integrations.list({ ...filter, limit: 200 }),
        {
          ID: ({ id }) => id,
          LABEL: ({ label }) => label,
          PROVIDER: ({ provider }) => provider ?? 'generic',
          'GRANT TYPE': ({ grant_type }) => grant_type,
          CREDENTIALS: ({ validation }) => validation.status,
          APP: ({ app_id }) => app_id,
          CHANGED: ({ updated_at }) => ago(updated_at),
        },
        { none: 'No integrations yet.', next: 'grantry integrations create PROVIDER' },
      )
    })
  completes(command, { options: { '--provider': providerNames, '--app': appIds } })
  addExamples(command, [{ command: 'grantry integrations list --provider gmail', what: 'Of one provider' }])
}
