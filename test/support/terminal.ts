import { spawn, spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

const driver = fileURLToPath(new URL('terminal.py', import.meta.url))

/** Why no terminal can be played here; null where one can. */
export const noTerminal: string | null =
  process.platform === 'win32' || spawnSync('python3', ['-c', 'import pty, termios']).status !== 0
    ? 'python3 with its pty module is not here'
    : null

export type TerminalEnd = { code: number; echo: boolean; canonical: boolean }

/** A program in a terminal of its own. */
export type Terminal = {
  pid: number
  /** Types as a person does; `\r` is Enter, `\u0003` Ctrl-C. */
  type(text: string): void
  /** All that was shown, with its colours and cursor movements. */
  raw(): string
  /**
   * Resolves when this has been shown since the last match, without colours and movements.
   * Gives what matched. Rejects when the program ends before.
   */
  shows(pattern: RegExp | string): Promise<string>
  ended: Promise<TerminalEnd>
}

export function openTerminal(
  command: string[],
  { env, cwd }: { env: Record<string, string>; cwd: string },
): Terminal {
  const child = spawn('python3', [driver, ...command], { env: { TERM: 'xterm-256color', ...env }, cwd })
  let raw = ''
  let told = ''
  let from = 0
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (part) => {
    raw += part
    for (const look of waiting) look()
  })
  child.stderr.setEncoding('utf8').on('data', (part) => {
    told += part
  })
  const ended = new Promise<TerminalEnd>((resolve, reject) => {
    child.once('close', () => {
      try {
        resolve(JSON.parse(told))
      } catch {
        reject(new Error(`the terminal did not end well: ${told}`))
      }
    })
  })
  return {
    pid: child.pid!,
    type: (text) => void child.stdin.write(text),
    raw: () => raw,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const seen = stripVTControlCharacters(raw)
          const found =
            typeof pattern === 'string'
              ? seen.indexOf(pattern, from)
              : from + seen.slice(from).search(pattern)
          if (found < from) return
          from = found + 1
          waiting.delete(look)
          resolve(typeof pattern === 'string' ? pattern : pattern.exec(seen.slice(found))![0])
        }
        waiting.add(look)
        look()
        void ended
          .finally(() => reject(new Error(`it ended without ${pattern}: ${stripVTControlCharacters(raw)}`)))
          .catch(() => {})
      }),
    ended,
  }
}

/** What the system tells of every process: its arguments. Of Linux only. */
export async function processList(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
}
