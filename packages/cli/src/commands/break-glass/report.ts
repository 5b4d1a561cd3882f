import type { BreakGlassConnection } from '@grantry/sdk'
import { type Command, Option } from 'commander'
import { apiOf, operatorOption } from '../../break-glass/api-of.ts'
import { outcomeWords } from '../../break-glass/show.ts'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { UsageError } from '../../failure.ts'
import { chooseOutput } from '../../moving/write-export.ts'

type Options = {
  operator?: boolean
  manual?: boolean
  outcome?: BreakGlassConnection['outcome']
  format?: 'csv' | 'jsonl'
  output?: string
}

/** `grantry break-glass report ID`: what became of each connection. */
export function register(parent: Command, cli: Cli): void {
  const command = operatorOption(
    parent.command('report <id>').description('What became of each connection, and what somebody has to do'),
  )
    .option('--manual', 'only what needs manual work')
    .addOption(new Option('--outcome <outcome>', 'only these').choices(Object.keys(outcomeWords)))
    .addOption(new Option('--format <format>', 'as a file').choices(['csv', 'jsonl']))
    .option('--output <path>', 'write the file there; else stdout')
    .action((id: string, options: Options) => report(cli, id, options))
  addExamples(command, [
    { command: 'grantry break-glass report bgl_01k3… --manual', what: 'What is left for people' },
    {
      command: 'grantry break-glass report bgl_01k3… --format csv --output report.csv',
      what: 'All of it, for a spreadsheet',
    },
  ])
}

async function report(
  cli: Cli,
  id: string,
  { operator, manual, outcome, format, output }: Options,
): Promise<void> {
  if (output !== undefined && format === undefined)
    throw new UsageError('Say what the file is: --format csv, or jsonl.')
  const { grantry, of, path } = await apiOf(cli, operator === true)
  const query = { ...(manual ? { manual } : {}), ...(outcome ? { outcome } : {}) }
  if (format === undefined) {
    await cli.out.table(
      of.connections(id, { limit: 200, ...query }),
      {
        CONNECTION: (one) => one.connection_id,
        PROVIDER: (one) => one.provider ?? one.integration_label,
        ACCOUNT: ({ account, end_user_id }) => account.label ?? account.email ?? account.id ?? end_user_id,
        OUTCOME: (one) => one.outcome,
        ANSWER: ({ answer }) => answer && [answer.status, answer.error].filter(Boolean).join(' '),
        'WHAT TO DO': ({ todo, todo_url }) => [todo, todo_url].filter(Boolean).join(' '),
      },
      { none: manual ? 'Nothing needs manual work.' : 'No connection fits.' },
    )
    return
  }
  const write = await chooseOutput(cli, output)
  const asked = new URLSearchParams({
    ...(manual ? { manual: 'true' } : {}),
    ...(outcome ? { outcome } : {}),
    format,
  })
  await write(() =>
    grantry.stream('GET', `${path}/${encodeURIComponent(id)}/report?${asked}`, { signal: cli.signal }),
  )
  if (output !== undefined) cli.out.done(`The report is in ${output}.`, { output })
}
