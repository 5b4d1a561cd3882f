// Builds the console into packages/console/dist, where the server finds it. Does nothing where that is already made of
// the sources as they are.
//
//   node scripts/build-console.ts
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'packages/console')
const dist = join(source, 'dist')
const stamp = join(dist, 'sources.sha256')
/** What the server puts in its place at each answer. */
const nonce = '__NONCE__'

/**
 * Builds it where that is needed, in a process of its own: what a build loads stays out of the one that asks.
 * @throws Error with what the build said
 */
export function ensureConsole(): void {
  if (isBuilt(hashSources())) return
  process.stdout.write('Building the console … ')
  const started = Date.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url)], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The console could not be built:\n${stdout}${stderr}`)
  process.stdout.write(`done in ${Math.round((Date.now() - started) / 1000)} s\n`)
}

const isBuilt = (hash: string): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === hash

async function buildConsole(): Promise<void> {
  const wanted = hashSources()
  if (isBuilt(wanted)) return
  // Whoever starts this, such as a test, may have said otherwise: React for development is twice the size.
  process.env.NODE_ENV = 'production'
  const { build } = await import('vite')
  await build({
    configFile: false,
    root: source,
    base: '/console/',
    logLevel: 'warn',
    html: { cspNonce: nonce },
    build: {
      outDir: dist,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      manifest: 'manifest.json',
      reportCompressedSize: false,
      // Libraries mark modules for servers that render; nothing is rendered on a server here.
      rolldownOptions: { checks: { moduleLevelDirective: false } },
      chunkSizeWarningLimit: 800,
    },
  })
  for (const file of globSync('assets/*', { cwd: dist })) compress(join(dist, file))
  writeFileSync(stamp, wanted)
}

/** Beside the file, so that the server need not do it at each answer. */
function compress(path: string): void {
  const bytes = readFileSync(path)
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
}

function hashSources(): string {
  const files = globSync(
    [
      'packages/{console,sdk,api}/{src/**/*,package.json,index.html}',
      'package-lock.json',
      'scripts/build-console.ts',
    ],
    { cwd: root, withFileTypes: true },
  )
    .filter((entry) => entry.isFile() && !/\.(test|fixture)\./.test(basename(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const hash = createHash('sha256')
  for (const file of files)
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildConsole()
