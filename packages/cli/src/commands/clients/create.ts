import type { CreateOAuthClientInput } from '@grantry/sdk'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { words } from '../../option-values.ts'

type Options = {
  redirectUri?: string[]
  scopes?: string[]
  grantTypes?: string[]
  authMethod?: string
  native?: boolean
  public?: boolean
}

const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code'
const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const shortNames: Record<string, string> = { device_code: deviceCode, token_exchange: tokenExchange }

/** `grantry clients create NAME`: an app that may ask people for access by our own authorization server. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('create <name>')
    .description('Register an OAuth client (a partner app, an MCP client); its secret is shown once')
    .option(
      '--redirect-uri <uri>',
      'where people are sent back to; again for another',
      (uri, before: string[] = []) => [...before, uri],
    )
    .option('--scopes <list>', 'what it may ask people for, by commas', words)
    .option(
      '--grant-types <list>',
      'authorization_code, refresh_token, client_credentials, device_code, token_exchange',
      words,
    )
    .option('--auth-method <name>', 'client_secret_basic, client_secret_post, private_key_jwt or none')
    .option('--public', 'it can keep no secret: the same as --auth-method none')
    .option('--native', 'it runs on the device of its person')
    .action(async (name: string, options: Options) => {
      const grantry = await cli.client()
      const client = await grantry.oauthClients.create(inputOf(name, options))
      cli.out.record(client, {
        id: client.id,
        name: client.client_name,
        'client id': client.client_id,
        'client secret': client.client_secret ?? 'none: it is public',
        'redirect URIs': client.redirect_uris.join(' '),
        'grant types': client.grant_types.join(' '),
        scopes: client.scope,
      })
      if (client.client_secret)
        cli.out.note('The secret is shown this once: give it to whoever runs the app.')
    })
  addExamples(command, [
    {
      command:
        'grantry clients create Zapfen --redirect-uri https://zapfen.example/callback --scopes connections:read',
      what: 'A partner app with a server',
    },
    {
      command: 'grantry clients create "My agent" --public --native --redirect-uri http://127.0.0.1/callback',
      what: 'A program on people’s own machines',
    },
  ])
}

function inputOf(name: string, options: Options): CreateOAuthClientInput {
  const method = options.public ? 'none' : options.authMethod
  const grants = options.grantTypes?.map((grant) => shortNames[grant] ?? grant)
  return {
    client_name: name,
    ...(options.redirectUri ? { redirect_uris: options.redirectUri } : {}),
    ...(options.scopes ? { scope: options.scopes.join(' ') } : {}),
    // The server knows which there are, and says so.
    ...(grants ? { grant_types: grants as NonNullable<CreateOAuthClientInput['grant_types']> } : {}),
    ...(method
      ? {
          token_endpoint_auth_method: method as NonNullable<
            CreateOAuthClientInput['token_endpoint_auth_method']
          >,
        }
      : {}),
    ...(options.native ? { application_type: 'native' as const } : {}),
  }
}
