import type { Command } from 'commander'
import type { Cli } from '../../../cli.ts'
import { completes, providerNames } from '../../../completion/candidates.ts'
import { addExamples } from '../../../examples.ts'
import { readList } from '../../../read-list.ts'
import { readSecret } from '../../../read-secret.ts'
import { registerProvider } from '../../../register-provider.ts'
import { idOf } from '../../../uuid.ts'

type Options = {
  clientId: string
  clientSecret?: string
  clientSecretStdin?: boolean
  clientSecretFile?: string
  redirectUri?: string
  scopes?: string
  authorizeUrl?: string
  tokenUrl?: string
}

/** `grantry account oauth configure PROVIDER`: the workspace's OAuth app at a provider, made or changed. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('configure <provider>')
    .description('Save an OAuth app at a provider: its client id and secret, checked at the provider')
    .requiredOption('--client-id <id>', 'client id, as the provider shows it')
    .option('--client-secret <secret>', 'client secret; better from a prompt, stdin or a file')
    .option('--client-secret-stdin', 'read the client secret from stdin')
    .option('--client-secret-file <path>', 'read the client secret from a file')
    .option('--redirect-uri <uri>', 'as registered at the provider; by default the one that belongs to it')
    .option('--scopes <scopes>', 'what to ask people for, separated by spaces or commas')
    .option('--authorize-url <url>', 'for a service that is not in the catalogue')
    .option('--token-url <url>', 'for a service that is not in the catalogue')
    .action(async (provider: string, options: Options) => {
      const secret = await readSecret(cli, {
        name: 'client secret',
        value: options.clientSecret,
        stdin: options.clientSecretStdin,
        file: options.clientSecretFile,
        flag: '--client-secret-stdin or --client-secret-file',
      })
      const answer = await registerProvider(cli, {
        provider_name: provider,
        client_id: options.clientId,
        client_secret: secret,
        redirect_uri: options.redirectUri,
        token_data: {
          authorize_url: options.authorizeUrl,
          token_url: options.tokenUrl,
          scopes: options.scopes === undefined ? undefined : readList(options.scopes),
        },
      })
      cli.out.done(`${provider} is configured.`, answer)
      const { redirect_uri } = await (await cli.client()).integrations.get(
        await idOf('int', answer.provider_id),
      )
      if (redirect_uri) cli.out.note(`Register at the provider: ${redirect_uri}`)
      cli.out.next(`grantry account oauth auth ${provider}`)
    })
  completes(command, { arguments: [providerNames] })
  addExamples(command, [
    {
      command:
        'grantry account oauth configure gmail --client-id ID --client-secret-file secret.txt --scopes "https://www.googleapis.com/auth/gmail.readonly"',
      what: 'Without the secret option it is asked for',
    },
  ])
}
