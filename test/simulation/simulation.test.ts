import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { figure } from '../support/figures.ts'
import { simulate } from './run.ts'

const command = fileURLToPath(new URL('simulate.ts', import.meta.url))

function run(...args: string[]): Promise<{ code: number; printed: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, printed: stdout + stderr })
    })
  })
}

test('10,000 runs break no invariant', { timeout: 600_000 }, async () => {
  const { code, printed } = await run('--runs', '10000')
  expect(printed).toContain('10000 runs from seed 1')
  expect(printed).toContain('0 invariants broken')
  expect(code).toBe(0)
  figure('10,000 simulated runs: invariants broken', printed.trim().split('\n').at(-1)!)
})

test('the same seed plays the same run', async () => {
  const lines = async () => {
    const printed: string[] = []
    await simulate(4, null, { print: (line) => printed.push(line) })
    return printed
  }
  const [one, other] = [await lines(), await lines()]
  expect(one.length).toBeGreaterThan(50)
  expect(one).toEqual(other)
})
