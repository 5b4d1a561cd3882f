import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { completes, integrationIds } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { findIntegration } from '../../find-integration.ts'
import { showIntegration } from './show-integration.ts'

/** `grantry integrations show NAME` */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('show <integration>')
    .description('Show an integration, named by its id, provider or label; never its secret')
    .action(async (named: string) => {
      const integration = await findIntegration(await cli.client(), named)
      showIntegration(cli, integration)
      cli.out.next(`grantry doctor ${integration.id}`)
    })
  completes(command, { arguments: [integrationIds] })
  addExamples(command, [
    { command: 'grantry integrations show gmail', what: 'With the redirect URI to register' },
  ])
}
