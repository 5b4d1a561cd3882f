import { spawnSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, globSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const own = fileURLToPath(import.meta.url)
const cache = join(root, 'node_modules/.cache/grantry-programs')
const entries = {
  main: join(root, 'packages/server/src/main.ts'),
  'stoppable-server': join(root, 'test/faults/stoppable-server.ts'),
}
const oldAfterMs = 3 * 3_600_000

export type ProgramName = keyof typeof entries

/**
 * A program for tests that start it over and over: its sources put together into few files, which halves what a start
 * costs. `test/security/process.test.ts` starts the server from the sources as they are.
 * @returns the path of its file
 */
export function programFile(name: ProgramName): string {
  made ??= bundled()
  return join(made, `${name}.mjs`)
}

let made: string | undefined

function bundled(): string {
  const folder = join(cache, hashSources())
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  for (const old of globSync('*', { cwd: cache })) {
    const { mtimeMs } = statSync(join(cache, old), { throwIfNoEntry: false }) ?? { mtimeMs: 0 }
    if (mtimeMs < Date.now() - oldAfterMs) rmSync(join(cache, old), { recursive: true, force: true })
  }
  const unfinished = join(cache, randomUUID())
  // In a process of its own: what bundling loads stays out of the tests'.
  const { status, stderr } = spawnSync(process.execPath, [own, unfinished], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The server could not be bundled:\n${stderr}`)
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    // Another worker was first.
    if (!existsSync(folder)) throw error
    rmSync(unfinished, { recursive: true })
  }
  return folder
}

async function bundle(outDir: string): Promise<void> {
  const { build } = await import('vite')
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    // It reads files of its own package.
    ssr: { noExternal: true, external: ['@scalar/fastify-api-reference', 'pg-native'] },
    build: {
      ssr: true,
      outDir,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: entries,
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
    plugins: [
      {
        name: 'own files are found from where their sources are',
        transform: (code, id) =>
          id.startsWith(join(root, 'packages'))
            ? code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
            : null,
      },
    ],
  })
}

function hashSources(): string {
  const hash = createHash('sha256').update(root)
  const sources = ['packages/*/src/**/*', 'package-lock.json', 'test/{faults,support}/*.ts']
  for (const file of globSync(sources, { cwd: root }).sort()) {
    const { mtimeMs, size } = statSync(join(root, file))
    hash.update(`${file} ${mtimeMs} ${size}\n`)
  }
  return hash.digest('hex').slice(0, 32)
}

if (import.meta.main) await bundle(process.argv[2]!)
