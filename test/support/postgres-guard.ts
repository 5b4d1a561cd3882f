/**
 * Keeps one PostgreSQL server for the process that started this one: when that process closes our standard input, or
 * dies however it dies, the server is stopped and its folder removed. Started by ./postgres.ts.
 */
import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import type { GuardOrder } from './postgres.ts'

const order = JSON.parse(process.argv[2]!) as GuardOrder

// Ctrl-C reaches the whole group. PostgreSQL stops by itself then, and we have still to remove its folder.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

const server = spawn(order.program, order.arguments, {
  cwd: order.folder,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: order.environment,
  ...order.user,
})
server.once('error', (error) => {
  console.error(error.message)
  process.exitCode = 1
})

process.stdin.resume()
process.stdin.once('close', () => server.kill('SIGINT'))
server.once('close', async () => {
  await rm(order.folder, { recursive: true, force: true })
  process.exit()
})
