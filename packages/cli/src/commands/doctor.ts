import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { completes, integrationIds } from '../completion/candidates.ts'
import { checkIntegrations } from '../doctor/check-integrations.ts'
import { checkServer } from '../doctor/check-server.ts'
import type { Finding } from '../doctor/finding.ts'
import { showFindings } from '../doctor/show-findings.ts'
import { addExamples } from '../examples.ts'
import { Failure } from '../failure.ts'
import { findIntegration } from '../find-integration.ts'

/** `grantry doctor [INTEGRATION]`: what is wrong, and the one change that mends it. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('doctor [integration]')
    .description('Find what is wrong with the server or an integration, and the one change that mends it')
    .option('--no-ask', 'judge an integration by what has been seen, without calling its provider')
    .action(async (named: string | undefined, { ask }: { ask: boolean }) => {
      if (named === undefined) return examineAll(cli)
      const grantry = await cli.client()
      const integration = await findIntegration(grantry, named)
      const diagnosis = await cli.waiting(`Examining ${integration.label}`, () =>
        grantry.integrations.diagnose(integration.id, { ask }),
      )
      if (cli.out.json) cli.out.record(diagnosis, {})
      else await showFindings(cli, diagnosis.findings)
      conclude(cli, diagnosis.findings, `grantry doctor ${integration.id}`)
    })
  completes(command, { arguments: [integrationIds] })
  addExamples(command, [
    { command: 'grantry doctor', what: 'The server, the credential, and every integration in short' },
    { command: 'grantry doctor gmail', what: 'All that can be told of one integration' },
  ])
}

async function examineAll(cli: Cli): Promise<void> {
  const { findings, integrations, server } = await cli.waiting('Examining', async (say) => {
    const { findings, server, grantry } = await checkServer(cli)
    const found = grantry ? await checkIntegrations(grantry, say) : { findings: [], looked: 0 }
    return { findings, server, integrations: found }
  })
  const all = [...findings, ...integrations.findings]
  if (cli.out.json)
    cli.out.record({ version: server?.version ?? null, findings, integrations: integrations.findings }, {})
  else await showFindings(cli, all)
  if (server && integrations.looked === 0 && integrations.findings.length === 0)
    cli.out.next('grantry integrations create PROVIDER')
  conclude(cli, all, 'grantry doctor')
}

/** @throws Failure where something failed, so that scripts hear of it */
function conclude(cli: Cli, findings: Finding[], again: string): void {
  const count = (status: string) => findings.filter((finding) => finding.status === status).length
  const [failed, warnings, unknown] = [count('failed'), count('warning'), count('unknown')]
  if (failed > 0)
    throw new Failure(`${failed} ${failed === 1 ? 'thing needs' : 'things need'} mending.`, {
      next: `change what the arrows say, then ${again}`,
    })
  if (cli.out.json) return
  const rest = [
    warnings > 0 ? `${warnings} could be better` : null,
    unknown > 0 ? `${unknown} could not be told` : null,
  ].filter(Boolean)
  cli.out.done(rest.length > 0 ? `Nothing is broken; ${rest.join(', ')}.` : 'Everything is in order.')
}
