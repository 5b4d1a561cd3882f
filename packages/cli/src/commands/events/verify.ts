import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { Failure, UsageError } from '../../failure.ts'
import { type ChainReport, checkChain, type Pin } from './check-chain.ts'
import { type Keys, openCheckpoint, toKeys } from './open-checkpoint.ts'
import { readLines } from './read-lines.ts'

type Options = {
  key?: string[]
  keys?: string
  earlier?: string[]
  checkpoint?: string[]
  strict?: boolean
}

const several = (text: string, before: string[] = []) => [...before, text]

/** Faults that are shown one by one. */
const shown = 20

/** `grantry events verify`: asks nobody but the file and the keys that it is given. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('verify')
    .description('Check an exported chain of events, offline: nothing changed, missing, added or cut off')
    .argument('<file>', 'what grantry events export wrote; - is stdin')
    .option(
      '--keys <file>',
      'whose signatures are believed: what DEPLOYMENT/.well-known/grantry-audit-keys.json said when you first trusted it',
    )
    .option('--key <public>', 'one such key, as its x stands there; may be repeated', several)
    .option(
      '--earlier <file>',
      'an earlier export, which this one must go on from or agree with; may be repeated',
      several,
    )
    .option(
      '--checkpoint <jws>',
      'a checkpoint from elsewhere that must be of this chain; may be repeated',
      several,
    )
    .option('--strict', 'fail also where events were signed more than an hour after they happened')
    .action((file: string, options: Options) => verify(cli, file, options))
  addExamples(command, [
    {
      command: 'grantry events verify events.jsonl --keys audit-keys.json',
      what: 'Is this what was written?',
    },
    {
      command: 'grantry events verify october.jsonl --keys audit-keys.json --earlier september.jsonl',
      what: 'And does it go on where the last one ended?',
    },
  ])
}

async function verify(cli: Cli, file: string, options: Options): Promise<void> {
  const keys = await readKeys(cli, options)
  const pins = [
    ...(options.checkpoint ?? []).map((jws) => pinOf(jws, keys, 'the checkpoint given')),
    ...(await Promise.all((options.earlier ?? []).map((path) => readEarlier(cli, path, keys)))),
  ]
  const report = await checkChain(readLines(cli, file), { keys, pins })
  const { faults, late } = report
  if (cli.out.json) cli.out.record(report, {})
  else tell(cli, report)
  if (faults.length > 0)
    throw new Failure(
      faults.length === 1
        ? `${file} is not what was written: line ${faults[0]!.line} is wrong.`
        : `${file} is not what was written: ${faults.length} faults, the first in line ${faults[0]!.line}.`,
      { next: 'keep this file and take another export: a fault that it has too is in the database' },
    )
  if (options.strict && late)
    throw new Failure(`${late.events} events were signed late, the first in line ${late.first_line}.`, {
      next: 'see docs/audit.md, what a late signature means',
    })
}

function tell(
  cli: Cli,
  { faults, late, events, first_seq, last_seq, workspace_id, signed }: ChainReport,
): void {
  for (const { line, what } of faults.slice(0, shown)) cli.out.failed(`line ${line}: ${what}`)
  if (faults.length > shown) cli.out.note(`… and ${faults.length - shown} more`)
  if (late)
    cli.out.warn(
      `${late.events} events (lines ${late.first_line} to ${late.last_line}) were signed more than an hour after they happened. ` +
        'That is so where the server stood still or the chain was begun on an older log; else see docs/audit.md.',
    )
  if (faults.length > 0) return
  const which = events === 0 ? 'No events' : `${events} events (${first_seq} to ${last_seq})`
  cli.out.done(
    `${which} of ${workspace_id}: all as they were written${signed ? `, signed up to event ${signed.seq} at ${signed.at}` : ''}.`,
  )
}

/** @throws UsageError without any: a chain that nobody signed can be made anew by whoever can write the database */
async function readKeys(cli: Cli, { key = [], keys }: Options): Promise<Keys> {
  const given = keys === undefined ? key : [...key, ...(await readKeyFile(cli, keys))]
  if (given.length === 0)
    throw new UsageError(
      'Say whose signatures are believed: --keys FILE or --key PUBLIC.',
      'curl -o audit-keys.json https://DEPLOYMENT/.well-known/grantry-audit-keys.json, once, and keep it',
    )
  try {
    return toKeys(given)
  } catch {
    throw new UsageError('These are no Ed25519 public keys: give each as x stands in the key set.')
  }
}

async function readKeyFile(cli: Cli, path: string): Promise<string[]> {
  const text = await readFile(resolve(cli.cwd, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`${path} cannot be read (${error.code}).`, { cause: error })
  })
  try {
    const { keys } = JSON.parse(text) as { keys: { x: unknown; crv: unknown }[] }
    return keys.flatMap(({ x, crv }) => (crv === 'Ed25519' && typeof x === 'string' ? [x] : []))
  } catch {
    throw new UsageError(
      `${path} is no set of keys: it is what DEPLOYMENT/.well-known/grantry-audit-keys.json says.`,
    )
  }
}

function pinOf(jws: string, keys: Keys, from: string): Pin {
  const says = openCheckpoint(jws.trim(), keys)
  if (typeof says === 'string')
    throw new UsageError(`${from}: ${says.replace('has a checkpoint', 'a checkpoint')}.`)
  return { seq: says.seq, hash: says.hash, from }
}

/** How far an earlier export went, as its first line says and the deployment signed. */
async function readEarlier(cli: Cli, path: string, keys: Keys): Promise<Pin> {
  for await (const line of readLines(cli, path)) {
    const { through } = readJson(line) as { through?: unknown }
    if (typeof through === 'string') return pinOf(through, keys, path)
    break
  }
  throw new UsageError(`${path} is no export of a chain that has events in it.`)
}

function readJson(line: string): object {
  try {
    return (JSON.parse(line) as object | null) ?? {}
  } catch {
    return {}
  }
}
