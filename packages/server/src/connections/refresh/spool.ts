import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../../context.ts'
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

  return {
    async put(kept) {
      inMemory.set(kept.id, kept)
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
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
        const kept = decode(await readFile(join(folder, name), 'utf8'))
        if (kept) found.push(kept)
        else
          log.error({ file: join(folder, name) }, 'this file of the spool cannot be read; it is left alone')
      }
      return found
    },
    async remove({ id }) {
      await rm(join(folder, `${id}.json`), { force: true })
      inMemory.delete(id)
      known?.delete(`${id}.json`)
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
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
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

function decode(text: string): Kept | null {
  const bytes = (value: string | null) => value && new Uint8Array(Buffer.from(value, 'base64'))
  try {
    const { version, workspace_id, id, tokens } = JSON.parse(text)
    if (version !== 1) return null
    return {
      workspace_id,
      id,
      tokens: {
        ...tokens,
        access_token: bytes(tokens.access_token),
        refresh_token: bytes(tokens.refresh_token),
      },
    }
  } catch {
    return null
  }
}
