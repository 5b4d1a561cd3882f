import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Cli } from './cli.ts'
import { Failure, UsageError } from './failure.ts'

export type SecretSource = {
  /** As it is called: "client secret". */
  name: string
  /** Given on the command line: it works, with a warning. */
  value?: string | undefined
  stdin?: boolean | undefined
  file?: string | undefined
  /** The flags that give it, for where nobody can be asked. */
  flag: string
}

/**
 * A secret from a flag, from stdin, from a file or by asking; never echoed. One newline at the end is not part of it.
 * @returns null only where it is optional and was not given
 * @throws UsageError where it is given twice or not at all
 */
export async function readSecret(cli: Cli, source: SecretSource & { optional: true }): Promise<string | null>
export async function readSecret(cli: Cli, source: SecretSource): Promise<string>
export async function readSecret(
  cli: Cli,
  { name, value, stdin, file, flag, optional }: SecretSource & { optional?: boolean },
): Promise<string | null> {
  const given = [value !== undefined, stdin === true, file !== undefined].filter(Boolean).length
  if (given > 1) throw new UsageError(`The ${name} is given more than once: choose one of ${flag}.`)
  if (value !== undefined) {
    cli.out.warn(
      `a ${name} on the command line can be read by others in the process list and in the shell's history.`,
    )
    return filled(value, name)
  }
  if (file !== undefined) return filled(await readGiven(resolve(cli.cwd, file)), name)
  if (stdin) {
    if (cli.stdin.isTTY) return cli.prompt.secret({ message: capital(name), flag })
    let text = ''
    for await (const chunk of cli.stdin) text += chunk
    return filled(text, name)
  }
  if (optional) return null
  return cli.prompt.secret({ message: capital(name), flag })
}

async function readGiven(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new Failure(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error })
  }
}

function filled(text: string, name: string): string {
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '') throw new UsageError(`The ${name} is empty.`)
  return secret
}

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1)
