import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { completes, integrationIds } from '../completion/candidates.ts'
import { addExamples } from '../examples.ts'
import { Failure, UsageError } from '../failure.ts'
import { readPassphrase } from '../moving/passphrase.ts'
import { sealToPassphrase } from '../moving/seal-to-passphrase.ts'
import { chooseOutput } from '../moving/write-export.ts'

type Options = { recipient?: string[]; passphraseFile?: string; output?: string; integration?: string }

/** `grantry export`: everything, sealed, for whoever wants to leave. Needs connections:export, which owners have. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('export')
    .description('Take all connections along, with their tokens, sealed in the age format; owners only')
    .option('--recipient <age1…>', 'seal to this public key; may be repeated', (text, all: string[] = []) => [
      ...all,
      text,
    ])
    .option('--passphrase-file <path>', 'seal to the passphrase in this file; without either it is asked for')
    .option('--output <path>', 'write to this file; else stdout, where that is no terminal')
    .option('--integration <id>', 'only the connections of this integration')
    .action((options: Options) => takeAlong(cli, options))
  completes(command, { options: { '--integration': integrationIds } })
  addExamples(command, [
    {
      command:
        'grantry export --recipient age1znyma77pr40e3rs4eezuq4q577e4tyte97cpfhutkqv4warlt5psaecuc9 --output connections.age',
      what: 'To a public key of age-keygen; the server seals it, so that nobody on the way can read it',
    },
    { command: 'grantry export --output connections.age', what: 'To a passphrase, which is asked for' },
  ])
}

async function takeAlong(
  cli: Cli,
  { recipient, passphraseFile, output, integration }: Options,
): Promise<void> {
  if (recipient && passphraseFile !== undefined)
    throw new UsageError('Give --recipient or --passphrase-file, not both.')
  if (output === undefined && cli.stdout.isTTY)
    throw new UsageError(
      'A sealed file is nothing for a terminal.',
      'grantry export --output connections.age',
    )
  const write = await chooseOutput(cli, output)
  const grantry = await cli.client()
  const ask = (recipients: string[]) =>
    grantry.stream('POST', '/api/v1/connections/export', {
      body: { recipients, ...(integration === undefined ? {} : { integration }) },
      signal: cli.signal,
    })
  const passphrase = recipient ? null : await readPassphrase(cli, passphraseFile)
  await write(() => (passphrase === null ? ask(recipient!) : sealToPassphrase(ask, passphrase)).catch(whoMay))
  if (output === undefined) return
  cli.out.done(`Sealed in ${output}.`, { output })
  cli.out.next(
    `grantry import --from json ${output} ${recipient ? '--identity FILE' : '--passphrase-file FILE'}`,
  )
}

function whoMay(error: unknown): never {
  if ((error as Error).name !== 'ForbiddenError') throw error
  throw new Failure('Only an owner may take all tokens along.', {
    next: 'grantry login as an owner, or use a key with connections:export, which an owner makes',
    cause: error,
  })
}
