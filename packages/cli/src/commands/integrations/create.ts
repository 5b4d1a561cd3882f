import type { CreateIntegrationInput } from '@grantry/sdk'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { appIds, completes, providerNames } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { UsageError } from '../../failure.ts'
import { readSecret } from '../../read-secret.ts'
import { addFields, type FieldOptions, fieldsOf, givenSecret, neededSecret } from './fields.ts'
import { showIntegration } from './show-integration.ts'

type Options = FieldOptions & {
  grantType?: CreateIntegrationInput['grant_type']
  refreshTokenStdin?: boolean
  refreshTokenFile?: string
  public?: boolean
  app?: string
}

/** `grantry integrations create [PROVIDER]`: without a provider, any OAuth 2.0 service by its endpoints. */
export function register(parent: Command, cli: Cli): void {
  const command = addFields(
    parent
      .command('create [provider]')
      .description('Add an OAuth app at a provider; the credentials are checked there before they are kept'),
  )
    .option('--public', 'the client has no secret')
    .option('--grant-type <name>', 'authorization_code, client_credentials or refresh_token')
    .option('--refresh-token-stdin', 'with the grant type refresh_token: read the first one from stdin')
    .option('--refresh-token-file <path>', 'or from a file')
    .option('--app <id>', 'it belongs to one app')
    .action(async (provider: string | undefined, options: Options) => {
      const clientId =
        options.clientId ?? (await cli.prompt.text({ message: 'Client id', flag: '--client-id' }))
      const label =
        options.label ?? (provider ? undefined : await cli.prompt.text({ message: 'Label', flag: '--label' }))
      if (options.clientSecretStdin && options.refreshTokenStdin)
        throw new UsageError('Only one secret can come by stdin.', 'give the other by a file')
      const secret = options.public ? await givenSecret(cli, options) : await neededSecret(cli, options)
      const refreshToken = await readSecret(cli, {
        name: 'refresh token',
        stdin: options.refreshTokenStdin,
        file: options.refreshTokenFile,
        flag: '--refresh-token-stdin or --refresh-token-file',
        optional: true,
      })
      const grantry = await cli.client()
      const integration = await cli.waiting('Checking the credentials at the provider', async () =>
        grantry.integrations.create({
          ...fieldsOf(options),
          label: label ?? provider!,
          client_id: clientId,
          ...(provider === undefined ? {} : { provider }),
          ...(secret === null ? {} : { client_secret: secret }),
          ...(options.grantType ? { grant_type: options.grantType } : {}),
          ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
          ...(options.app ? { app_id: options.app } : {}),
        }),
      )
      showIntegration(cli, integration)
      if (integration.redirect_uri)
        cli.out.note(`Register this redirect URI at the provider: ${integration.redirect_uri}`)
      cli.out.next(`grantry doctor ${integration.id}`)
    })
  completes(command, { arguments: [providerNames], options: { '--app': appIds } })
  addExamples(command, [
    {
      command: 'grantry integrations create gmail --client-id 123.apps.googleusercontent.com',
      what: 'Asks for the client secret',
    },
    {
      command:
        'grantry integrations create --label "Our ERP" --issuer https://id.erp.example --client-id grantry --client-secret-file secret.txt',
      what: 'A service that the catalogue does not have',
    },
  ])
}
