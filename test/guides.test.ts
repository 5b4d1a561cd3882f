import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { catalogue } from '@grantry/providers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount, consent } from './support/connecting.ts'
import { freePort } from './support/free-port.ts'
import { startTestGrantry, type TestGrantry } from './support/grantry.ts'
import { findPython } from './support/python.ts'
import { samplesOf } from './support/samples.ts'
import { runProgram } from './support/shell.ts'

const python = await findPython()
const root = fileURLToPath(new URL('..', import.meta.url))

let grantry: TestGrantry
let env: Record<string, string>

beforeAll(async () => {
  grantry = await startTestGrantry()
  const scopes = catalogue.get('gmail')!.scopes.read.map(({ scope }) => scope)
  await addSandboxIntegration(grantry, 'gmail', { scope: scopes.join(' ') })
  env = { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey }
})
afterAll(() => grantry?.close())

test('a web app connects an account as its page says', async () => {
  const port = await freePort()
  const [allow, app, then] = (await samplesOf('connect-in-a-web-app.md')).map(({ source }) =>
    source.replaceAll('http://localhost:7001', grantry.url).replaceAll('3000', String(port)),
  ) as [string, string, string]
  await done('sh', ['-euc', allow])

  const child = spawn(process.execPath, ['--input-type=module', '-e', app], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const ours = `http://localhost:${port}`
    const [, link = ''] = /href="([^"]+)"/.exec(await (await untilServed(`${ours}/settings`)).text()) ?? []
    const started = await fetch(new URL(link, ours), { redirect: 'manual' })
    const cookie = started.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    const callback = await consent(grantry, started.headers.get('location')!)
    const back = await grantry.call('GET', callback, undefined, { key: null })
    const said = once(child.stdout, 'data')
    const finished = await fetch(back.headers.get('location')!, { headers: { cookie }, redirect: 'manual' })
    expect(finished.headers.get('location')).toMatch(/^\/settings\?connection=con_\w+$/)
    expect(String((await said)[0])).toMatch(/^gmail is connected: con_/)
    expect(await done(process.execPath, ['--input-type=module', '-e', then])).toBe('gmail active\n')
  } finally {
    child.kill()
  }
})

test('agents work as their page says', { timeout: 60_000 }, async () => {
  const [inNode, inPython, aiSdk, langChain] = (await samplesOf('agents.md')).map(({ source }) => source) as [
    string,
    string,
    string,
    string,
  ]
  const runs: [string, string[]][] = [[process.execPath, ['--input-type=module', '-e', inNode]]]
  if ('path' in python) runs.push([python.path, ['-c', inPython]])
  const nobody = { GRANTRY_END_USER: 'nobody' }
  for (const [program, args] of runs) {
    const forNobody = args.map((arg) => arg.replace(/(endUser: |end_user=)['"]u_17['"]/, '$1"nobody"'))
    expect(await done(program, forNobody, nobody)).toContain('Gmail not authenticated')
  }
  await connectAccount(grantry, { provider: 'gmail', access_type: 'read', end_user: { id: 'u_17' } })
  for (const [program, args] of runs) expect(await done(program, args)).toMatch(/messageCount'?: 3 ?\}/)
  for (const sample of [aiSdk, langChain])
    expect(await done(process.execPath, ['--input-type=module', '-e', sample])).toContain('search_messages')
})

async function done(program: string, args: string[], more: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args, {
    env: { ...env, PYTHONPATH: `${root}python/src`, ...more },
  })
  expect(code, stderr).toBe(0)
  return stdout
}

async function untilServed(url: string): Promise<Response> {
  for (;;) {
    const answer = await fetch(url).catch(() => null)
    if (answer) return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
