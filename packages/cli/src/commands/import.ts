import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { Cli } from '../cli.ts'
import { completes, integrationIds } from '../completion/candidates.ts'
import { addExamples } from '../examples.ts'
import { Failure } from '../failure.ts'
import { createChoice, type Mapping, readMapping } from '../moving/choose-integration.ts'
import { importFile, type Tally } from '../moving/import-file.ts'
import { openInput } from '../moving/open-input.ts'
import { readEntries, type Source, sources } from '../moving/read-entries.ts'
import { openReport, type Reported } from '../moving/report.ts'

type Options = {
  from: Source
  integration?: string
  map?: Mapping
  dryRun?: boolean
  report?: string
  identity?: string
  passphraseFile?: string
}

/** As many lines are told on the terminal; the report has all. */
const mostTold = 20

/** `grantry import --from nango|json|csv FILE`: connections with their tokens; once each, however often it is run. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('import <file>')
    .description('Bring connections with their tokens from elsewhere; - reads stdin')
    .addOption(new Option('--from <format>', 'what the file is').choices([...sources]).makeOptionMandatory())
    .option('--integration <id>', 'where all go that --map does not name')
    .option(
      '--map <theirs=ours>',
      'an integration or app of the file and its id here; may be repeated',
      readMapping,
    )
    .option('--dry-run', 'check every line and say what would happen; change nothing')
    .option('--report <path>', 'write what became of each line, as JSON lines')
    .option('--identity <path>', 'open a sealed file with this age identity file')
    .option('--passphrase-file <path>', 'open a sealed file with the passphrase in this file')
    .action((file: string, options: Options) => bring(cli, file, options))
  completes(command, { options: { '--integration': integrationIds } })
  addExamples(command, [
    {
      command: 'grantry import --from csv users.csv --integration int_01jd3xqv5me8tvh6w5kq2a9xyz --dry-run',
      what: 'What would happen, line by line',
    },
    {
      command:
        'grantry import --from nango connections.json --map github-prod=int_01jd3xqv5me8tvh6w5kq2a9xyz',
      what: "From Nango's API",
    },
    {
      command: 'grantry import --from json connections.age --identity key.txt --report report.jsonl',
      what: 'What grantry export has sealed',
    },
  ])
}

async function bring(cli: Cli, file: string, options: Options): Promise<void> {
  const grantry = await cli.client()
  const map = options.map ?? new Map()
  const choose = await createChoice(grantry, map, options.integration)
  const bytes = await openInput(cli, file, options)
  const report = await openReport(options.report === undefined ? null : resolve(cli.cwd, options.report))
  const failures: Reported[] = []
  let tally: Tally = { created: 0, exists: 0, checked: 0, failed: 0 }
  const work = async (say: (text: string) => void) => {
    try {
      await importFile(grantry, {
        entries: readEntries(options.from, bytes),
        choose,
        apps: map,
        dryRun: options.dryRun === true,
        report,
        signal: cli.signal,
        onFailure: (line) => {
          if (failures.length < mostTold) failures.push(line)
        },
        onProgress: (now) => {
          tally = now
          say(summary(now))
        },
        onWait: (seconds) => say(`the server does not answer; trying again in ${seconds} s`),
      }).then((all) => {
        tally = all
      })
    } finally {
      await report.end()
    }
  }
  try {
    await cli.waiting(options.dryRun ? 'Checking' : 'Importing', work)
  } catch (error) {
    // How far it came is worth knowing, whatever ended it.
    tellFailures(cli, failures, tally)
    if (sum(tally) > 0) cli.out.note(`Until then: ${summary(tally)}. Run the same again to go on.`)
    throw error
  }
  tellFailures(cli, failures, tally)
  const value = { ...tally, dry_run: options.dryRun === true, failures }
  if (tally.failed === 0) return cli.out.done(`${capital(summary(tally))}.`, value)
  if (cli.out.json) cli.out.done('', value)
  throw new Failure(`${tally.failed} of ${sum(tally)} lines failed; ${summary(tally)}.`, {
    next: options.dryRun
      ? 'mend them, and check again'
      : 'mend them and run the same again: what has been imported stays as it is',
  })
}

function tellFailures(cli: Cli, failures: Reported[], { failed }: Tally): void {
  for (const { line, key, error } of failures)
    cli.out.note(
      `line ${line}${key === null ? '' : ` (${key})`}: ${error!.path === '' ? '' : `${error!.path} `}${error!.message}`,
    )
  if (failed > failures.length) cli.out.note(`… and ${failed - failures.length} more: --report FILE has all`)
}

function summary({ created, exists, checked, failed }: Tally): string {
  const parts = [
    ...(created > 0 ? [`${number(created)} imported`] : []),
    ...(checked > 0 ? [`${number(checked)} would be imported`] : []),
    ...(exists > 0 ? [`${number(exists)} there already`] : []),
    ...(failed > 0 ? [`${number(failed)} failed`] : []),
  ]
  return parts.length === 0 ? 'nothing imported' : parts.join(', ')
}

const sum = ({ created, exists, checked, failed }: Tally) => created + exists + checked + failed
const number = (count: number) => count.toLocaleString('en')
const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1)
