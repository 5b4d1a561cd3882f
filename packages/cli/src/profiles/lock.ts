import { open, readFile, rm, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { Failure } from '../failure.ts'

/** Longer than anything that is done under a lock: a request that is given 30 s. */
const patienceMs = 45_000

/**
 * Runs `work` while no other process does under the same path. The lock of a process that is gone is taken over.
 * @throws Failure when another process holds it for longer than anything here takes
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs
  while (!(await take(path))) {
    if (await isLeft(path)) await rm(path, { force: true })
    else if (Date.now() > deadline)
      throw new Failure(`Another process holds ${path}.`, { next: `if there is none, rm ${path}` })
    else await pause(20)
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(String(process.pid))
    await file.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function isLeft(path: string): Promise<boolean> {
  try {
    const pid = Number(await readFile(path, 'utf8'))
    // Made a moment ago and not written yet.
    if (!pid) return Date.now() - (await stat(path)).mtimeMs > patienceMs
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
