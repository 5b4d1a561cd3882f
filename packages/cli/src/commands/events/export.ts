import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { Failure, UsageError } from '../../failure.ts'
import { refuseExisting, writeFileOnce, writeOut } from '../../moving/write-export.ts'
import { wholeNumber } from '../../option-values.ts'

type Options = { output?: string; after?: number; continue?: string }

/** `grantry events export`: the whole log with what it takes to check it; `events verify` does. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('export')
    .description('Take the audit log along as lines of JSON, with hashes and signatures, oldest first')
    .option('--output <path>', 'write to this file; else stdout')
    .option('--after <number>', 'go on behind this event, where an earlier export ended', wholeNumber(0))
    .option('--continue <file>', 'go on where this earlier export ended')
    .action((options: Options) => takeAlong(cli, options))
  addExamples(command, [
    { command: 'grantry events export --output events.jsonl', what: 'All that is kept' },
    {
      command: 'grantry events export --continue september.jsonl --output october.jsonl',
      what: 'What has come since',
    },
  ])
}

async function takeAlong(cli: Cli, { output, after, continue: earlier }: Options): Promise<void> {
  if (after !== undefined && earlier !== undefined)
    throw new UsageError('Give --after or --continue, not both.')
  const target = output === undefined ? null : resolve(cli.cwd, output)
  if (target !== null) await refuseExisting(target)
  const begin = earlier === undefined ? after : await endOf(resolve(cli.cwd, earlier))
  const grantry = await cli.client()
  await cli.waiting('Exporting', async (say) => {
    const lines = await grantry.stream(
      'GET',
      `/api/v1/events/chain/export${begin === undefined ? '' : `?after=${begin}`}`,
      { signal: cli.signal },
    )
    const progress = (bytes: number) => say(`${(bytes / 1e6).toFixed(1)} MB`)
    if (target === null) await writeOut(cli.stdout, lines, progress)
    else await writeFileOnce(target, lines, progress)
  })
  if (output === undefined) return
  cli.out.done(`Written to ${output}.`, { output })
  cli.out.next(`grantry events verify ${output} --keys FILE`)
}

/** The number of the last event that an export has. */
async function endOf(path: string): Promise<number> {
  let end: number | undefined
  await access(path).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`${path} cannot be read (${error.code}).`, { cause: error })
  })
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    const [, seq] = /^\{"seq":(\d{1,16}),/.exec(line) ?? []
    if (seq !== undefined) end = Number(seq)
  }
  if (end === undefined) throw new UsageError(`${path} is no export of a chain that has events in it.`)
  return end
}
