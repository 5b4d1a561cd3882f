import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Ended } from './shell.ts'

const bin = fileURLToPath(new URL('../../packages/cli/bin/grantry.mjs', import.meta.url))

/** A home folder with `grantry` on its PATH and a browser that only writes down what it is to open. */
export type Shell = {
  home: string
  env: Record<string, string>
  /** Where each address that was opened stands on a line of its own. */
  opened: string
  /** Starts a line as somebody types it. `heard` resolves with the first match in what it has printed. */
  start(line: string, options?: { input?: string; env?: Record<string, string> }): Started
}

export type Started = {
  child: ChildProcessByStdio<Writable, Readable, Readable>
  heard(pattern: RegExp): Promise<RegExpExecArray>
  ended: Promise<Ended>
}

export async function createShell(more: Record<string, string> = {}): Promise<Shell> {
  const home = await mkdtemp(join(tmpdir(), 'grantry-shell-'))
  const opened = join(home, 'opened')
  await symlink(bin, join(home, 'grantry'))
  await writeFile(join(home, 'browser'), `#!/bin/sh\nprintf '%s\\n' "$1" >> '${opened}'\n`, { mode: 0o755 })
  const env = {
    HOME: home,
    PATH: `${home}:${dirname(process.execPath)}:${process.env.PATH}`,
    BROWSER: join(home, 'browser'),
    NO_PROXY: '*',
    LANG: 'C.UTF-8',
    ...(process.env.NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE } : {}),
    ...more,
  }
  return {
    home,
    env,
    opened,
    start(line, options = {}) {
      const child = spawn('bash', ['--norc', '-euc', line], { cwd: home, env: { ...env, ...options.env } })
      const ended = { stdout: '', stderr: '' }
      const waiting = new Set<() => void>()
      for (const name of ['stdout', 'stderr'] as const)
        child[name].setEncoding('utf8').on('data', (part) => {
          ended[name] += part
          for (const look of waiting) look()
        })
      child.stdin.end(options.input ?? '')
      const closed = new Promise<Ended>((resolve) => {
        child.once('close', (code) => resolve({ code, ...ended }))
      })
      return {
        child,
        ended: closed,
        heard: (pattern) =>
          new Promise((resolve, reject) => {
            const look = () => {
              const found = pattern.exec(ended.stderr) ?? pattern.exec(ended.stdout)
              if (!found) return
              waiting.delete(look)
              resolve(found)
            }
            waiting.add(look)
            look()
            void closed.then(() =>
              reject(new Error(`it ended without ${pattern}: ${ended.stdout}${ended.stderr}`)),
            )
          }),
      }
    },
  }
}
