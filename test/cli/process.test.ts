import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { createShell, type Shell } from '../support/cli-process.ts'
import { freePort } from '../support/free-port.ts'

const bin = fileURLToPath(new URL('../../packages/cli/bin/grantry.mjs', import.meta.url))
let shell: Shell
beforeAll(async () => {
  shell = await createShell()
})

test('serve runs the server where its flags say, and SIGTERM ends it without a fault', async () => {
  const port = await freePort()
  await mkdir(join(shell.home, 'data'))
  const { child, heard, ended } = shell.start(
    `exec grantry serve --port ${port} --data-dir data --no-sandbox --public-url http://localhost:${port}`,
    // What speaks to clients is no slip of the operator's.
    { env: { GRANTRY_URL: 'https://elsewhere.example', GRANTRY_PROFILE: 'x', GRANTRY_SANDBOX: '1' } },
  )
  await heard(new RegExp(`Console +http://localhost:${port}`))
  await heard(/Sign up/)
  expect((await fetch(`http://localhost:${port}/healthz`)).status).toBe(200)
  child.kill('SIGTERM')
  const { code, stdout, stderr } = await ended
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).not.toContain('Sandbox ')
}, 60_000)

test('serve that cannot start fails, in the words of the server', async () => {
  const { code, stderr } = await shell.start('grantry serve --public-url http://connect.example.com').ended
  expect([code, stderr]).toEqual([1, expect.stringContaining('GRANTRY_PUBLIC_URL must be https')])
}, 60_000)

test('sandbox plays providers until Ctrl-C', async () => {
  const { child, heard, ended } = shell.start('exec grantry sandbox --port 0 --json')
  const [, url = ''] = await heard(/"url":"(http:[^"]+)"/)
  expect((await fetch(url)).status).toBe(200)
  child.kill('SIGINT')
  const { code, stdout } = await ended
  expect(code).toBe(0)
  expect(JSON.parse(stdout).clients).toContainEqual(expect.objectContaining({ provider: 'gmail' }))
})

test('arguments that come by a pipe, as from an older Node, are those that were given', async () => {
  const child = spawn(process.execPath, [bin, '--arguments-by-pipe'], {
    env: shell.env,
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  })
  const pipe = child.stdio[3] as NodeJS.WritableStream
  pipe.end(JSON.stringify(['profile', 'list', '--json']))
  let stdout = ''
  child.stdout!.on('data', (part) => {
    stdout += part
  })
  expect(await once(child, 'close')).toEqual([0, null])
  expect(JSON.parse(stdout)).toEqual([])
})

test('a reader that has seen enough is no failure', async () => {
  const { code, stdout, stderr } = await shell.start('set -o pipefail; grantry completion bash | head -1')
    .ended
  expect([code, stdout, stderr]).toEqual([0, '_grantry() {\n', ''])
})

test('a start loads no schemas, no client and no prompts: commands that need them do', async () => {
  const hook = `import { registerHooks } from 'node:module'
registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) })`
  const { code, stderr } = await shell.start('grantry profile list', {
    env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}` },
  }).ended
  const packages = stderr.matchAll(/node_modules\/((?:@[^/]+\/)?[^/\n]+)|packages\/(\w+)/g)
  const loaded = new Set([...packages].map(([, theirs, ours]) => theirs ?? ours))
  // Of the API what needs no schema: how each MCP client is configured.
  expect([code, [...loaded].sort()]).toEqual([0, ['api', 'cli', 'commander']])
})
