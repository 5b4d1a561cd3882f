import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const setup = fileURLToPath(new URL('../scripts/setup.mjs', import.meta.url))
let tree: string

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'grantry-setup-'))
  mkdirSync(join(tree, 'scripts'))
  copyFileSync(setup, join(tree, 'scripts/setup.mjs'))
  writeFileSync(join(tree, 'package-lock.json'), JSON.stringify({ packages: LOCKED }))
  mkdirSync(join(tree, 'npm'))
  writeFileSync(join(tree, 'npm/npm-cli.js'), FAKE_NPM)
})
afterEach(() => rmSync(tree, { recursive: true, force: true }))

const LOCKED = {
  '': {},
  'packages/api': { version: '0.1.0' },
  'node_modules/@grantry/api': { resolved: 'packages/api', link: true },
  'node_modules/fastify': { version: '5.0.0', integrity: 'sha512-a' },
  'node_modules/vitest': { version: '5.0.0', integrity: 'sha512-b', dev: true },
  'node_modules/node-plan9': { version: '24.0.0', integrity: 'sha512-c', optional: true, os: 'plan9' },
  'node_modules/node-here': {
    version: '24.0.0',
    integrity: 'sha512-d',
    optional: true,
    os: [process.platform],
  },
}

/**
 * Stands in for npm: empties node_modules on `ci`, writes npm's record of what it installed, appends its arguments
 * to npm.log. FAKE_FAIL makes it fail, FAKE_HOLD makes it wait until that file is gone.
 */
const FAKE_NPM = `
const fs = require('fs'), path = require('path')
const args = process.argv.slice(2)
if (args[0] === 'config') { console.log(process.env.FAKE_OMIT || ''); process.exit() }
fs.appendFileSync('npm.log', args.join(' ') + '\\n')
console.error('npm noise')
if (fs.existsSync('busy')) { console.error('two at once'); process.exit(9) }
if (process.env.FAKE_FAIL) process.exit(7)
fs.writeFileSync('busy', '')
if (args[0] === 'ci') fs.rmSync('node_modules', { recursive: true, force: true })
fs.mkdirSync('node_modules', { recursive: true })
const timer = setInterval(() => {
  if (process.env.FAKE_HOLD && fs.existsSync(process.env.FAKE_HOLD)) return
  clearInterval(timer)
  const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'))
  const kept = Object.entries(packages).filter(([name, entry]) => name && !(entry.dev && args.includes('--omit=dev')))
  if (process.env.FAKE_OMIT === 'optional') for (const pair of [...kept]) if (pair[1].optional) kept.splice(kept.indexOf(pair), 1)
  fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: Object.fromEntries(kept) }))
  fs.rmSync('busy')
}, 10)
`

type Run = { child: ChildProcess; ended: Promise<{ code: number | null; text: string }> }

function start(args: string[] = [], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [join(tree, 'scripts/setup.mjs'), ...args], {
    cwd: tree,
    env: { ...process.env, npm_execpath: join(tree, 'npm/npm-cli.js'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk))
  return { child, ended: once(child, 'close').then(([code]) => ({ code, text })) }
}

const run = (args?: string[], env?: Record<string, string>) => start(args, env).ended
const calls = () =>
  existsSync(join(tree, 'npm.log')) ? readFileSync(join(tree, 'npm.log'), 'utf8').trim().split('\n') : []
const locks = () => readdirSync(tree).filter((name) => name.startsWith('.setup-lock'))
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('setup', () => {
  test('installs once, in one line, and then says nothing', async () => {
    const first = await run()
    expect(first).toEqual({
      code: 0,
      text: expect.stringMatching(/^Installing packages \(npm ci\) … done in \d+ s\n$/),
    })
    expect(await run()).toEqual({ code: 0, text: '' })
    expect(calls()).toEqual([expect.stringMatching(/^ci --include=dev /)])
    expect(locks()).toEqual([])
  })

  test('installs again when the lockfile changed', async () => {
    await run()
    const changed = { ...LOCKED, 'node_modules/fastify': { version: '5.0.1', integrity: 'sha512-e' } }
    writeFileSync(join(tree, 'package-lock.json'), JSON.stringify({ packages: changed }))
    await run()
    expect(calls()).toHaveLength(2)
  })

  test('takes a development install for production', async () => {
    await run()
    expect(await run(['--production'])).toEqual({ code: 0, text: '' })
    expect(calls()).toHaveLength(1)
  })

  test('adds to a production install without emptying it', async () => {
    await run(['--production'])
    writeFileSync(join(tree, 'node_modules/in-use'), '')
    await run()
    expect(calls()).toEqual([
      expect.stringMatching(/^ci --omit=dev /),
      expect.stringMatching(/^install --no-save --include=dev /),
    ])
    expect(existsSync(join(tree, 'node_modules/in-use'))).toBe(true)
  })

  test('takes what somebody installed by hand', async () => {
    await run()
    rmSync(join(tree, 'node_modules/.grantry-setup.json'))
    expect(await run()).toEqual({ code: 0, text: '' })
    expect(calls()).toHaveLength(1)
  })

  test('does not take an older or a production install by hand for this one', async () => {
    await run(['--production'])
    rmSync(join(tree, 'node_modules/.grantry-setup.json'))
    await run()
    expect(calls()).toHaveLength(2)
  })

  test('shows what npm said when it fails, and leaves no mark', async () => {
    const { code, text } = await run([], { FAKE_FAIL: '1' })
    expect(code).toBe(1)
    expect(text).toMatch(/ended with 7[\s\S]*npm noise/)
    expect(locks()).toEqual([])
    expect((await run()).code).toBe(0)
  })

  test('lets one of several install while the others wait', async () => {
    writeFileSync(join(tree, 'hold'), '')
    const runs = Array.from({ length: 4 }, () => start([], { FAKE_HOLD: join(tree, 'hold') }))
    await until(() => existsSync(join(tree, 'busy')))
    rmSync(join(tree, 'hold'))
    const ends = await Promise.all(runs.map(({ ended }) => ended))
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    expect(calls()).toHaveLength(1)
    expect(locks()).toEqual([])
  })

  test('takes over, by one of several, from a process that is gone', async () => {
    const gone = spawn(process.execPath, ['--version'])
    await once(gone, 'close')
    mkdirSync(join(tree, '.setup-lock'))
    const owner = { pid: gone.pid, host: hostname(), token: '0123456789abcdef' }
    writeFileSync(join(tree, '.setup-lock/owner.json'), JSON.stringify(owner))
    const ends = await Promise.all([run(), run(), run()])
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(calls()).toHaveLength(1)
    expect(locks()).toEqual([])
  })

  test('when it is told to stop, stops npm and gives the lock back', async () => {
    writeFileSync(join(tree, 'hold'), '')
    const { child, ended } = start([], { FAKE_HOLD: join(tree, 'hold') })
    await until(() => existsSync(join(tree, 'busy')))
    child.kill('SIGTERM')
    expect((await ended).code).toBe(1)
    expect(locks()).toEqual([])
    rmSync(join(tree, 'busy'))
    expect((await run()).code).toBe(0)
  })
})

describe('the Node that scripts get', () => {
  /** Puts a command `node` that answers `version` (or fails) into `folder`. */
  function fakeNode(folder: string, version: string | null): string {
    mkdirSync(join(tree, folder), { recursive: true })
    const path = join(tree, folder, 'node')
    writeFileSync(path, version ? `#!/bin/sh\necho ${version}\n` : '#!/nonexistent/loader\n')
    chmodSync(path, 0o755)
    return dirname(path)
  }
  const tools = '/usr/bin:/bin'

  test('has to be new enough, and the message says how to get one', async () => {
    const { code, text } = await run([], { PATH: `${fakeNode('old', 'v20.1.0')}:${tools}` })
    expect(code).toBe(1)
    expect(text).toMatch(
      /needs Node\.js 24 or later; here `node` is v20\.1\.0\..*install Node\.js 24 or later/,
    )
  })

  test('may be the packaged one, which goes first', async () => {
    const PATH = `${fakeNode('old', 'v20.1.0')}:${tools}`
    await run([], { PATH })
    fakeNode('node_modules/.bin', 'v24.21.0')
    expect(await run([], { PATH })).toEqual({ code: 0, text: '' })
  })

  test('is the machine’s own where the packaged one cannot run', async () => {
    const PATH = `${fakeNode('new', 'v26.0.0')}:${tools}`
    await run([], { PATH })
    fakeNode('node_modules/.bin', null)
    expect(await run([], { PATH })).toEqual({ code: 0, text: '' })
    expect(existsSync(join(tree, 'node_modules/.bin/node'))).toBe(false)
  })

  test('is explained where npm leaves out optional packages', async () => {
    const PATH = `${fakeNode('old', 'v20.1.0')}:${tools}`
    const { code, text } = await run(['--production'], { PATH, FAKE_OMIT: 'optional' })
    expect(code).toBe(1)
    expect(text).toMatch(/omit=optional.*`npm ci --include=optional`/)
  })

  test('does not help the tests where npm leaves out optional packages', async () => {
    const { code, text } = await run([], { FAKE_OMIT: 'optional' })
    expect(code).toBe(1)
    expect(text).toMatch(/omit=optional.*`npm ci --include=dev --include=optional`/)
  })
})
