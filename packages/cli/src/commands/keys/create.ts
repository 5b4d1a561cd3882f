import type { CreateApiKeyInput } from '@grantry/sdk'
import type { Command } from 'commander'
import { ago } from '../../ago.ts'
import type { Cli } from '../../cli.ts'
import { appIds, completes, providerNames } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { reachOf } from '../../key-reach.ts'
import { wholeNumber, words } from '../../option-values.ts'

type Options = {
  scopes: string[]
  app?: string
  provider?: string[]
  integration?: string[]
  network?: string[]
  days?: number
}

/** `grantry keys create NAME`: the secret is shown this once. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('create <name>')
    .description('Make an API key; its secret is shown once')
    .requiredOption('--scopes <list>', 'what it may do, by commas: connections:read,tokens:read', words)
    .option('--app <id>', 'narrow it to one app')
    .option(
      '--provider <list>',
      'narrow it to integrations of these providers, and those of --integration',
      words,
    )
    .option('--integration <list>', 'narrow it to these integrations by id, and those of --provider', words)
    .option('--network <list>', 'narrow it to these source addresses and networks: 203.0.113.0/24', words)
    .option('--days <count>', 'end it after so many days', wholeNumber(1, 36_500))
    .action(async (name: string, { scopes, app, days, ...limits }: Options) => {
      const grantry = await cli.client()
      const key = await grantry.apiKeys.create({
        name,
        scopes: scopes as CreateApiKeyInput['scopes'],
        ...(app === undefined ? {} : { app_id: app }),
        ...(limits.provider && { providers: limits.provider }),
        ...(limits.integration && { integrations: limits.integration }),
        ...(limits.network && { networks: limits.network }),
        ...(days === undefined ? {} : { expires_at: new Date(Date.now() + days * 86_400_000).toISOString() }),
      })
      cli.out.record(key, {
        id: key.id,
        name: key.name,
        scopes: key.scopes.join(' '),
        app: key.app_id,
        reaches: reachOf(key),
        from: key.networks?.join(' ') ?? null,
        ends: ago(key.expires_at) ?? 'never',
        secret: key.secret,
      })
      cli.out.note('The secret is shown this once: keep it where secrets are kept.')
    })
  completes(command, { options: { '--app': appIds, '--provider': providerNames } })
  addExamples(command, [
    {
      command: 'grantry keys create backend --scopes connections:read,tokens:read --days 90',
      what: 'For a server that reads tokens',
    },
    {
      command: 'grantry keys create mail-job --scopes tokens:read --provider gmail --network 203.0.113.0/24',
      what: 'For one job: Gmail only, and from one network',
    },
    {
      command: 'grantry keys create ci --scopes integrations:read --json | jq -r .secret > key.txt',
      what: 'Into a file, without a look at it',
    },
  ])
}
