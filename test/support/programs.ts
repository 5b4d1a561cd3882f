import { spawn, spawnSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
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
  const { status, stderr } = spawnSync(process.execPath, [own, unfinished, folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The server could not be bundled:\n${stderr}`)
  return folder
}

async function make(unfinished: string, folder: string): Promise<void> {
  await bundle(unfinished)
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    // Another worker was first.
    if (!existsSync(folder)) throw error
    return rmSync(unfinished, { recursive: true })
  }
  for (const name of Object.keys(entries)) await compile(join(folder, `${name}.mjs`))
}

/** Starts it once and lets it end by itself, which is when Node keeps what it compiled: most that follow are killed. */
async function compile(program: string): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'grantry-compile-'))
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, [program], {
    env: { PATH, NODE_COMPILE_CACHE, GRANTRY_DATA_DIR: data, GRANTRY_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.on('data', (chunk) => /^API key /m.test(String(chunk)) && child.kill())
  const [code] = await once(child, 'exit')
  rmSync(data, { recursive: true, force: true })
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
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
  const sources = [
    'packages/*/src/**/*',
    'package-lock.json',
    'test/faults/stoppable-server.ts',
    'test/support/programs.ts',
  ]
  for (const file of globSync(sources, { cwd: root }).sort()) {
    const { mtimeMs, size } = statSync(join(root, file))
    hash.update(`${file} ${mtimeMs} ${size}\n`)
  }
  return hash.digest('hex').slice(0, 32)
}

if (import.meta.main) await make(process.argv[2]!, process.argv[3]!)
