import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { Failure } from '../failure.ts'

/** What became of one line; no secret. */
export type Reported = {
  line: number
  key: string | null
  result: 'created' | 'exists' | 'checked' | 'failed'
  connection_id: string | null
  first_refresh_at: string | null
  error: { code: string; path: string; message: string } | null
  notes: string[]
}

/** A file that gets a line of JSON for each line of the input, or nothing where none is wanted. */
export type Report = { write(line: Reported): Promise<void>; end(): Promise<void> }

/** @throws Failure where it cannot be written */
export async function openReport(path: string | null): Promise<Report> {
  if (path === null) return { write: async () => {}, end: async () => {} }
  const file = createWriteStream(path, { mode: 0o600 })
  const cannot = (error: NodeJS.ErrnoException) => {
    throw new Failure(`${path} cannot be written (${error.code}).`, { cause: error })
  }
  await once(file, 'open').catch(cannot)
  // It comes when nobody waits, too: whoever writes next is told.
  file.on('error', () => {})
  return {
    async write(line) {
      if (file.errored) cannot(file.errored)
      if (!file.write(`${JSON.stringify(line)}\n`)) await once(file, 'drain').catch(cannot)
    },
    async end() {
      file.end()
      await finished(file).catch(cannot)
    },
  }
}
