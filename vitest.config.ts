import { defineConfig } from 'vitest/config'

const long = process.env.GRANTRY_LONG === '1'

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(long ? [] : ['**/*.long.test.ts'])],
    globalSetup: ['test/support/postgres-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Files share a worker's modules: each opens what it needs and closes it, and loading all of it anew takes a third of the time.
    isolate: false,
    testTimeout: long ? 600_000 : 30_000,
    hookTimeout: 90_000,
  },
})
