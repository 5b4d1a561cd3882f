import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogue } from '@grantry/providers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createShell, type Shell } from './support/cli-process.ts'
import { addSandboxIntegration, confirmPage, connectAccount, consent } from './support/connecting.ts'
import { freePort } from './support/free-port.ts'
import { startTestGrantry, type TestGrantry } from './support/grantry.ts'
import { findPython } from './support/python.ts'
import { samplesOf } from './support/samples.ts'
import { runProgram } from './support/shell.ts'

const python = await findPython()
const root = fileURLToPath(new URL('..', import.meta.url))

let grantry: TestGrantry
let shell: Shell
let env: Record<string, string>

beforeAll(async () => {
  grantry = await startTestGrantry()
  // As `npm start` makes it.
  const scopes = catalogue.get('gmail')!.scopes.read.map(({ scope }) => scope)
  await addSandboxIntegration(grantry, 'gmail', { scope: scopes.join(' ') })
  env = { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey }
  shell = await createShell()
  await mkdir(join(shell.home, 'data'))
  await writeFile(join(shell.home, 'data/first-api-key'), `${grantry.apiKey}\n`)
  // What the package manager would start is the same program.
  await writeFile(join(shell.home, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 })
})
afterAll(() => grantry?.close())

/** One sample after the other, as somebody would who follows the page. */
test('the quick start works as it is written', { timeout: 120_000 }, async () => {
  const printed: string[] = []
  for (const { language, source } of await samplesOf('quick-start.md')) {
    if (language === 'sh')
      printed.push(await runInShell(source.replaceAll('http://localhost:7001', grantry.url)))
    else if (language === 'js')
      printed.push(await done(process.execPath, ['--input-type=module', '-e', source]))
    else if ('path' in python) printed.push(await done(python.path, ['-c', source]))
  }
  const all = printed.join('\n')
  expect(all).toMatch(/✓ Gmail is connected/)
  expect(printed.filter((text) => text === '3\n')).toHaveLength('path' in python ? 2 : 1)
  expect(all).toContain('claude mcp add')
  expect(all).toMatch(/subject/i)
  expect(all).not.toContain(grantry.apiKey)
})

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

async function runInShell(source: string): Promise<string> {
  const running = shell.start(source)
  if (source.includes('oauth auth')) {
    const [, address = ''] = await running.heard(/Open (http\S+)/)
    const page = await grantry.call('GET', await consent(grantry, address), undefined, { key: null })
    await confirmPage(grantry, page.text, 'connect')
  }
  const { code, stdout, stderr } = await running.ended
  expect(code, `${source}\n${stdout}${stderr}`).toBe(0)
  return stdout
}

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
