import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Failure, Interrupted } from './failure.ts'
import type { World } from './world.ts'

const program = fileURLToPath(new URL('../../server/src/maintain.ts', import.meta.url))

/**
 * Runs what is done beside a server on its host, with the server's settings: those given, those of the environment, and
 * those of `.env`.
 * @returns what it says of it
 * @throws Failure in its words
 */
export async function maintain<T>(
  { env, cwd, signal }: Pick<World, 'env' | 'cwd' | 'signal'>,
  args: readonly string[],
  settings: Record<string, string> = {},
): Promise<T> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, ...settings },
  })
  const stop = () => child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [said, refused, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  signal.removeEventListener('abort', stop)
  if (signal.aborted) throw new Interrupted()
  if (code !== 0) throw new Failure(refused.trim() || `It ended with ${code}.`)
  return JSON.parse(said) as T
}
