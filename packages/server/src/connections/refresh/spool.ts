import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Context } from '../../context.ts'
import { syncFolder } from '../../db/sync-folder.ts'
import type { Kept } from './store.ts'

/** Where a pair waits while the database is away: on this host, sealed, durable once `put` has resolved. */
export type Spool = {
  put(kept: Kept): Promise<void>
  list(): Promise<Kept[]>
  remove(kept: Pick<Kept, 'id'>): Promise<void>
}

/**
 * One file for each pair. What cannot be written to the disk either stays in memory, where it is at least tried again.
 */
export function createSpool({ log }: Pick<Context, 'log'>, folder: string): Spool {
  const inMemory = new Map<string, Kept>()
  let known: Set<string> | null = null

  async function files(): Promise<Set<string>> {
    known ??= new Set((await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')))
    return known
  }

  /** Null where there is nothing to replay: another process has done it, or the file is not what `put` writes. */
  async function read(name: string): Promise<Kept | null> {
    try {
      const kept = decode(await readFile(join(folder, name), 'utf8'))
      if (`${kept.id}.json` !== name) throw new Error(`it holds the attempt ${kept.id}`)
      return kept
    } catch (error) {
      known?.delete(name)
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        log.error(
          { err: error, file: join(folder, name) },
          'this file of the spool cannot be read; it is left alone until the next start',
        )
      return null
    }
  }

  return {
    async put(kept) {
      inMemory.set(kept.id, kept)
      try {
        const made = await mkdir(folder, { recursive: true, mode: 0o700 })
        if (made !== undefined) await syncFolder(dirname(made))
        await writeDurably(folder, `${kept.id}.json`, encode(kept))
        ;(await files()).add(`${kept.id}.json`)
      } catch (error) {
        log.error(
          { err: error, attempt: kept.id },
          'a received pair is in memory only: neither database nor disk take it',
        )
      }
    },
    async list() {
      const found = [...inMemory.values()]
      for (const name of await files()) {
        if (inMemory.has(name.slice(0, -'.json'.length))) continue
        const kept = await read(name)
        if (kept) found.push(kept)
      }
      return found
    },
    async remove({ id }) {
      inMemory.delete(id)
      known?.delete(`${id}.json`)
      try {
        await rm(join(folder, `${id}.json`), { force: true })
      } catch (error) {
        log.error(
          { err: error, attempt: id },
          'a file of the spool cannot be removed; it will be replayed at the next start, which does no harm',
        )
      }
    },
  }
}

/** On the disk under its name, or not there at all. */
async function writeDurably(folder: string, name: string, text: string): Promise<void> {
  const temporary = join(folder, `${name}.part`)
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, join(folder, name))
  await syncFolder(folder)
}

function encode({ workspace_id, id, tokens }: Kept): string {
  const text = (sealed: Uint8Array | null) => sealed && Buffer.from(sealed).toString('base64')
  return JSON.stringify({
    version: 1,
    workspace_id,
    id,
    tokens: {
      ...tokens,
      access_token: text(tokens.access_token),
      refresh_token: text(tokens.refresh_token),
    },
  })
}

function decode(text: string): Kept {
  const bytes = (value: string | null) => value && new Uint8Array(Buffer.from(value, 'base64'))
  const { version, workspace_id, id, tokens } = JSON.parse(text)
  if (version !== 1 || !tokens) throw new Error('it is not of this version')
  return {
    workspace_id,
    id,
    tokens: {
      ...tokens,
      access_token: bytes(tokens.access_token),
      refresh_token: bytes(tokens.refresh_token),
    },
  }
}
