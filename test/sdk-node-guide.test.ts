import type { Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveAtRoot } from './support/at-root.ts'
import { addSandboxIntegration, connectAccount, consent } from './support/connecting.ts'
import { freePort } from './support/free-port.ts'
import { startTestGrantry, type TestGrantry } from './support/grantry.ts'
import { samplesOf } from './support/samples.ts'

const samples = (await samplesOf('sdk-node.md')).map(({ source }) => source)
const environment = ['GRANTRY_URL', 'GRANTRY_API_KEY', 'GRANTRY_END_USER'] as const
const before = environment.map((name) => process.env[name])

let grantry: TestGrantry
let gmail: Awaited<ReturnType<typeof serveAtRoot>>

beforeAll(async () => {
  grantry = await startTestGrantry()
  const { id } = await addSandboxIntegration(grantry, 'gmail')
  const ada = { integration: id, access_type: 'read', end_user: { id: 'u_17' } }
  const connection = await connectAccount(grantry, ada)
  const { body } = await grantry.call('GET', `/api/v1/connections/${connection.id}/token`)
  gmail = await serveAtRoot(body.data.api_base_url)
  process.env.GRANTRY_URL = grantry.url
  process.env.GRANTRY_API_KEY = grantry.apiKey
  delete process.env.GRANTRY_END_USER
})
afterAll(async () => {
  for (const [i, name] of environment.entries()) {
    if (before[i] === undefined) delete process.env[name]
    else process.env[name] = before[i]
  }
  gmail?.close()
  await grantry?.close()
})

const expected: [about: string, printed: RegExp][] = [
  ['end_user: ', /^gmail active$/],
  ['.pages()', /^1$/],
  ['grantry.fetch', /^\d+$/],
  ['gmail.fetch', /^ada@example\.com$/],
  ['googleapis', /^\d+$/],
  ['EmailAgent', /^\d+$/],
  ['express', /^$/],
  ['mcpTools', /^\d+$/],
  ['NeedsReauthError', /^not_found /],
]

test('every sample of the guide is here', () => {
  expect(samples.length).toBe(expected.length)
})

test.each(expected)('the sample with %s does what it says', async (about, printed) => {
  const i = expected.findIndex(([each]) => each === about)
  const sample = samples[i]!
  expect(sample).toContain(about)
  const port = String(await freePort())
  const said: string[] = []
  const { server } = await run(sample.replaceAll('3000', port), said)
  expect(said.join('\n')).toMatch(printed)
  if (about !== 'express') return
  // The app that the sample made connects an account, from its link to where the browser goes on to.
  try {
    const origin = `http://localhost:${port}`
    const ask = (url: string, headers: Record<string, string>) => fetch(url, { headers, redirect: 'manual' })
    const start = await ask(`${origin}/connect?provider=gmail`, { 'x-user': 'u_18' })
    const callback = await consent(grantry, start.headers.get('location')!)
    const back = await grantry.call('GET', callback, undefined, { key: null })
    const cookie = start.headers.getSetCookie()[0]!.split(';')[0]!
    const done = await ask(back.headers.get('location')!, { 'x-user': 'u_18', cookie })
    expect(done.headers.get('location')).toMatch(/^\/settings\?connection=con_/)
  } finally {
    server?.close()
  }
})

/** Runs a sample in this process; what it prints goes into `said`. Its imports are its own, but for where Gmail is. */
async function run(sample: string, said: string[]): Promise<{ server?: Server }> {
  const body = sample
    .replaceAll(/^import (\{[^}]+\}) from '([^']+)'$/gm, "const $1 = await load('$2')")
    .replaceAll(/^import (\w+) from '([^']+)'$/gm, "const { default: $1 } = await load('$2')")
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor
  const returned = "\nreturn { server: typeof server === 'object' && 'close' in server ? server : undefined }"
  const sampled = new AsyncFunction('load', 'console', body + returned)
  return sampled(load, { log: (...parts: unknown[]) => void said.push(parts.join(' ')) })
}

async function load(name: string): Promise<unknown> {
  if (name !== 'googleapis') return import(name)
  // The one part of it that the sample uses, which comes by itself too: all of it is 240 MB.
  const google = await import('@googleapis/gmail')
  const rootUrl = gmail.url
  return { google: { gmail: (options: { version: 'v1' }) => google.gmail({ ...options, rootUrl }) } }
}
