import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogue } from '@grantry/providers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createShell, type Shell } from './support/cli-process.ts'
import { addSandboxIntegration, confirmPage, consent } from './support/connecting.ts'
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
      printed.push(await runBy(process.execPath, ['--input-type=module', '-e', source]))
    else if ('path' in python) printed.push(await runBy(python.path, ['-c', source]))
  }
  const all = printed.join('\n')
  expect(all).toMatch(/✓ Gmail is connected/)
  expect(printed.filter((text) => text === '3\n')).toHaveLength('path' in python ? 2 : 1)
  expect(all).toContain('claude mcp add')
  expect(all).toMatch(/subject/i)
  expect(all).not.toContain(grantry.apiKey)
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

async function runBy(program: string, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args, {
    env: { ...env, PYTHONPATH: join(root, 'python/src') },
  })
  expect(code, stderr).toBe(0)
  return stdout
}
