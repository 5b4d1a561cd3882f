#!/usr/bin/env node
// Plain JavaScript for whatever Node a machine has (18 or later): where it is too old for the rest, the Node that
// scripts/setup.mjs installs with the packages takes over.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const needed = 24
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

if (Number.parseInt(process.versions.node, 10) >= needed) await import('../src/main.ts')
else {
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
  for (let folder = dirname(main); folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'node_modules', '.bin', name)
    if (existsSync(found)) return found
  }
  return null
}

function runBy(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  // From a terminal the child gets Ctrl-C itself; it decides when to end.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`grantry could not start ${node}: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('close', (code, signal) => {
    if (signal) process.kill(process.pid, signal)
    else process.exitCode = code ?? 1
  })
}
