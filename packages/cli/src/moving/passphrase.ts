import type { Cli } from '../cli.ts'
import { UsageError } from '../failure.ts'
import { readSecret } from '../read-secret.ts'

/** Whoever has the file can try passphrases at leisure. */
const shortest = 12

/**
 * The passphrase of a new file: from a file, or asked for twice.
 * @throws UsageError where it is too short or was typed differently
 */
export async function readPassphrase(cli: Cli, file: string | undefined): Promise<string> {
  const flag = '--recipient or --passphrase-file'
  const passphrase = await readSecret(cli, { name: 'passphrase', file, flag })
  if (passphrase.length < shortest)
    throw new UsageError(
      `The passphrase must have ${shortest} characters or more: whoever has the file can try many.`,
    )
  if (file !== undefined) return passphrase
  const again = await cli.prompt.secret({ message: 'The same passphrase again', flag })
  if (again !== passphrase)
    throw new UsageError('These were two different passphrases: nothing was exported.')
  return passphrase
}
