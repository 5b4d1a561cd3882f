import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Library, PartnerClient, Party, Tokens } from './partner-client.ts'

/** A Python process that plays clients of one library; a line of JSON for each call and each answer. */
export type PythonClients = { open(party: Party): Promise<PartnerClient>; close(): Promise<void> }

/** @param module a file beside this one, without its ending */
export function startPythonClients(
  python: string,
  module: 'with_authlib' | 'with_requests_oauthlib',
): PythonClients {
  const child = spawn(python, [fileURLToPath(new URL('serve.py', import.meta.url)), module], {
    env: {
      PATH: process.env.PATH,
      NO_PROXY: '*',
      PYTHONDONTWRITEBYTECODE: '1',
      // Loopback is plain http.
      AUTHLIB_INSECURE_TRANSPORT: '1',
      OAUTHLIB_INSECURE_TRANSPORT: '1',
    },
  })
  const call = converse(child)
  let clients = 0
  return {
    async open({ issuer, client, method, scope }) {
      const name = `client ${++clients}`
      await call(name, 'open', { issuer, method, scope, ...client })
      return {
        begin: async () => (await call(name, 'begin', {})) as string,
        finish: async (back) => (await call(name, 'finish', { back })) as Tokens,
        refresh: async ({ refreshToken }) => (await call(name, 'refresh', { refreshToken })) as Tokens,
        revoke: async ({ refreshToken }) => void (await call(name, 'revoke', { refreshToken })),
      }
    },
    async close() {
      if (child.exitCode !== null) return
      const closed = once(child, 'close')
      child.stdin.end()
      await closed
    },
  }
}

export const pythonLibraries = (clients: (module: string) => PythonClients): Library[] => [
  {
    name: 'Python authlib',
    methods: ['none', 'client_secret_basic', 'client_secret_post'],
    checks: ['state'],
    open: (party) => clients('with_authlib').open(party),
  },
  {
    name: 'Python requests-oauthlib',
    methods: ['none', 'client_secret_basic', 'client_secret_post'],
    checks: ['state'],
    open: (party) => clients('with_requests_oauthlib').open(party),
  },
]

function converse(child: ChildProcessWithoutNullStreams) {
  type Waiting = { resolve(value: unknown): void; reject(error: Error): void }
  const waiting = new Map<number, Waiting>()
  let calls = 0
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, value, error } = JSON.parse(line) as { id: number; value: unknown; error?: string }
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(value)
    else call?.reject(new Error(error))
  })
  const fail = (cause: unknown) => {
    for (const { reject } of waiting.values()) reject(new Error(`Python ended: ${said}`, { cause }))
    waiting.clear()
  }
  child.on('error', fail)
  child.on('close', fail)
  return (client: string, name: string, args: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (child.exitCode !== null) return reject(new Error(`Python has ended: ${said}`))
      const id = ++calls
      waiting.set(id, { resolve, reject })
      child.stdin.write(`${JSON.stringify({ id, client, call: name, args })}\n`)
    })
}
