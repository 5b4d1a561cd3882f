import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = join(root, 'node_modules/.cache/grantry-python')
const own = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
const requirements = join(root, 'test/conformance/partner-clients/requirements.txt')

/** A Python that has the OAuth libraries of `requirements.txt`, or why there is none. */
export type Python = { path: string } | { missing: string }

/** `$GRANTRY_PYTHON`, the one that `installPython` made, or the machine's own. Installs nothing. */
export async function findPython(): Promise<Python> {
  const given = process.env.GRANTRY_PYTHON
  for (const path of given ? [given] : [own, 'python3', 'python'])
    if (await hasLibraries(path)) return { path }
  return { missing: `${given ?? 'python3'} is not there, or lacks authlib, requests_oauthlib or mcp` }
}

/** Finds one, or makes one of its own below node_modules by venv and pip; gives up after two minutes. */
export async function installPython(): Promise<Python> {
  const found = await findPython()
  if ('path' in found || process.env.GRANTRY_PYTHON) return found
  const until = Date.now() + 120_000
  const step = (path: string, args: string[]) =>
    run(path, args, { cwd: root, timeout: Math.max(1, until - Date.now()) })
  try {
    await step('python3', ['-m', 'venv', '--clear', folder])
    await step(own, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements])
    return findPython()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    const { message, stderr } = error as Error & { stderr?: string }
    const [last = message] = (stderr ?? '').trim().split('\n').slice(-1)
    return { missing: `no Python with pip could be set up: ${last || message}` }
  }
}

async function hasLibraries(path: string): Promise<boolean> {
  try {
    await run(path, ['-c', 'import authlib, requests_oauthlib, mcp'], { timeout: 30_000 })
    return true
  } catch {
    return false
  }
}
