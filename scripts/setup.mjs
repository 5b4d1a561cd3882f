// Makes a fresh clone runnable: installs what package-lock.json names and is not there yet, and makes sure
// that the `node` which npm scripts get is new enough. Plain JavaScript for the Node that a machine happens
// to have (18 or later); Node 24 itself is one of the packages it installs.
//
//   node scripts/setup.mjs [--production]
//
// npm scripts call it as `(node scripts/setup.mjs) && exec node …`. The parentheses, because a shell remembers
// where it found a command: without a subshell the second `node` would still be the one from before the install.
// `exec`, because npm hands signals to the shell, and a shell that waits does not pass them on.
import { spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED_MAJOR = 24
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.grantry-setup.json')
// Beside node_modules, because `npm ci` empties that folder.
const lockDir = join(root, '.setup-lock')
const production = process.argv.includes('--production')
const windows = process.platform === 'win32'

class SetupError extends Error {}

try {
  const wanted = readLockfile()
  if (!isInstalled(wanted)) await withLock(() => isInstalled(wanted) || install(wanted))
  await requireNode()
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`\nSetup failed: ${error.message}\n`)
  process.exitCode = 1
}

/** The lockfile's text and hash. */
function readLockfile() {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8')
  return { text, hash: createHash('sha256').update(text).digest('hex') }
}

/** A development install holds everything that production needs, so it serves for both. */
function isInstalled(wanted) {
  const stamp = readJson(stampFile)
  if (stamp && stamp.lock === wanted.hash) return stamp.mode === 'development' || production
  if (!isInstalledByHand(wanted)) return false
  writeStamp(wanted)
  return true
}

/**
 * Somebody ran `npm install` or `npm ci` themselves: npm's own record of node_modules holds every package
 * of the lockfile that this mode and platform need.
 */
function isInstalledByHand(wanted) {
  const installed = readJson(join(modules, '.package-lock.json'))
  if (!installed) return false
  return Object.entries(JSON.parse(wanted.text).packages).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') || !isNeededHere(entry)) return true
    const found = installed.packages[path]
    return found && found.version === entry.version && found.integrity === entry.integrity
  })
}

function isNeededHere(entry) {
  if (production && (entry.dev || entry.devOptional)) return false
  if (!entry.optional && !entry.devOptional) return true
  return allows(entry.os, process.platform) && allows(entry.cpu, process.arch) && !entry.libc && !entry.peer
}

function allows(list, value) {
  if (!list) return true
  const items = [].concat(list)
  return (
    items.includes(value) || (items.every((item) => item.startsWith('!')) && !items.includes(`!${value}`))
  )
}

async function install(wanted) {
  const stamp = readJson(stampFile)
  // From production to development only adds packages. `npm ci` would first empty node_modules, perhaps under
  // a running server.
  const adds = !production && stamp && stamp.lock === wanted.hash
  const args = adds
    ? ['install', '--no-save', '--include=dev']
    : ['ci', production ? '--omit=dev' : '--include=dev']
  process.stdout.write(`Installing packages (npm ${args[0]}) … `)
  const started = Date.now()
  const result = await npm([...args, '--no-audit', '--no-fund', '--loglevel=error'])
  if (result.status !== 0) {
    process.stdout.write('failed\n')
    throw new SetupError(`npm ${args.join(' ')} ended with ${result.status}. It said:\n\n${result.output}`)
  }
  process.stdout.write(`done in ${Math.round((Date.now() - started) / 1000)} s\n`)
  if (!production && !isInstalledByHand(wanted) && (await omitsOptional())) {
    throw new SetupError(
      'npm is configured to leave out optional packages (omit=optional), but the tools that check and test Grantry ' +
        'come as such. Run `npm ci --include=dev --include=optional` once, then try again.',
    )
  }
  writeStamp(wanted)
}

function writeStamp(wanted) {
  const text = JSON.stringify({ lock: wanted.hash, mode: production ? 'production' : 'development' })
  const draft = `${stampFile}.${process.pid}`
  try {
    writeFileSync(draft, `${text}\n`)
    renameSync(draft, stampFile)
  } catch (error) {
    // A read-only tree (an image, another user's clone) that holds everything is as good without a stamp.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error
  }
}

/** Runs npm and keeps its output, to be shown only if it fails. */
function npm(args) {
  const cli = process.env.npm_execpath
  const own = cli && basename(cli) === 'npm-cli.js'
  const [command, prefix] = own ? [process.execPath, [cli]] : ['npm', []]
  return new Promise((resolve) => {
    const child = spawn(command, [...prefix, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: windows && !own,
    })
    const stop = () => child.kill()
    process.on('exit', stop)
    let output = ''
    let answer = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
      answer += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.on('error', (error) => resolve({ status: error.message, output, answer }))
    child.on('close', (status, signal) => {
      process.off('exit', stop)
      resolve({ status: status ?? signal, output, answer })
    })
  })
}

async function omitsOptional() {
  const { answer } = await npm(['config', 'get', 'omit'])
  return answer.split(/[\s,]+/).includes('optional')
}

/** Fails unless the `node` that npm scripts get (node_modules/.bin goes first on their PATH) is new enough. */
async function requireNode() {
  const packaged = join(modules, '.bin', windows ? 'node.cmd' : 'node')
  let found = existsSync(packaged) ? nodeVersion(packaged) : nodeVersion('node')
  if (!found && existsSync(packaged) && nodeVersion('node')) {
    // The packaged binary is linked against glibc; where it cannot run (musl) it must not hide one that can.
    rmSync(packaged, { force: true })
    found = nodeVersion('node')
  }
  if (found && Number.parseInt(found.slice(1), 10) >= NEEDED_MAJOR) return
  const why = (await omitsOptional())
    ? 'npm is configured to leave out optional packages (omit=optional), and Node 24 comes as one: run ' +
      '`npm ci --include=optional` once, or install Node.js 24 or later yourself.'
    : `No packaged Node.js runs on this platform (${process.platform} ${process.arch}): install Node.js 24 or later ` +
      '(https://nodejs.org/en/download) and see that it comes first on PATH.'
  throw new SetupError(
    `Grantry needs Node.js ${NEEDED_MAJOR} or later; here \`node\` is ${found || 'missing'}. ${why}`,
  )
}

function nodeVersion(command) {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== join(modules, '.bin'))
  const result = spawnSync(command, ['--version'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: path.join(delimiter), NODE_OPTIONS: '' },
    shell: windows,
  })
  return result.status === 0 ? result.stdout.trim() : null
}

/**
 * One installer at a time. The lock is a folder that appears complete, by rename; whoever finds the lock of
 * a process that is gone moves it to a name made of that lock's token, which only one finder can do.
 */
async function withLock(work) {
  const token = randomBytes(8).toString('hex')
  const draft = `${lockDir}-${token}`
  try {
    mkdirSync(draft)
  } catch (error) {
    throw new SetupError(`Packages are missing and ${root} cannot be written to (${error.code}).`)
  }
  writeFileSync(join(draft, '.gitignore'), '*\n')
  writeFileSync(join(draft, 'owner.json'), JSON.stringify({ pid: process.pid, host: hostname(), token }))
  let told = false
  let holds = false
  const graves = []
  process.on('exit', () => {
    release()
    for (const grave of graves) rmSync(grave, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
  while (!moved(draft, lockDir)) {
    const owner = readJson(join(lockDir, 'owner.json'))
    if (owner && isGone(owner)) {
      bury(owner.token)
      continue
    }
    if (owner && !told) {
      process.stdout.write(`Waiting for another setup to finish (process ${owner.pid}; ${lockDir}) …\n`)
      told = true
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  holds = true
  try {
    await work()
  } finally {
    release()
  }

  function release() {
    if (holds) bury(token)
    else rmSync(draft, { recursive: true, force: true })
    holds = false
  }

  // Kept until this process ends: a second finder of the same lock must not move the one that comes next.
  function bury(lockToken) {
    const grave = `${lockDir}-gone-${lockToken}`
    if (moved(lockDir, grave)) graves.push(grave)
  }
}

/** A process of another machine (or container) on the same folder cannot be asked: its lock ends after 30 minutes. */
function isGone(owner) {
  if (owner.host !== hostname()) {
    try {
      return Date.now() - statSync(lockDir).mtimeMs > 30 * 60_000
    } catch {
      return false
    }
  }
  try {
    process.kill(owner.pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

/** Whether the rename happened; false where the target is there already or somebody else moved the source. */
function moved(from, to) {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    const lost = ['EEXIST', 'ENOTEMPTY', 'ENOENT', ...(windows ? ['EPERM', 'EACCES'] : [])]
    if (lost.includes(error.code)) return false
    throw error
  }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
