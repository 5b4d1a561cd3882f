import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Failure } from '../failure.ts'
import type { World } from '../world.ts'
import { withLock } from './lock.ts'

/** What `grantry login` was given by a server. Times are milliseconds since the epoch. */
export type Login = { access_token: string; refresh_token: string; expires_at: number }

/** One server, and as whom it is called. */
export type Profile = { url: string; api_key?: string; login?: Login }

export type Profiles = { current: string | null; profiles: Record<string, Profile> }

const windows = process.platform === 'win32'

/** `$XDG_CONFIG_HOME/grantry/profiles.json`; below `~/.config` where that is not set, `%APPDATA%` on Windows. */
export function profilesPath(env: World['env']): string {
  const home = env.HOME || homedir()
  const config = windows ? (env.APPDATA ?? join(home, 'AppData', 'Roaming')) : env.XDG_CONFIG_HOME
  return join(config || join(home, '.config'), 'grantry', 'profiles.json')
}

/**
 * Reads the profiles; none where there is no file.
 * @throws Failure where others may read it, or it is not what this program writes
 */
export async function readProfiles(env: World['env']): Promise<Profiles> {
  const path = profilesPath(env)
  let content: string
  try {
    const { mode } = await stat(path)
    if (!windows && (mode & 0o077) !== 0)
      throw new Failure(`${path} holds credentials and other users of this machine can read it.`, {
        next: `chmod 600 ${path}`,
      })
    content = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { current: null, profiles: byName({}) }
    throw error
  }
  const read = parse(content)
  if (!read) throw new Failure(`${path} cannot be read as profiles.`, { next: `mend it, or move it away` })
  return read
}

function parse(content: string): Profiles | null {
  try {
    const { current, profiles } = JSON.parse(content) as Profiles
    const sound = Object.values(profiles).every(({ url }) => typeof url === 'string' && URL.canParse(url))
    return sound ? { current: current ?? null, profiles: byName(profiles) } : null
  } catch {
    // What the parser says would quote the file, and with it perhaps a credential.
    return null
  }
}

/** Has no names of its own: an object would have a profile "constructor". */
const byName = (profiles: Profiles['profiles']): Profiles['profiles'] =>
  Object.assign(Object.create(null), profiles)

/**
 * Changes the profiles: whoever else changes them waits, whoever reads sees the old or the new file, never half of one.
 * @returns what `change` returns
 */
export async function updateProfiles<T>(
  env: World['env'],
  change: (profiles: Profiles) => T | Promise<T>,
): Promise<T> {
  const path = profilesPath(env)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  return withLock(`${path}.lock`, async () => {
    const profiles = await readProfiles(env)
    const result = await change(profiles)
    await replace(path, `${JSON.stringify(profiles, null, 2)}\n`)
    return result
  })
}

/** Writes a file that only this user may read, at once and durably. */
export async function replace(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    // A umask can only take away; this says it whatever it is.
    if (!windows) await chmod(draft, 0o600)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
