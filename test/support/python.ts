import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { prepared } from './prepared.ts'

const run = promisify(execFile)

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = join(root, 'node_modules/.cache/grantry-python')
const own = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
/** What tests need of it, by the part that needs it. */
export const requirements = [
  'test/conformance/partner-clients/requirements.txt',
  'python/tests/requirements.txt',
]
const modules = ['authlib', 'requests_oauthlib', 'mcp', 'httpx', 'requests', 'googleapiclient', 'flit_core']
const tools = ['pytest', 'mypy']

/** A Python that has everything of `requirements`, or why there is none. */
export type Python = { path: string } | { missing: string }

/** What `npm test` brings, `$GRANTRY_PYTHON`, the one that `installPython` made, or the machine's own. Installs nothing. */
export async function findPython(): Promise<Python> {
  const brought = await prepared<Python>('python')
  if (brought) return brought
  const given = process.env.GRANTRY_PYTHON
  for (const path of given ? [given] : [own, 'python3', 'python'])
    if (await hasLibraries(path)) return { path }
  return { missing: `${given ?? 'python3'} is not there, or lacks something of ${requirements.join(', ')}` }
}

/** Finds one, or makes one of its own below node_modules by venv and pip; gives up after five minutes. */
export async function installPython(): Promise<Python> {
  const found = await findPython()
  if ('path' in found || process.env.GRANTRY_PYTHON) return found
  const until = Date.now() + 300_000
  const step = (path: string, args: string[]) =>
    run(path, args, { cwd: root, timeout: Math.max(1, until - Date.now()) })
  try {
    await step('python3', ['-m', 'venv', '--clear', folder])
    // What is never imported need not be compiled.
    const install = ['-m', 'pip', 'install', '--quiet', '--no-compile', '--disable-pip-version-check']
    await step(own, [...install, ...requirements.flatMap((file) => ['-r', file])])
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
    // Importing them all takes seconds; that they can be found is enough.
    const names = JSON.stringify([...modules, ...tools])
    const code = `import importlib.util, sys; sys.exit(any(importlib.util.find_spec(n) is None for n in ${names}))`
    await run(path, ['-c', code], { timeout: 30_000 })
    return true
  } catch {
    return false
  }
}
