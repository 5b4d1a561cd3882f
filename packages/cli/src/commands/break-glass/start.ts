import { setTimeout as pause } from 'node:timers/promises'
import type { BreakGlass, BreakGlassPreview, OperatorBreakGlassCriteria } from '@grantry/sdk'
import type { Command } from 'commander'
import { apiOf, type BreakGlassApi } from '../../break-glass/api-of.ts'
import { addCriteria, type CriteriaOptions, readCriteria } from '../../break-glass/criteria.ts'
import { showBreakGlass } from '../../break-glass/show.ts'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { exitCodes, Failure, UsageError } from '../../failure.ts'
import { findIntegration } from '../../find-integration.ts'

type Options = CriteriaOptions & {
  workspace?: string
  allWorkspaces?: true
  force?: boolean
  deleteApiKey?: boolean
  dryRun?: boolean
  follow: boolean
  yes?: boolean
}

/** A long log is gone through for them, and ten thousands are ended. */
const seconds = 120
const pollMs = 1000

/** `grantry break-glass`: says what would end, asks, ends it, and follows it to the providers. */
export function register(parent: Command, cli: Cli): void {
  const command = addCriteria(
    parent
      .command('start', { isDefault: true })
      .description('End many connections at once, here and at their providers; also without "start"'),
  )
    .option('--workspace <id>', 'as the operator: in this workspace')
    .option('--all-workspaces', 'as the operator: in every workspace')
    .option('--force', 'revoke also where that ends connections that were not chosen')
    .option('--delete-api-key', 'end the key of --api-key first')
    .option('--dry-run', 'say what would end, and stop')
    .option('--no-follow', 'do not wait until the providers have been asked')
    .option('--yes', 'do not ask')
    // Else what is said of a mistyped command would be about "start", which nobody has typed.
    .allowExcessArguments()
    .action((options: Options, { args }: Command) => {
      if (args.length > 0)
        throw new UsageError(
          `There is no "break-glass ${args[0]}".`,
          'grantry break-glass list, status ID or report ID; connections are chosen by options: add --help',
        )
      return start(cli, options)
    })
  addExamples(command, [
    {
      command: 'grantry break-glass --provider gmail --created-since 7d --dry-run',
      what: 'What would end',
    },
    {
      command: 'grantry break-glass start --api-key key_01k3… --delete-api-key',
      what: 'A key leaked: it ends, and whatever it read; asks for the number of connections first',
    },
    {
      command: 'grantry break-glass --all-workspaces --provider salesforce --yes',
      what: 'A provider was broken into: as the operator, in every workspace',
    },
  ])
}

async function start(cli: Cli, options: Options): Promise<void> {
  const { workspace, allWorkspaces, deleteApiKey = false, force = false } = options
  const given = readCriteria(options)
  if (deleteApiKey && options.apiKey === undefined)
    throw new UsageError('--delete-api-key needs the key: --api-key ID.')
  if (workspace !== undefined && allWorkspaces)
    throw new UsageError('Give --workspace or --all-workspaces, not both.')
  const asOperator = workspace !== undefined || allWorkspaces === true
  const api = await apiOf(cli, asOperator)
  const chosen =
    asOperator || given.integration_id === undefined
      ? given
      : { ...given, integration_id: (await findIntegration(api.grantry, given.integration_id)).id }
  const criteria = {
    ...chosen,
    ...(workspace === undefined ? {} : { workspace_id: workspace }),
    ...(allWorkspaces ? { all_workspaces: true as const } : {}),
  } as OperatorBreakGlassCriteria
  const preview = await cli.waiting('Counting', () => api.of.preview({ criteria }, { timeout: seconds }))
  if (options.dryRun) return showPreview(cli, preview)
  if (preview.connections === 0 && !deleteApiKey)
    throw new Failure('No living connection fits: nothing was ended.', { exitCode: exitCodes.notFound })
  tellPreview(cli, preview)
  await cli.prompt.typed({
    message: `${preview.connections} ${preview.connections === 1 ? 'connection ends' : 'connections end'} for good; their owners have to connect again.`,
    word: String(preview.connections),
    yes: options.yes === true,
  })
  const begun = await cli.waiting('Ending', () =>
    api.of.start({ criteria, force, delete_api_key: deleteApiKey }, { timeout: seconds }),
  )
  cli.out.note(
    begun.state === 'ending'
      ? `${begun.id}: connections are being ended.`
      : `${begun.id}: nobody reads ${begun.connections === 1 ? 'it' : `any of these ${begun.connections}`} any more. Providers are being asked, with or without this command.`,
  )
  showBreakGlass(cli, options.follow ? await follow(cli, api, begun) : begun, api.flag)
}

/** Until each has been asked for once. What failed then is tried again for days, for which nobody waits here. */
async function follow(cli: Cli, { of }: BreakGlassApi, begun: BreakGlass): Promise<BreakGlass> {
  return cli.waiting('Revoking', async (say) => {
    for (let now = begun; ; now = await of.get(begun.id)) {
      const { to_end, waiting } = now.outcomes
      if (now.state === 'done' || (now.state === 'revoking' && to_end + waiting === 0)) return now
      say(`${now.connections - to_end - waiting} of ${now.connections}`)
      await pause(pollMs, undefined, { signal: cli.signal })
    }
  })
}

function showPreview(cli: Cli, preview: BreakGlassPreview): void {
  if (!cli.out.json) tellPreview(cli, preview)
  else cli.out.record(preview, {})
}

function tellPreview(cli: Cli, { connections, groups, log_since }: BreakGlassPreview): void {
  cli.out.note(
    connections === 0
      ? 'No living connection fits: none would end.'
      : `${connections} ${connections === 1 ? 'connection' : 'connections'} would end:`,
  )
  for (const one of groups)
    cli.out.note(
      `  ${one.connections}  ${one.label ?? one.integration_id}${one.provider ? ` (${one.provider})` : ''}${one.revocable ? '' : ', which has no way to revoke: manual work'}`,
    )
  if (log_since !== null) cli.out.note(`By the audit log, which goes back to ${log_since}.`)
}
