import type { ConnectSession } from '@grantry/sdk'
import type { Command } from 'commander'
import { awaitSession } from '../../../await-session.ts'
import type { Cli } from '../../../cli.ts'
import { appIds, completes, providerNames } from '../../../completion/candidates.ts'
import { addExamples } from '../../../examples.ts'
import { exitCodes, Failure } from '../../../failure.ts'
import { readList } from '../../../read-list.ts'

type Options = { browser: boolean; endUser?: string; scopes?: string; app?: string }

/** `grantry account oauth auth PROVIDER`: connects an account by way of the browser, and shows the connection. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('auth <provider>')
    .description('Connect an account: opens the browser and waits')
    .option('--no-browser', 'only print the address, for a terminal without a browser (SSH)')
    .option('--end-user <id>', "whose account it is, by your own id; else it is the workspace's own")
    .option('--scopes <scopes>', 'what to ask for, in place of what is configured')
    .option('--app <id>', 'the app that it belongs to')
    .action(async (provider: string, options: Options) => {
      const grantry = await cli.client()
      const wish = {
        // Where a provider has several OAuth apps, one is named by its id.
        ...(/^int_/.test(provider) ? { integration: provider } : { provider }),
        binding: 'confirm' as const,
        ...(options.endUser === undefined ? {} : { end_user: { id: options.endUser } }),
        ...(options.scopes === undefined ? {} : { scopes: readList(options.scopes) }),
        ...(options.app === undefined ? {} : { app_id: options.app }),
      }
      const started = await grantry.connectSessions.create(wish).catch((error: unknown) => {
        throw missing(error, provider, options)
      })
      cli.stderr.write(`Open ${started.connect_url}\n`)
      if (options.browser) await cli.openBrowser(started.connect_url)
      const session = await cli.waiting(
        `Waiting for you to connect ${started.provider_name} in the browser`,
        () => awaitSession(grantry, started.id, cli.signal),
      )
      if (session.status !== 'completed') throw failed(session, provider)
      const connection = await grantry.connections.get(session.connection_id!)
      if (!cli.out.json) cli.out.done(`${started.provider_name} is connected.`)
      cli.out.record(connection, {
        connection: connection.id,
        account: connection.account?.email ?? connection.account?.label ?? connection.account?.id,
        'end user': connection.end_user?.id ?? "the workspace's own",
        status: connection.status,
        scopes: connection.scopes_granted?.join(' '),
      })
      cli.out.next(`grantry connections token ${connection.id}`)
    })
  completes(command, { arguments: [providerNames], options: { '--app': appIds } })
  addExamples(command, [
    { command: 'grantry account oauth auth gmail', what: "The workspace's own account" },
    {
      command: 'grantry account oauth auth gmail --end-user u_17 --no-browser',
      what: 'A customer’s: send them the printed address',
    },
  ])
}

/** Most often it has not been configured. */
function missing(error: unknown, provider: string, { app }: Options): unknown {
  const { name, message } = error as Error
  if (name !== 'NotFoundError' || app !== undefined) return error
  return new Failure(message, {
    exitCode: exitCodes.notFound,
    next: `grantry account oauth configure ${provider} --client-id ID`,
    cause: error,
  })
}

function failed({ status, error, error_description }: ConnectSession, provider: string): Failure {
  const again = `grantry account oauth auth ${provider}`
  if (status === 'expired')
    return new Failure('Nobody connected in time. Nothing was changed.', { next: again })
  return new Failure(`It was not connected: ${error_description ?? error ?? 'no reason was given'}`, {
    next: again,
  })
}
