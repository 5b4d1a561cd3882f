import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the build leaves in the page where each answer has a nonce of its own. */
const place = '__NONCE__'

/** Reads the built page with a nonce put in; null where it is not built. Once it was found it is kept. */
export function createPageReader(folder: string): (nonce: string) => Promise<string | null> {
  let page: string | null = null
  return async (nonce) => {
    page ??= await readFile(join(folder, 'index.html'), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    return page?.replaceAll(place, nonce) ?? null
  }
}
