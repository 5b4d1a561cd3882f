// Measures what docs/reliability.md says, with real processes, and ends with the table of figures.
//
//   node scripts/reliability.mjs [--short] [vitest arguments …]
//
// Whole it takes about an hour on two cores; --short plays each case once or twice, as `npm test` does.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const args = process.argv.slice(2)
const long = !args.includes('--short')
const given = args.filter((arg) => arg !== '--short')
const folder = mkdtempSync(join(tmpdir(), 'grantry-figures-'))
const file = join(folder, 'figures')
writeFileSync(file, '')
const child = spawn(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...(given.length > 0 ? given : measuring())],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, FIGURES_FILE: file, ...(long ? { GRANTRY_LONG: '1' } : {}) },
  },
)
child.on('close', (code) => {
  const rows = readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map(JSON.parse)
  rmSync(folder, { recursive: true, force: true })
  const memory = Math.ceil(totalmem() / 2 ** 30)
  console.log(`\n${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores, ${memory} GiB\n`)
  console.log('| case | figure |\n|---|---|')
  for (const { what, measured } of rows) console.log(`| ${what} | ${measured} |`)
  if (code !== 0) console.log('\nNot every test passed: see above.')
  process.exitCode = code ?? 1
})

/** Every test that records a figure. */
function measuring() {
  return ['test/faults', 'test/simulation'].flatMap((place) =>
    readdirSync(join(root, place))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `${place}/${name}`)
      .filter((path) => readFileSync(join(root, path), 'utf8').includes('support/figures.ts')),
  )
}
