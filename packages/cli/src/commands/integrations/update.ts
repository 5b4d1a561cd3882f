import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { completes, integrationIds } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { UsageError } from '../../failure.ts'
import { findIntegration } from '../../find-integration.ts'
import { addFields, type FieldOptions, fieldsOf, givenSecret } from './fields.ts'
import { showIntegration } from './show-integration.ts'

/** `grantry integrations update NAME`: what is given changes, the rest stays. */
export function register(parent: Command, cli: Cli): void {
  const command = addFields(
    parent
      .command('update <integration>')
      .description('Change an integration, named by its id, provider or label: what is given changes'),
  ).action(async (named: string, options: FieldOptions) => {
    const secret = await givenSecret(cli, options)
    const fields = { ...fieldsOf(options), ...(secret === null ? {} : { client_secret: secret }) }
    if (Object.keys(fields).every((name) => name === 'validate'))
      throw new UsageError('Nothing to change was given.', 'grantry integrations update --help')
    const grantry = await cli.client()
    const { id } = await findIntegration(grantry, named)
    const integration = await cli.waiting('Saving', () => grantry.integrations.update(id, fields))
    showIntegration(cli, integration)
    cli.out.next(`grantry doctor ${id}`)
  })
  completes(command, { arguments: [integrationIds] })
  addExamples(command, [
    {
      command: 'grantry integrations update gmail --client-secret-stdin < secret.txt',
      what: 'A new client secret',
    },
    {
      command: 'grantry integrations update gmail --scopes openid,email',
      what: 'Other scopes, for the next connects',
    },
  ])
}
