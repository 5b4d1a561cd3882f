import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url))

/** A program that was started for a test. */
export type Command = {
  /** The first match in what it has printed, as soon as there is one; fails when it ends without. */
  says(pattern: RegExp): Promise<string>
  /** Its exit code, and all that it printed. */
  ended: Promise<{ code: number | null; text: string }>
  /** Types a line. */
  type(line: string): void
  stop(): void
}

/** Runs a file of an installed package with this Node. */
export function run(
  packageName: string,
  file: string,
  args: string[],
  env: Record<string, string> = {},
): Command {
  return runProgram(packageName, process.execPath, [fileOf(packageName, file), ...args], env)
}

/** Runs any program; `name` is what its failures are told by. */
export function runProgram(
  name: string,
  path: string,
  args: string[],
  env: Record<string, string> = {},
): Command {
  const child = spawn(path, args, {
    stdio: 'pipe',
    // No browser is opened: the address is printed too, and the test's own browser goes there.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, BROWSER: 'true', NO_PROXY: '*', ...env },
  })
  let text = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      text += part
      for (const look of waiting) look()
    })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, text }))
  return {
    ended,
    type: (line) => void child.stdin.write(`${line}\n`),
    stop: () => void child.kill(),
    async says(pattern) {
      const said = new Promise<string>((resolve) => {
        const look = () => {
          const [, match] = pattern.exec(text) ?? []
          if (match === undefined) return
          waiting.delete(look)
          resolve(match)
        }
        waiting.add(look)
        look()
      })
      const over = ended.then(({ code }) => {
        throw new Error(`${name} ended with ${code} before it said ${pattern}: ${text}`)
      })
      over.catch(() => {})
      return Promise.race([said, over])
    },
  }
}

/** Where an installed package keeps the file of its command. */
export function binOf(packageName: string, command: string): string {
  const manifest = join(modules, packageName, 'package.json')
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: string | Record<string, string> }
  return join(dirname('./x'), typeof bin === 'string' ? bin : bin[command]!)
}

export const fileOf = (packageName: string, file: string): string => join(modules, packageName, file)
