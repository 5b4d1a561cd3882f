import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Failure } from './failure.ts'
import type { World } from './world.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * Runs the server in the foreground, as `npm start` does, with these settings above those of the environment and `.env`.
 * Ends when it has ended; signals are its own to answer.
 * @throws Failure where it did not end well
 */
export async function serve(
  { env, stdin, signal }: Pick<World, 'env' | 'stdin' | 'signal'>,
  settings: Record<string, string>,
): Promise<void> {
  const child = spawn(process.execPath, ['--max-semi-space-size=16', 'scripts/start.mjs'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...env, ...settings },
  })
  const pass = () => {
    // From a terminal Ctrl-C reaches every process of the group: a second one would mean "now".
    if (signal.reason !== 'SIGINT' || !stdin.isTTY)
      child.kill(signal.reason === 'SIGINT' ? 'SIGINT' : 'SIGTERM')
  }
  if (signal.aborted) pass()
  else signal.addEventListener('abort', pass, { once: true })
  const ended = Promise.withResolvers<number | null>()
  child.once('error', ended.reject)
  child.once('exit', ended.resolve)
  const code = await ended.promise
  if (code !== 0) throw new Failure(`The server ended${code === null ? '' : ` with ${code}`}.`)
}
