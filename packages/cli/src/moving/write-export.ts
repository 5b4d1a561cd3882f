import { once } from 'node:events'
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import type { Cli } from '../cli.ts'
import { Failure, UsageError } from '../failure.ts'

/** Writes what `open` answers, and says how much that is. */
export type Write = (open: () => Promise<ReadableStream<Uint8Array>>) => Promise<void>

/**
 * Where an export goes: a new file, or stdout where none is named.
 * @throws UsageError where there is a file of that name, before anything is asked for
 */
export async function chooseOutput(cli: Cli, output: string | undefined): Promise<Write> {
  const path = output === undefined ? null : resolve(cli.cwd, output)
  if (path !== null && (await stat(path).catch(() => null)))
    throw new UsageError(`${path} is there already: choose another name.`)
  return (open) =>
    cli.waiting('Exporting', async (say) => {
      const bytes = await open()
      const progress = (written: number) => say(`${(written / 1e6).toFixed(1)} MB`)
      await (path === null ? writeOut(cli.stdout, bytes, progress) : writeFileOnce(path, bytes, progress))
    })
}

/**
 * Writes a new file that only this user may read; it has its name when it is whole, and not before.
 * @throws Failure where what comes is cut off
 */
export async function writeFileOnce(
  path: string,
  bytes: ReadableStream<Uint8Array>,
  progress: (bytes: number) => void,
): Promise<void> {
  const draft = `${path}.part`
  try {
    // What was left there may be open to others, or lead elsewhere.
    await rm(draft, { force: true })
    const file = await open(draft, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw new Failure(`There is no folder ${dirname(path)}.`, { cause: error })
      throw error
    })
    try {
      let written = 0
      for await (const chunk of whole(bytes)) {
        // All of it: `write` alone is content with a part where the disk is full.
        await file.writeFile(chunk)
        written += chunk.length
        progress(written)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await bytes.cancel().catch(() => {})
    await rm(draft, { force: true })
    throw error
  }
}

async function writeOut(
  stdout: Writable,
  bytes: ReadableStream<Uint8Array>,
  progress: (bytes: number) => void,
): Promise<void> {
  let written = 0
  for await (const chunk of whole(bytes)) {
    if (!stdout.write(chunk)) await once(stdout, 'drain')
    written += chunk.length
    progress(written)
  }
}

async function* whole(bytes: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes as unknown as AsyncIterable<Uint8Array>
  } catch (error) {
    throw new Failure('The export was cut off: the server ended it before it was whole.', {
      next: 'run the same again; the server’s log says why',
      cause: error,
    })
  }
}
