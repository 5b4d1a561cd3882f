import type { Readable, Writable } from 'node:stream'

/** What a run of the command line stands on. Given from outside, so that a test can own every part. */
export type World = {
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable & { isTTY?: boolean; columns?: number }
  stderr: Writable & { isTTY?: boolean; columns?: number }
  env: Readonly<Record<string, string | undefined>>
  /** The folder that relative paths start from. */
  cwd: string
  /** Aborted by Ctrl-C and SIGTERM: whatever waits must end then, and the exit code is 130. */
  signal: AbortSignal
  /** Opens an address in the person's browser; false where there is none to open. */
  openBrowser: (url: string) => Promise<boolean>
}
