import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * What `npm test` (scripts/test.mjs) brings beside the suite, which takes a minute: waits until it is there, and answers
 * what was said of it. Null where tests run by themselves.
 */
export async function prepared<Said>(name: 'python' | 'vault-servers'): Promise<Said | null> {
  const folder = process.env.GRANTRY_PREPARED
  if (!folder) return null
  for (;;) {
    const said = await readFile(join(folder, `${name}.json`), 'utf8').catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
        return null
      },
    )
    if (said !== null) return JSON.parse(said)
    await wait(100)
  }
}
