import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'
import { roomy } from './test/support/roomy.ts'

const long = process.env.GRANTRY_LONG === '1'

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(long ? [] : ['**/*.long.test.ts'])],
    globalSetup: [
      'test/support/memory-folder-setup.ts',
      'test/support/postgres-setup.ts',
      'test/support/console-setup.ts',
    ],
    pool: 'forks',
    // Two for each core of the machines that this is meant for: many a test waits for a clock or another process.
    maxWorkers: 4,
    // Hundreds of processes are started: all but the first are spared compiling.
    env: {
      NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/grantry-compiled', import.meta.url)),
    },
    execArgv: roomy,
    // Files share a worker's modules: each opens what it needs and closes it, and loading all of it anew takes a third of the time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    testTimeout: long ? 600_000 : 30_000,
    hookTimeout: 90_000,
    // What is awaited by asking again: a busy machine is no failure.
    expect: { poll: { timeout: 15_000 } },
  },
})
