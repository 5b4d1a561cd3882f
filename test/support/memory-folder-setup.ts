import { access, chmod, constants, mkdtemp, readdir, readFile, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'

const memory = '/dev/shm'
const prefix = 'grantry-test-'
const neededBytes = 4 * 2 ** 30
const forgottenAfterMs = 3 * 3_600_000

/**
 * What tests write lasts for seconds, and a disk that is told to flush each commit of it takes half of their time: where
 * there is room in memory, their temporary files are there. A killed process leaves the same behind in both.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TMPDIR || !(await hasRoom())) return
  await sweep()
  const folder = await mkdtemp(join(memory, prefix))
  // PostgreSQL runs as another user where the tests run as root.
  await chmod(folder, 0o755)
  process.env.TMPDIR = folder
  return () => rm(folder, { recursive: true, force: true })
}

async function hasRoom(): Promise<boolean> {
  try {
    await access(memory, constants.W_OK)
    const { bavail, bsize } = await statfs(memory)
    const mount = (await readFile('/proc/mounts', 'utf8'))
      .split('\n')
      .find((line) => line.split(' ')[1] === memory)
    const options = mount?.split(' ')[3]?.split(',')
    // Programs are copied there too.
    const runs = options !== undefined && !options.includes('noexec')
    return runs && bavail * bsize > neededBytes && process.availableMemory() > 2 * neededBytes
  } catch {
    return false
  }
}

/** What a run left that was killed would stay in memory. */
async function sweep(): Promise<void> {
  for (const name of await readdir(memory)) {
    if (!name.startsWith(prefix)) continue
    const path = join(memory, name)
    const { mtimeMs } = (await stat(path).catch(() => null)) ?? { mtimeMs: Date.now() }
    if (mtimeMs < Date.now() - forgottenAfterMs) await rm(path, { recursive: true, force: true })
  }
}
