import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Cli } from '../../cli.ts'
import { Failure } from '../../failure.ts'

/** The lines of a file, or of stdin for `-`. @throws Failure where it cannot be read */
export async function* readLines(cli: Cli, path: string): AsyncGenerator<string> {
  const input = path === '-' ? cli.stdin : createReadStream(resolve(cli.cwd, path))
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  } catch (error) {
    throw new Failure(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error })
  }
}
