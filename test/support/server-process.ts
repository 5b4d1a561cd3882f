import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { freePort } from './free-port.ts'
import type { Answer, CallOptions } from './grantry.ts'
import { type ProgramName, programFile } from './programs.ts'
import { roomy } from './roomy.ts'

/** A server as operators run it: a process of its own. */
export type ServerProcess = {
  url: string
  pid: number
  /** What it has printed so far. */
  output(): string
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer<any>>
  /** Resolves when it has ended. */
  ended: Promise<{ code: number | null; signal: string | null }>
  /** Sends the signal and resolves when the process has ended. */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<{ code: number | null; signal: string | null }>
}

/** Starts `main.ts` with this configuration, and resolves when it says that it is ready; rejects with what it printed when it ends before. */
export async function startServerProcess(
  settings: Record<string, string> & { GRANTRY_BOOTSTRAP_API_KEY: string },
  /** Gets the process as soon as there is one, long before it is ready. */
  onSpawn: (child: ChildProcess) => void = () => {},
  /** With the second the child has a channel to this process. */
  program: ProgramName = 'main',
): Promise<ServerProcess> {
  const port = settings.GRANTRY_PORT ?? String(await freePort())
  const outside = Object.entries(process.env).filter(([name]) => !name.startsWith('GRANTRY_'))
  const child = spawn(process.execPath, [...roomy, programFile(program)], {
    env: { ...Object.fromEntries(outside), GRANTRY_LOG_LEVEL: 'warn', ...settings, GRANTRY_PORT: port },
    stdio: ['ignore', 'pipe', 'pipe', ...(program === 'main' ? [] : ['ipc' as const])],
  }) as ChildProcessByStdio<null, Readable, Readable>
  onSpawn(child)
  let printed = ''
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      if (/^API key /m.test(printed)) resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    ended.then(([code]) => reject(new Error(`The server ended with ${code}:\n${printed}`)), reject)
  })
  const url = `http://localhost:${port}`
  return {
    url,
    pid: child.pid!,
    output: () => printed,
    ended: ended.then(([code, signal]) => ({ code, signal })),
    // By its address: a name would be looked up for each new connection.
    call: (method, path, body, options) =>
      call(`http://127.0.0.1:${port}`, settings.GRANTRY_BOOTSTRAP_API_KEY, method, path, body, options),
    end: (signal = 'SIGTERM') => end(child, ended, signal),
  }
}

async function end(
  child: ChildProcess,
  ended: Promise<[number | null, string | null]>,
  wanted: 'SIGTERM' | 'SIGKILL',
) {
  child.kill(wanted)
  const [code, signal] = await ended
  return { code, signal }
}

async function call(
  url: string,
  apiKey: string,
  method: string,
  path: string,
  body?: unknown,
  { key = apiKey, headers = {} }: CallOptions = {},
) {
  const response = await fetch(path.startsWith('http') ? path : `${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json') && text !== ''
  return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : null }
}
