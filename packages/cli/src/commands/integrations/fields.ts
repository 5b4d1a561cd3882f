import type { UpdateIntegrationInput } from '@grantry/sdk'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { pairs, words } from '../../option-values.ts'
import { readSecret } from '../../read-secret.ts'

export type FieldOptions = {
  label?: string
  clientId?: string
  clientSecret?: string
  clientSecretStdin?: boolean
  clientSecretFile?: string
  scopes?: string[]
  authorizationUrl?: string
  tokenUrl?: string
  revocationUrl?: string
  issuer?: string
  apiBaseUrl?: string
  redirectUri?: string
  tokenAuthMethod?: string
  param?: Record<string, string>
  authorizeParam?: Record<string, string>
  tenant?: string
  validate: boolean
}

/** The options that creating and updating share. */
export function addFields(command: Command): Command {
  return command
    .option('--label <text>', 'what it is called here')
    .option('--client-id <id>', 'as the provider gave it')
    .option('--client-secret-stdin', 'read the client secret from stdin')
    .option('--client-secret-file <path>', 'read it from a file')
    .option('--client-secret <secret>', 'or give it here, where others can read it')
    .option('--scopes <list>', 'what is asked for, by commas or spaces', words)
    .option('--redirect-uri <uri>', 'must be one of ours; it is told when it is left out')
    .option('--issuer <url>', 'to find the endpoints by (OpenID Connect, RFC 8414)')
    .option(
      '--authorization-url <url>',
      'where people are sent, at a service that the catalogue does not have',
    )
    .option('--token-url <url>', 'its token endpoint')
    .option('--revocation-url <url>', 'where its tokens are revoked')
    .option('--api-base-url <url>', 'where its API is')
    .option('--token-auth-method <name>', 'auto, client_secret_basic, client_secret_post or none')
    .option('--param <name=value>', 'a {placeholder} of the endpoints; again for another', pairs)
    .option('--authorize-param <name=value>', 'more for the authorization request; again for another', pairs)
    .option('--tenant <id>', 'which customer it is for')
    .option('--no-validate', 'do not ask the provider whether the credentials are good')
}

const names = {
  label: 'label',
  clientId: 'client_id',
  redirectUri: 'redirect_uri',
  issuer: 'issuer',
  authorizationUrl: 'authorization_url',
  tokenUrl: 'token_url',
  revocationUrl: 'revocation_url',
  apiBaseUrl: 'api_base_url',
  param: 'params',
  authorizeParam: 'extra_authorize_params',
  tenant: 'tenant_id',
} as const satisfies Partial<Record<keyof FieldOptions, keyof UpdateIntegrationInput>>

/** What making and changing one have in common; a flag cannot take away what was there. */
type Given = {
  [field in keyof UpdateIntegrationInput]: Exclude<UpdateIntegrationInput[field], null>
}

/** What was given, as the API names it, without the secret. */
export function fieldsOf(options: FieldOptions): Given {
  const given = Object.entries(names).flatMap(([option, field]) => {
    const value = options[option as keyof typeof names]
    return value === undefined ? [] : [[field, value]]
  })
  return {
    ...(Object.fromEntries(given) as Given),
    ...(options.scopes ? { scope: options.scopes.join(' ') } : {}),
    ...(options.tokenAuthMethod
      ? {
          token_auth_method: options.tokenAuthMethod as NonNullable<
            UpdateIntegrationInput['token_auth_method']
          >,
        }
      : {}),
    ...(options.validate ? {} : { validate: false }),
  }
}

const flag = '--client-secret-stdin or --client-secret-file'

/** The client secret, where one was given. */
export const givenSecret = (cli: Cli, options: FieldOptions): Promise<string | null> =>
  readSecret(cli, { ...sourceOf(options), optional: true })

/** The client secret; asked for where it was not given. */
export const neededSecret = (cli: Cli, options: FieldOptions): Promise<string> =>
  readSecret(cli, sourceOf(options))

const sourceOf = ({ clientSecret, clientSecretStdin, clientSecretFile }: FieldOptions) => ({
  name: 'client secret',
  value: clientSecret,
  stdin: clientSecretStdin,
  file: clientSecretFile,
  flag,
})
