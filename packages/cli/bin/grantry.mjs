#!/usr/bin/env node
// Plain JavaScript for whatever Node a machine has (18 or later): where it is too old for the rest, the Node that
// scripts/setup.mjs installs with the packages takes over.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import * as module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Arguments may hold a secret: from here on the process list shows this instead of them.
process.title = 'grantry'

const needed = 24
/** In place of arguments: they come by a pipe, which no process list shows. */
const piped = '--arguments-by-pipe'
const self = fileURLToPath(import.meta.url)

if (Number.parseInt(process.versions.node, 10) >= needed) {
  if (process.argv[2] === piped) process.argv.splice(2, 1, ...JSON.parse(readFileSync(3, 'utf8')))
  // Halves what a start costs, from the second on. Beside the code, where nobody else can write.
  // Where NODE_COMPILE_CACHE names another place, it is on already.
  module.enableCompileCache?.(
    fileURLToPath(new URL('../../../node_modules/.cache/grantry-compiled', import.meta.url)),
  )
  await import('../src/main.ts')
} else {
  const newer = findNode()
  if (newer) runBy(newer)
  else {
    process.stderr.write(
      `grantry needs Node.js ${needed} or later; this is ${process.version}. Run \`node scripts/setup.mjs\` once, which brings one.\n`,
    )
    process.exitCode = 1
  }
}

/** The packages' own, in the nearest node_modules above. */
function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  for (let folder = dirname(self); folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'node_modules', '.bin', name)
    if (existsSync(found)) return found
  }
  return null
}

function runBy(node) {
  const child = spawn(node, [self, piped], { stdio: ['inherit', 'inherit', 'inherit', 'pipe'] })
  child.stdio[3].end(JSON.stringify(process.argv.slice(2)))
  // From a terminal the child gets Ctrl-C itself; it decides when to end.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`grantry could not start ${node}: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('close', (code, signal) => {
    // A listener of ours would keep it from ending us.
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
    if (signal) process.kill(process.pid, signal)
    else process.exitCode = code ?? 1
  })
}
