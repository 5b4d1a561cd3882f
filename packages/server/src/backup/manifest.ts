import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { BackupError } from './errors.ts'

/** What stands beside a backup, in `FILE.json`: a backup without it was not finished. No secret is in it. */
const schema = z.object({
  format: z.literal('grantry backup 1'),
  /** Every write that was acknowledged before is in it. */
  taken_at: z.iso.datetime(),
  /** Of the Grantry that made it. */
  version: z.string(),
  migrations: z.array(z.string()),
  /** Without that key it opens nothing. null: nothing had been sealed yet. */
  root_key_id: z.string().nullable(),
  bytes: z.number().int(),
  sha256: z.string(),
  counts: z.object({
    workspaces: z.number().int(),
    connections: z.number().int(),
    events: z.number().int(),
    /** Token pairs that waited in the spool, and are in the backup where they belong. */
    spooled: z.number().int(),
  }),
})

export type Manifest = z.infer<typeof schema>

export const manifestOf = (file: string): string => `${file}.json`

/** @throws BackupError */
export async function readManifest(file: string): Promise<Manifest> {
  const path = manifestOf(file)
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const why = !existsSync(file)
      ? `There is no ${file}.`
      : code === 'ENOENT'
        ? `There is no ${path}: the backup was not finished, or its manifest was not copied along.`
        : `${path} is not the manifest of a backup of Grantry.`
    throw new BackupError(why, { cause })
  }
}

/** SHA-256 of a file, hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
