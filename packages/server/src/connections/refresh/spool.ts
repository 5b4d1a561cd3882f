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

/** Of files. What cannot be written to the disk either stays in memory, and is tried again with each look at the list. */
export type FileSpool = Spool & {
  /** How many pairs would be lost if the process ended now. */
  inMemoryOnly(): number
}

/** One file for each pair. */
export function createSpool({ log }: Pick<Context, 'log'>, folder: string): FileSpool {
  const inMemory = new Map<string, Kept>()
  /** In memory, and not on the disk. */
  const unwritten = new Set<string>()
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

  async function write(kept: Kept): Promise<void> {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 })
    if (made !== undefined) await syncFolder(dirname(made))
    await writeDurably(folder, `${kept.id}.json`, encode(kept))
    ;(await files()).add(`${kept.id}.json`)
    unwritten.delete(kept.id)
  }

  return {
    async put(kept) {
      inMemory.set(kept.id, kept)
      unwritten.add(kept.id)
      try {
        await write(kept)
      } catch (error) {
        log.error(
          { err: error, attempt: kept.id },
          'a received pair is in memory only: neither database nor disk take it',
        )
      }
    },
    inMemoryOnly: () => unwritten.size,
    async list() {
      // The disk may have room again before the database takes anything. What is found here waits for the database anyway.
      for (const id of unwritten) await write(inMemory.get(id)!).catch(() => {})
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
      unwritten.delete(id)
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
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    await file.close()
  }
  await rename(temporary, join(folder, name))
  await syncFolder(folder)
}

function encode({ workspace_id, id, tokens, of }: Kept): string {
  const text = (sealed: Uint8Array | null) => sealed && Buffer.from(sealed).toString('base64')
  return JSON.stringify({
    version: 1,
    workspace_id,
    id,
    ...(of && { of }),
    tokens: {
      ...tokens,
      access_token: text(tokens.access_token),
      refresh_token: text(tokens.refresh_token),
    },
  })
}

function decode(text: string): Kept {
  const bytes = (value: string | null) => value && new Uint8Array(Buffer.from(value, 'base64'))
  const { version, workspace_id, id, tokens, of } = JSON.parse(text)
  if (version !== 1 || !tokens) throw new Error('it is not of this version')
  return {
    workspace_id,
    id,
    ...(of && { of }),
    tokens: {
      ...tokens,
      access_token: bytes(tokens.access_token),
      refresh_token: bytes(tokens.refresh_token),
    },
  }
}
