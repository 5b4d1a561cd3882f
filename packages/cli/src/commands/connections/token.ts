import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import {
  appIds,
  completes,
  connectionIds,
  integrationIds,
  providerNames,
} from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { UsageError } from '../../failure.ts'
import { wholeNumber } from '../../option-values.ts'

type Options = { provider?: string; integration?: string; endUser?: string; app?: string; minValid?: number }

/** `grantry connections token`: the token and a newline, for `$(…)`; with --json what belongs to it. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('token [id]')
    .description('Print an access token that works, refreshed if need be')
    .option('--provider <name>', 'find the connection by provider, with --end-user')
    .option('--integration <id>', 'find it by integration, with --end-user')
    .option('--end-user <id>', "whose it is; absent: the workspace's own")
    .option('--app <id>', 'in which app')
    .option('--min-valid <seconds>', 'how long it must still be good for', wholeNumber(0, 86_400))
    .action(async (id: string | undefined, { endUser, minValid, ...named }: Options) => {
      const grantry = await cli.client()
      const lifetime = minValid === undefined ? {} : { min_valid: minValid }
      const byName = Object.keys(named).length > 0 || endUser !== undefined
      if (id === undefined && !named.provider && !named.integration)
        throw new UsageError(
          'Which connection? Give its id, or --provider or --integration.',
          'grantry connections list',
        )
      if (id !== undefined && byName)
        throw new UsageError('Give either an id or what it is found by, not both.')
      const token =
        id === undefined
          ? await grantry.connections.findToken({
              ...named,
              ...(endUser === undefined ? {} : { end_user: endUser }),
              ...lifetime,
            })
          : await grantry.connections.token(id, lifetime)
      if (cli.stdout.isTTY)
        cli.out.warn(
          'this is a live access token: whoever reads it off the screen or its history can use it.',
        )
      if (cli.out.json) cli.out.record(token, {})
      else cli.out.raw(token.access_token)
    })
  completes(command, {
    arguments: [connectionIds],
    options: { '--provider': providerNames, '--integration': integrationIds, '--app': appIds },
  })
  addExamples(command, [
    {
      command: 'curl -H "Authorization: Bearer $(grantry connections token con_01k3…)" https://…',
      what: 'Call an API by hand',
    },
    {
      command: 'grantry connections token --provider gmail --end-user u_17',
      what: 'By provider and end user',
    },
  ])
}
