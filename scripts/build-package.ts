// Makes what is published of a package: JavaScript and declarations, with a package.json of its own, in packages/NAME/dist.
// The sources run as they are within this repository; Node strips no types inside node_modules.
//
//   node scripts/build-package.ts NAME && npm publish packages/NAME/dist
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

type Manifest = {
  exports: Record<string, string>
  bin?: Record<string, string>
  private?: boolean
  /** Fields that the published package has, and this repository does not want. */
  published?: Record<string, unknown>
  [field: string]: unknown
}

/** Builds into `out`, `packages/NAME/dist` by default. */
export function buildPackage(name: string, out?: string): string {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const folder = join(root, 'packages', name)
  const dist = out ?? join(folder, 'dist')
  rmSync(dist, { recursive: true, force: true })
  const { exports, private: _private, published, bin, ...manifest } = read(join(folder, 'package.json'))
  // Only what the entry points lead to: no tests, no fixtures.
  const entries = [...Object.values(exports), ...Object.values(bin ?? {})].map((path) => join(folder, path))
  mkdirSync(dist, { recursive: true })
  const config = join(dist, 'tsconfig.json')
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    rootDir: join(folder, 'src'),
    outDir: dist,
    typeRoots: [join(root, 'node_modules/@types')],
  }
  writeFileSync(
    config,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files: entries }),
  )
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], {
    stdio: 'inherit',
  })
  rmSync(config)
  const built = (path: string, extension: string) =>
    path.replace(/^\.\/src\//, './').replace(/\.ts$/, extension)
  const subpaths = Object.entries(exports).map(([subpath, path]) => [
    subpath,
    { types: built(path, '.d.ts'), default: built(path, '.js') },
  ])
  const commands = Object.entries(bin ?? {}).map(([command, path]) => [command, built(path, '.js')])
  writeFileSync(
    join(dist, 'package.json'),
    JSON.stringify(
      {
        ...manifest,
        ...published,
        exports: Object.fromEntries(subpaths),
        ...(bin ? { bin: Object.fromEntries(commands) } : {}),
      },
      null,
      2,
    ),
  )
  cpSync(join(root, 'LICENSE'), join(dist, 'LICENSE'))
  if (existsSync(join(folder, 'README.md'))) cpSync(join(folder, 'README.md'), join(dist, 'README.md'))
  return dist
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Manifest

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(buildPackage(process.argv[2] ?? ''))
