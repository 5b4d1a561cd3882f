import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { programFile } from '../support/programs.ts'
import { roomy } from '../support/roomy.ts'

/** The server's own sources, as operators run it. */
export const main = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url))

export type Run = {
  pid: number
  /** Standard output and error so far. */
  said(): string
  /** Resolves when it has said something that matches; rejects when it ends before. */
  says(pattern: RegExp): Promise<void>
  ended: Promise<number | null>
  end(): Promise<void>
}

/** The server as a process of its own, with this environment and nothing else of Grantry's. */
export function runMain(env: Record<string, string>, program: string = programFile('main')): Run {
  const outside = Object.entries(process.env).filter(([name]) => !name.startsWith('GRANTRY_'))
  const child = spawn(process.execPath, [...roomy, program], {
    env: { ...Object.fromEntries(outside), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk))
  // `close`, not `exit`: only then has all of its output arrived.
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    pid: child.pid!,
    said: () => text,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(text) && resolve()
        child.stdout.on('data', look)
        child.stderr.on('data', look)
        look()
        ended.then((code) => reject(new Error(`It ended with ${code}: ${text}`)))
      }),
    ended,
    async end() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended
    },
  }
}
