import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, Script } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildConnect } from '../scripts/build-connect.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
let folder: string
let installed: string
const read = (path: string) => readFileSync(join(installed, path), 'utf8')

/** As somebody has it who installed it, out of reach of this repository. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'grantry-connect-'))
  installed = join(folder, 'node_modules/@grantry/connect')
  mkdirSync(installed, { recursive: true })
  await buildConnect(installed)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the file for a script tag is under 4 kB gzipped', () => {
  expect(gzipSync(read('grantry-connect.js')).length).toBeLessThan(4000)
})

test('for a script tag it is Grantry, with the same as the module', async () => {
  const context = createContext({})
  new Script(`${read('grantry-connect.js')}\nthis.names = Object.keys(Grantry).sort()`).runInContext(context)
  const names = execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      "import * as all from '@grantry/connect'; console.log(Object.keys(all).sort().join())",
    ],
    { cwd: folder, encoding: 'utf8' },
  )
  expect(names.trim()).toBe('ConnectError,connect,resume')
  expect([...context.names].join()).toBe(names.trim())
})

test('has no dependencies, and holds no tests and no sources', () => {
  const manifest = JSON.parse(read('package.json'))
  expect(manifest).not.toHaveProperty('dependencies')
  expect(manifest).not.toHaveProperty('private')
  expect(manifest.peerDependenciesMeta).toEqual({ react: { optional: true } })
  const files = readdirSync(installed)
  expect(files).toEqual(expect.arrayContaining(['index.js', 'index.d.ts', 'react.js', 'LICENSE']))
  expect(files.filter((file) => /\.test\.|fixture|(?<!\.d)\.ts$|tsconfig/.test(file))).toEqual([])
  const outside = files
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [...read(file).matchAll(/from ['"]([^'"]+)/g)].map(([, from]) => from!))
    .filter((from) => !from.startsWith('./'))
  expect(outside).toEqual(['react'])
})

const program = `
import { connect, ConnectError, resume, type Connected } from '@grantry/connect'
import { useConnect } from '@grantry/connect/react'
export const go = (): Promise<Connected> => connect({ session: '/connect?provider=gmail', finish: '/connect/finish' })
export const back = async (): Promise<string | undefined> => (await resume())?.connectionId
export const denied = (error: unknown) => error instanceof ConnectError && error.code === 'access_denied'
export const Button = () => { const { start, status, error } = useConnect({ session: '/connect' }); return [start, status === 'idle', error?.code] }
// @ts-expect-error a mode that there is not
export const wrong = () => connect({ session: '/connect', mode: 'tab' })
`

test.each([
  ['a bundler', 'esnext', 'bundler', 'a.ts'],
  ['Node', 'nodenext', 'nodenext', 'a.mts'],
])('its types are found by TypeScript for %s', (_what, module, moduleResolution, file) => {
  const compilerOptions = {
    ...{ module, moduleResolution, target: 'es2022', strict: true, noEmit: true, skipLibCheck: false },
    ...{ lib: ['es2022', 'dom'], types: [] },
  }
  writeFileSync(join(folder, file), program)
  const config = join(folder, `tsconfig.${file}.json`)
  writeFileSync(config, JSON.stringify({ compilerOptions, files: [file] }))
  let said = ''
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config])
  } catch (error) {
    said = String((error as { stdout?: unknown }).stdout ?? error)
  }
  expect(said).toBe('')
})
