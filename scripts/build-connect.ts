// Makes what is published of @grantry/connect: its modules, as of any package, and grantry-connect.js, the same in one
// small file for a script tag, where it is `Grantry`.
//
//   node scripts/build-connect.ts && npm publish packages/connect/dist
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { buildPackage } from './build-package.ts'

const file = 'grantry-connect.js'

/** Builds into `out`, `packages/connect/dist` by default. Returns the folder. */
export async function buildConnect(out?: string): Promise<string> {
  const dist = buildPackage('connect', out)
  await build({
    configFile: false,
    root: fileURLToPath(new URL('../packages/connect', import.meta.url)),
    logLevel: 'warn',
    publicDir: false,
    build: {
      lib: {
        entry: join(dist, 'index.js'),
        formats: ['iife'],
        name: 'Grantry',
        fileName: () => file,
      },
      outDir: dist,
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
    },
  })
  const manifest = join(dist, 'package.json')
  const { exports, ...rest } = JSON.parse(readFileSync(manifest, 'utf8'))
  const withScript = { ...rest, exports: { ...exports, [`./${file}`]: `./${file}` } }
  writeFileSync(manifest, JSON.stringify(withScript, null, 2))
  return dist
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildConnect())
