import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkTree } from '../scripts/imports/check-tree.ts'
import { readSource } from '../scripts/imports/read-source.ts'
import { codemapPaths, foldersToName } from './support/codemap.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'grantry-architecture-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A small tree that keeps every rule, with `files` laid over it. */
function plant(files: Record<string, string>): string {
  const tree = mkdtempSync(join(folder, 'tree-'))
  const manifest = (name: string, dependencies: string[]) =>
    JSON.stringify({
      name: `@grantry/${name}`,
      type: 'module',
      exports: { '.': './src/index.ts' },
      dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '0.1.0'])),
    })
  const all: Record<string, string> = {
    'package.json': JSON.stringify({
      name: 'grantry',
      workspaces: ['packages/*'],
      devDependencies: { vitest: '1' },
    }),
    'packages/oauth/package.json': manifest('oauth', ['oauth4webapi']),
    'packages/api/package.json': manifest('api', []),
    'packages/providers/package.json': manifest('providers', ['@grantry/oauth']),
    'packages/sandbox/package.json': manifest('sandbox', []),
    'packages/server/package.json': manifest('server', [
      'undici',
      '@grantry/api',
      '@grantry/oauth',
      '@grantry/sandbox',
    ]),
    'packages/oauth/src/index.ts': "export const scope = 'mail'\n",
    'packages/api/src/index.ts': "export const path = '/v1'\n",
    'packages/providers/src/index.ts': "export { scope } from '@grantry/oauth'\n",
    'packages/sandbox/src/index.ts': 'export const play = () => 1\n',
    'packages/server/src/app.ts':
      "import { createContext } from './context.ts'\n\nexport const app = createContext()\n",
    'packages/server/src/context.ts':
      "import { open } from './vault/open.ts'\n\nexport type Context = { open: typeof open }\nexport const createContext = (): Context => ({ open })\n",
    'packages/server/src/vault/open.ts':
      "import type { Context } from '../context.ts'\nimport { fault } from '../errors.ts'\n\nexport const open = (ctx: Pick<Context, never>) => fault(ctx)\n",
    'packages/server/src/vault/open.test.ts':
      "import { test } from 'vitest'\nimport { app } from '../app.ts'\n\ntest('opens', () => app)\n",
    'packages/server/src/errors.ts': 'export const fault = (cause: unknown) => new Error(String(cause))\n',
    'packages/server/src/config.ts': 'export const port = process.env.PORT\n',
    'packages/server/src/egress/egress.ts':
      "import { Pool } from 'undici'\n\nexport const send = () => [Pool, fetch('http://127.0.0.1')]\n",
    ...files,
  }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  return tree
}

describe('the import rules', () => {
  test('hold for this repository', () => {
    expect(checkTree(root)).toEqual([])
  })

  test('let a tree that keeps them pass', () => {
    expect(checkTree(plant({}))).toEqual([])
  })

  test('as a command name the place, the rule and how to mend it', () => {
    const tree = plant({ 'packages/server/src/db/read.ts': "\nimport '../vault/open.ts'\n" })
    const result = spawnSync(process.execPath, [join(root, 'scripts/check-imports.ts'), tree], {
      encoding: 'utf8',
    })
    expect(result.stdout).toContain(
      "packages/server/src/db/read.ts:2  'db' imports 'vault', which is above it.\n    Mend: move",
    )
    expect(result.status).toBe(1)
  })

  const server = (path: string) => `packages/server/src/${path}`
  const breaches: [what: string, path: string, text: string, line: number, rule: RegExp][] = [
    [
      'an upward import',
      server('vault/a.ts'),
      "import '../workspaces/b.ts'",
      1,
      /'vault' imports 'workspaces'/,
    ],
    [
      'an upward type',
      server('db/a.ts'),
      "import type { A } from '../audit/b.ts'",
      1,
      /'db' imports 'audit'/,
    ],
    [
      'an upward re-export',
      server('db/a.ts'),
      "\n\nexport * from '../audit/b.ts'",
      3,
      /'db' imports 'audit'/,
    ],
    [
      'an upward import()',
      server('db/a.ts'),
      "const a = () => import('../audit/b.ts')",
      1,
      /'db' imports 'audit'/,
    ],
    ['a slice on app', server('mcp/a.ts'), "import type { App } from '../app.ts'", 1, /'mcp' imports 'app'/],
    [
      'a value of context',
      server('db/a.ts'),
      "import { createContext } from '../context.ts'",
      1,
      /'db' imports 'context'/,
    ],
    [
      'a value beside a type of context',
      server('db/a.ts'),
      "import { type Context, createContext } from '../context.ts'",
      1,
      /'context'/,
    ],
    ['context on main', server('context.ts'), "import './main.ts'", 1, /'context' imports 'main'/],
    ['a slice without a place', server('billing/a.ts'), '', 1, /'billing' has no place/],
    ['a top file without a place', server('billing.ts'), '', 1, /'billing' has no place/],
    ['a package without a place', 'packages/billing/src/a.ts', '', 1, /package 'billing' has no place/],
    [
      'oauth on providers',
      'packages/oauth/src/a.ts',
      "import '@grantry/providers'",
      1,
      /'oauth' imports 'providers'/,
    ],
    [
      'api on oauth',
      'packages/api/src/a.ts',
      "import type { A } from '@grantry/oauth'",
      1,
      /'api' imports 'oauth'/,
    ],
    [
      'providers on api',
      'packages/providers/src/a.ts',
      "import '@grantry/api'",
      1,
      /'providers' imports 'api'/,
    ],
    [
      'sandbox on server',
      'packages/sandbox/src/a.ts',
      "import '@grantry/server'",
      1,
      /'sandbox' imports 'server'/,
    ],
    [
      'a path into another package',
      'packages/sandbox/src/a.ts',
      "import '../../server/src/config.ts'",
      1,
      /leaves the package/,
    ],
    [
      'a package nobody declared',
      server('db/a.ts'),
      "import 'left-pad/x.js'",
      1,
      /'left-pad' is not in packages\/server/,
    ],
    ['a test tool outside of tests', server('db/a.ts'), "import 'vitest'", 1, /'vitest' is not in/],
    ['process.env', server('db/a.ts'), '\nexport const a = process.env.HOME', 2, /environment is read/],
    [
      'process?.env in a template',
      server('db/a.ts'),
      'export const a = `$' + '{process?.env.HOME}`',
      1,
      /environment is read/,
    ],
    [
      'a computed process.env',
      server('db/a.ts'),
      "export const a = process['env']",
      1,
      /environment is read/,
    ],
    [
      'an unpacked process.env',
      server('db/a.ts'),
      'export const { env } = process',
      1,
      /environment is read/,
    ],
    [
      'an imported env',
      server('db/a.ts'),
      "import { env as e } from 'node:process'",
      1,
      /environment is read/,
    ],
    [
      'env in another package',
      'packages/sandbox/src/a.ts',
      'export const a = process.env.HOME',
      1,
      /environment is read/,
    ],
    ['undici', server('db/a.ts'), "import { request } from 'undici'", 1, /opens connections/],
    ['an HTTP client', server('db/a.ts'), "import * as http from 'node:http'", 1, /opens connections/],
    ['a socket', server('db/a.ts'), "import { connect as c } from 'net'", 1, /opens connections/],
    ['globalThis.fetch', server('db/a.ts'), 'export const a = globalThis.fetch', 1, /global fetch/],
    ['a .js specifier', server('db/a.ts'), "import '../errors.js'", 1, /'\.\.\/errors\.js' is not the name/],
    ['no extension', server('db/a.ts'), "import '../errors'", 1, /'\.\.\/errors' is not the name/],
    ['a folder of utils', server('db/utils/a.ts'), '', 0, /'utils' says nothing/],
    ['a file of helpers', 'docs/helpers.md', '', 0, /'helpers' says nothing/],
    ['a test of shared', 'test/shared.test.ts', '', 0, /'shared' says nothing/],
  ]
  test.each(breaches)('catch %s', (_what, path, text, line, rule) => {
    const others = {
      'packages/server/src/main.ts': '',
      'packages/server/src/audit/b.ts': 'export type A = 1\n',
      'packages/server/src/workspaces/b.ts': 'export type A = 1\n',
    }
    const found = checkTree(plant({ ...others, [path]: `${text}\n` }))
    expect(found.map(({ rule }) => rule)).toEqual([expect.stringMatching(rule)])
    expect(found[0]).toMatchObject({ line, mend: expect.stringMatching(/\w/) })
  })

  test('let tests, and types of context, pass upward', () => {
    const tree = plant({
      'packages/server/src/db/read.fixture.ts': "import '../app.ts'\n\nprocess.env.A = '1'\n",
      'packages/server/src/db/a.ts':
        "import { type Context } from '../context.ts'\n\nexport type A = Context\n",
      'packages/server/src/db/b.ts':
        "import { createServer, type Server } from 'node:http'\n\nexport type B = Server\nexport const b = createServer\n",
      'test/connect.test.ts': "import '../packages/server/src/app.ts'\nimport 'undici'\n",
      'bench/run.ts': 'export const long = process.env.LONG\n',
    })
    expect(checkTree(tree)).toEqual([])
  })
})

describe('finding imports', () => {
  const specifiers = (text: string) => readSource(text).imports.map(({ specifier }) => specifier)

  test('sees every form', () => {
    const text = [
      "import a, { type B, c as d } from 'a.ts'",
      "import * as e from 'b.ts'",
      'import {\n  f,\n  g,\n} from "c.ts"',
      "import 'd.ts'",
      "export * from 'e.ts'",
      "export { h } from 'f.ts'",
      "import i from './g.json' with { type: 'json' }",
      'const j = `$' + "{await import('h.ts')}`",
      "import type from 'i.ts'",
    ].join('\n')
    expect(specifiers(text)).toEqual(
      ['abcdefghi'].flatMap((s) => [...s]).map((name) => (name === 'g' ? './g.json' : `${name}.ts`)),
    )
    expect(readSource(text).imports.map(({ typeOnly }) => typeOnly)).toEqual(Array(9).fill(false))
    expect(readSource(text).imports[0]?.names.sort()).toEqual(['B', 'c', 'default'])
    expect(readSource(text).imports.at(-1)?.line).toBe(12)
  })

  test.each([
    "import type A from 'a'",
    "import type { A } from 'a'",
    "import { type A, type B } from 'a'",
    "export type * from 'a'",
  ])('knows %s for a type', (text) =>
    expect(readSource(text).imports).toMatchObject([{ specifier: 'a', typeOnly: true }]),
  )

  test('is not taken in by comments, strings, templates or regular expressions', () => {
    const text = [
      "// import 'a'",
      "/* import 'a' */ const url = 'https://x' // import 'a'",
      "const text = `import 'a'\nimport 'a'\nimport 'a'`",
      'const quote = /[\'"`/]/.test("\'") ? 1 / 2 : 3 / 4',
      "const from = { import: 'a', export: 'a' }",
      "import 'b'",
    ].join('\n')
    expect(specifiers(text)).toEqual(['b'])
  })
})

describe('Biome', () => {
  /** Lints a planted tree by this repository's own configuration. */
  function lint(files: Record<string, string>): string {
    const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')) as { vcs: { enabled: boolean } }
    config.vcs.enabled = false
    const tree = plant({ ...files, 'biome.json': JSON.stringify(config) })
    mkdirSync(join(tree, 'node_modules/@grantry'), { recursive: true })
    for (const name of ['oauth', 'providers']) {
      symlinkSync(join('../../packages', name), join(tree, 'node_modules/@grantry', name))
    }
    const bin = join(root, 'node_modules/@biomejs/biome/bin/biome')
    const result = spawnSync(process.execPath, [bin, 'lint', '--reporter=github', 'packages'], {
      cwd: tree,
      encoding: 'utf8',
    })
    return result.stdout + result.stderr
  }

  test('lets a sound tree pass', () => {
    expect(lint({})).not.toContain('::error')
  })

  test('catches a cycle between slices', () => {
    const report = lint({
      'packages/server/src/egress/egress.ts':
        "import { a } from '../http/a.ts'\n\nexport const b = () => a\n",
      'packages/server/src/http/a.ts':
        "import { b } from '../egress/egress.ts'\n\nexport const a = () => b\n",
    })
    expect(report).toMatch(/noImportCycles,file=\S*\/http\/a\.ts,/)
  })

  test('catches a cycle between packages', () => {
    const report = lint({
      'packages/oauth/src/index.ts':
        "import { scope as s } from '@grantry/providers'\n\nexport const scope = () => s\n",
    })
    expect(report).toMatch(/noImportCycles,file=\S*\/oauth\/src\/index\.ts,/)
  })

  test('catches the global fetch outside of egress, and no other fetch', () => {
    const report = lint({
      'packages/server/src/db/a.ts':
        "export const a = () => fetch('http://x')\nexport const b = (fetch: (url: string) => void) => fetch('http://x')\n",
    })
    expect(report.match(/noRestrictedGlobals.*/g)).toEqual([expect.stringContaining('db/a.ts,line=1')])
  })
})

describe('ARCHITECTURE.md', () => {
  const text = () => readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')

  test('names every package and every slice of the server in its codemap', () => {
    const named = codemapPaths(text())
    expect(foldersToName(root).filter((path) => !named.includes(path))).toEqual([])
  })

  test('names nothing that is not there', () => {
    expect(codemapPaths(text()).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  test('is read as a tree', () => {
    const map =
      'Prose\n\n```\npackages/\n  oauth/   protocol\n  server/src/\n    app.ts  mounts\n    audit/  vault/\ndocs/  scripts/\n```\n\nSee `packages/api/src` and `a/b`.\n'
    expect(codemapPaths(map)).toEqual([
      'packages',
      'packages/oauth',
      'packages/server/src',
      'packages/server/src/app.ts',
      'packages/server/src/audit',
      'packages/server/src/vault',
      'docs',
      'scripts',
      'packages/api/src',
    ])
  })
})
