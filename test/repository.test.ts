import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { listFiles } from '../scripts/imports/list-files.ts'
import { requirements } from './support/python.ts'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** What git tracks or would track; every file where the tree came without git. */
function files(): string[] {
  if (!existsSync(join(root, '.git'))) return listFiles(root)
  const listed = execFileSync(
    'git',
    ['-C', root, '-c', `safe.directory=${root}`, 'ls-files', '-coz', '--exclude-standard'],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    },
  )
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
}

describe('what is published', () => {
  // Put together from pieces, so that this file is not its own finding.
  const hosts = [
    ['registry', 'npmjs', 'org'],
    ['registry', 'yarnpkg', 'com'],
    ['registry', 'npmmirror', 'com'],
    ['files', 'pythonhosted', 'org'],
    ['pypi', 'org'],
    ['crates', 'io'],
    ['proxy', 'golang', 'org'],
    ['deb', 'debian', 'org'],
  ].map((parts) => parts.join('.'))
  // A mirror that this machine is told to use is as private as its folders.
  const mirror = process.env.npm_config_registry
  if (mirror && URL.canParse(mirror)) hosts.push(new URL(mirror).host)

  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const folders = [root, homedir()].filter((path) => path.split('/').length > 2).map(literal)
  const personal = ['home', 'Users'].map((name) => `/${name}/[a-z][\\w.-]*/`)
  const machine = [`/${'root'}/`, `/${'work'}/(main|shared)\\b`, `\\.\\./${'shared'}/`]
  const pattern = new RegExp(
    `(?<![\\w.-])(${[...hosts.map(literal), ...folders, ...personal, ...machine].join('|')})`,
  )

  test('names no package registry and no folder of the machine it was made on', () => {
    const findings = files().flatMap((path) => {
      const text = read(path)
      if (text.includes('\0')) return []
      return text
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []))
    })
    expect(findings).toEqual([])
  })

  test.each([
    `see https://${hosts[0]}/zod`,
    `cd ${root}/docs`,
    `/${'home'}/ann/grantry`,
    `"../${'shared'}/notes"`,
  ])('would be caught in %s', (line) => expect(line).toMatch(pattern))

  test('locks packages by hash, wherever they come from', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockEntry> }
    const foreign = Object.entries(packages).filter(([path]) => path.includes('node_modules/'))
    expect(foreign.length).toBeGreaterThan(50)
    expect(foreign.filter(([, { link, integrity }]) => !link && !integrity).map(([path]) => path)).toEqual([])
    expect(foreign.filter(([, { link, resolved }]) => !link && resolved).map(([path]) => path)).toEqual([])
  })

  test('locks every package for every platform', () => {
    // npm leaves out of the lockfile what a mirror did not have, and `npm ci` then refuses on every machine.
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockEntry> }
    const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)))
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !names.has(name))
        .map((name) => `${path} → ${name}`),
    )
    expect(missing).toEqual([])
  })
})

type LockEntry = {
  link?: boolean
  integrity?: string
  resolved?: string
  optionalDependencies?: Record<string, string>
}

describe('docs/dependencies.md', () => {
  type Manifest = Partial<
    Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>
  >
  const manifests = ['package.json', ...globSync('packages/*/package.json', { cwd: root })]
  const named = manifests.flatMap((path) => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(path)) as Manifest
    return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
  })
  for (const path of requirements)
    named.push(...[...read(path).matchAll(/^([\w.-]+)==/gm)].map(([, name = '']) => name))
  const wanted = [...new Set(named)].filter((name) => !name.startsWith('@grantry/')).sort()
  const rows = [...read('docs/dependencies.md').matchAll(/^\| (\S+) \| ([^|]+) \| ([^|]+) \|$/gm)]
    .map(([, name = '', licence = '', why = '']) => ({ name, licence, why }))
    .filter(({ name }) => name !== 'package')

  test('has one line for each dependency, and no other', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual(wanted)
  })

  test('says the licence that the package says', () => {
    const differing = rows.flatMap(({ name, licence }) => {
      const path = join('node_modules', name, 'package.json')
      if (!existsSync(join(root, path))) return []
      const said = (JSON.parse(read(path)) as { license?: string }).license
      return said === licence ? [] : [`${name}: ${said}, not ${licence}`]
    })
    expect(differing).toEqual([])
  })
})
