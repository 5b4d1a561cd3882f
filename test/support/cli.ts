import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { run } from '../../packages/cli/src/run.ts'

export type CliAnswer = {
  code: number
  stdout: string
  stderr: string
  /** Addresses that the command opened in a browser. */
  opened: string[]
  /** stdout as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
  json: any
}

export type CliOptions = {
  /** Nothing of the real environment gets in. GRANTRY_URL and GRANTRY_API_KEY say who is called. */
  env?: Record<string, string>
  /** Its home: a fresh folder by default. */
  home?: string
  cwd?: string
  /** What is piped in. Nothing is a terminal, */
  stdin?: string
  /** but stdout where this says so. */
  stdoutIsTerminal?: boolean
  signal?: AbortSignal
  /** Gets each address that would open in a browser; false says that there is none. */
  openBrowser?: (url: string) => Promise<boolean>
  /** Gets what is printed as it comes. */
  onOutput?: (text: string) => void
}

/** A home folder for the command line, with no profiles in it. */
export const createHome = () => mkdtemp(join(tmpdir(), 'grantry-home-'))

/**
 * Runs a command line in this process.
 * @example const { code, json } = await runCli(['connections', 'list', '--json'], { env: { GRANTRY_URL, GRANTRY_API_KEY } })
 */
export async function runCli(args: string[], options: CliOptions = {}): Promise<CliAnswer> {
  const home = options.home ?? (await createHome())
  const texts = { stdout: '', stderr: '' }
  const opened: string[] = []
  const stream = (name: keyof typeof texts) =>
    new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        texts[name] += chunk
        options.onOutput?.(String(chunk))
        done()
      },
    })
  const code = await run(args, {
    stdin: Readable.from(options.stdin === undefined ? [] : [options.stdin]),
    stdout: Object.assign(stream('stdout'), { isTTY: options.stdoutIsTerminal === true }),
    stderr: stream('stderr'),
    env: { HOME: home, ...options.env },
    cwd: options.cwd ?? home,
    signal: options.signal ?? new AbortController().signal,
    openBrowser: async (url) => {
      opened.push(url)
      return (await options.openBrowser?.(url)) ?? true
    },
  })
  return {
    code,
    ...texts,
    opened,
    get json() {
      return JSON.parse(texts.stdout)
    },
  }
}
