// Runs every check, in order of price, and ends with one line of numbers: `N passed, N failed, N skipped`.
//
//   node scripts/test.mjs [--long | --static] [vitest arguments …]
//
// --static  only what needs no running code: lint and format, types, import rules
// --long    the whole suite with the tests that take hours (they look at GRANTRY_LONG)
//
// Each static step counts as one test. All steps run, whatever failed before them.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(
    `The tests need Node.js 24 or later; this is ${process.version}. Run \`npm test\`, which brings one.`,
  )
  process.exit(1)
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const options = new Set(['--long', '--static'])
const args = process.argv.slice(2)
const long = args.includes('--long')
const onlyStatic = args.includes('--static')
const vitestArgs = args.filter((arg) => !options.has(arg))

const total = { passed: 0, failed: 0, skipped: 0 }
const lines = []
let interrupted = false

const folder = mkdtempSync(join(tmpdir(), 'grantry-test-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

// A minute of one core where they have to be made: it goes on beside the checks and the suite, whose tests wait for them.
if (!onlyStatic) {
  prepare('python', '../test/support/python.ts', 'installPython', (error) => ({ missing: error.message }))
  prepare('vault-servers', '../test/support/vault-servers.ts', 'installVaultServers', () => ({
    moto: null,
    bao: null,
  }))
}

// All at once: each has one thread for most of its time.
await Promise.all([
  step('lint and format', () => check(packageBin('@biomejs/biome'), ['check', '--error-on-warnings'])),
  step('types', () => checkTypes('.')),
  step('types of the console', () => checkTypes('packages/console')),
  step('import rules', () => check(join(root, 'scripts/check-imports.ts'), [])),
])
if (!onlyStatic) await step('suite', suite)

console.log(`\n${lines.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 || total.passed === 0 || interrupted ? 1 : 0

/** Starts what some tests need, and says to them what came of it (test/support/prepared.ts). */
async function prepare(name, module, install, withoutIt) {
  const said = await import(module).then((exports) => exports[install]()).catch(withoutIt)
  const missing =
    said.missing ??
    Object.keys(said)
      .filter((key) => said[key] === null)
      .join(' and ')
  if (missing) lines.push(`skipped tests of ${name}: ${missing} ${said.missing ? '' : 'could not be had'}`)
  const file = join(folder, `${name}.json`)
  writeFileSync(`${file}.part`, JSON.stringify(said))
  renameSync(`${file}.part`, file)
}

/** Runs one step, which answers whether it passed, or its own numbers. */
async function step(name, work) {
  if (interrupted) return
  console.log(`── ${name}`)
  const started = Date.now()
  let result
  try {
    result = await work()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    result = false
  }
  const counts = typeof result === 'object' ? result : { passed: +result, failed: +!result, skipped: 0 }
  for (const key of Object.keys(total)) total[key] += counts[key]
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  lines.push(`${counts.failed > 0 ? 'FAILED' : 'ok    '}  ${name} (${seconds} s)`)
}

async function suite() {
  const { findChromium } = await import('../test/support/chromium.ts')
  const browser = await findChromium()
  console.log(`Browser tests use ${browser}`)
  const file = join(folder, 'report.json')
  const passed = await run(
    packageBin('vitest'),
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...vitestArgs],
    { CHROMIUM_PATH: browser, GRANTRY_PREPARED: folder, ...(long ? { GRANTRY_LONG: '1' } : {}) },
  )
  return countSuite(JSON.parse(readFileSync(file, 'utf8')), passed)
}

/**
 * Vitest's numbers. A file that could not be loaded has no test in it, an error outside of a test belongs to
 * none, and a run of no test proves nothing: each counts as one failure.
 */
function countSuite(report, passed) {
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }
  const failed = report.testResults.filter(({ status }) => status === 'failed')
  counts.failed += failed.filter((file) => !file.assertionResults.some(isFailed)).length
  if (counts.failed === 0 && (!passed || counts.passed === 0)) counts.failed = 1
  // Once more at the end: of a long output that is what everybody keeps.
  for (const { name, assertionResults } of failed) {
    const tests = assertionResults.filter(isFailed).map(({ fullName }) => `: ${fullName}`)
    for (const test of tests.length > 0 ? tests : ['']) lines.push(`failed: ${relative(root, name)}${test}`)
  }
  return counts
}

function isFailed(test) {
  return test.status === 'failed'
}

/** The script behind a package's command: without npx there is no shell in between and no search for it. */
function packageBin(name, command = name.split('/').at(-1)) {
  const folder = join(root, 'node_modules', name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}

/** One checker: each further one works out the same types again, which costs more than it saves on few cores. */
function checkTypes(project) {
  return check(packageBin('typescript', 'tsc'), ['-p', project, '--pretty', 'false', '--checkers', '1'])
}

/** Runs a script beside others: what it prints comes in one piece. */
async function check(script, scriptArgs) {
  const printed = []
  const passed = await run(script, scriptArgs, {}, (chunk) => printed.push(chunk))
  process.stdout.write(Buffer.concat(printed))
  return passed
}

/** Runs a script of ours with this Node. Answers whether it ended well. What it prints is printed, or given to `hear`. */
function run(script, scriptArgs, env = {}, hear = undefined) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...scriptArgs], {
      cwd: root,
      stdio: ['ignore', hear ? 'pipe' : 'inherit', hear ? 'pipe' : 'inherit'],
      env: { ...process.env, ...env },
    })
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    const pass = (signal) => {
      interrupted = true
      child.kill(signal)
    }
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, pass)
    child.on('error', (error) => {
      console.error(error.message)
      resolve(false)
    })
    child.on('close', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM']) process.off(name, pass)
      if (signal) console.error(`Ended by ${signal}`)
      resolve(code === 0)
    })
  })
}
