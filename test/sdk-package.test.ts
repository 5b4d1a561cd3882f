import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPackage } from '../scripts/build-package.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const entries = ['', '/express', '/fastify', '/google', '/hono', '/next']
let folder: string

/** As it is published: built, packed, unpacked where somebody installed it, out of reach of this repository. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'grantry-package-'))
  const dist = buildPackage('sdk', join(folder, 'dist'))
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  execFileSync(npm, ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: dist })
  const installed = join(folder, 'app/node_modules/@grantry/sdk')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', [
    '-xzf',
    join(folder, 'grantry-sdk-0.1.0.tgz'),
    '-C',
    installed,
    '--strip-components',
    '1',
  ])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const app = (name: string, text: string) => {
  const path = join(folder, 'app', name)
  writeFileSync(path, text)
  return path
}
const run = (path: string) => execFileSync(process.execPath, [path], { encoding: 'utf8', env: {} }).trim()

test('is imported and required by plain Node', () => {
  const imported = entries.map((entry, i) => `import * as m${i} from '@grantry/sdk${entry}'`)
  const count = `console.log(${entries.map((_, i) => `Object.keys(m${i}).length > 0`).join(' && ')})`
  expect(run(app('a.mjs', [...imported, count].join('\n')))).toBe('true')
  const required = entries.map((entry, i) => `const m${i} = require('@grantry/sdk${entry}')`)
  expect(run(app('a.cjs', [...required, count].join('\n')))).toBe('true')
  const agent =
    "const { Agent } = require('@grantry/sdk'); console.log(typeof new Agent().getOAuthProvider().getCredentials)"
  expect(run(app('b.cjs', agent))).toBe('function')
})

test('holds no tests, no sources, no word of this repository', () => {
  const files = readdirSync(join(folder, 'app/node_modules/@grantry/sdk'), { recursive: true }).map(String)
  expect(files).toEqual(expect.arrayContaining(['package.json', 'LICENSE', 'index.js', 'index.d.ts']))
  expect(files.filter((file) => /\.test\.|(?<!\.d)\.ts$|tsconfig/.test(file))).toEqual([])
  const manifest = readFileSync(join(folder, 'app/node_modules/@grantry/sdk/package.json'), 'utf8')
  expect(JSON.parse(manifest)).not.toHaveProperty('private')
})

const program = `
import { Agent, type Connection, Grantry, NeedsReauthError } from '@grantry/sdk'
import { connect } from '@grantry/sdk/next'
export const shown = (c: Connection): 'pending' | 'active' | 'needs_reauth' | 'revoked' => c.status
export const first = async (g: Grantry): Promise<string[]> => (await g.connections.list({ limit: 1 })).data.map(({ id }) => id)
export const where = (e: NeedsReauthError): string | null => e.connectUrl
export const agent = new Agent({ endUser: 'ada' })
export const { finish } = connect({ endUser: (request: Request) => request.headers.get('x'), finishUrl: 'https://a.example/f' })
// @ts-expect-error an unknown field is not sent
export const wrong = (g: Grantry) => g.connections.list({ end_usr: 'x' })
`

test.each([
  ['Node, as ESM and as CommonJS', 'nodenext', 'nodenext', ['a.mts', 'a.cts']],
  ["Node 16's terms", 'node16', 'node16', ['b.mts']],
  ['a bundler', 'esnext', 'bundler', ['a.ts']],
])('its types are found by TypeScript for %s', (_what, module, moduleResolution, names) => {
  const compilerOptions = {
    ...{ module, moduleResolution, target: 'es2022', strict: true, noEmit: true, skipLibCheck: false },
    ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
  }
  const files = names.map((name) => app(name, program))
  const config = app(`tsconfig.${module}.json`, JSON.stringify({ compilerOptions, files }))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  let said = ''
  try {
    said = execFileSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' })
  } catch (error) {
    said = String((error as { stdout?: string }).stdout ?? error)
  }
  expect(said).toBe('')
})
