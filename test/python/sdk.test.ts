import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addSandboxIntegration } from '../support/connecting.ts'
import { createTestDatabase, type TestDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { findPython } from '../support/python.ts'
import { runProgram } from '../support/shell.ts'

const python = await findPython()
if ('missing' in python) console.warn(`The Python SDK is not tested: ${python.missing}.`)
const program = 'path' in python ? python.path : ''

/** The SDK's own tests, in `python/tests`, beside a server that this process runs for them. */
describe.skipIf('missing' in python).each([
  // What is judged without a server, and what the database cannot touch, is judged once.
  ['sqlite', ['.']],
  ['postgres', ['test_api.py', 'test_agent.py']],
] as const)('the Python SDK (%s)', (dialect, files) => {
  let database: TestDatabase
  let grantry: TestGrantry
  beforeAll(async () => {
    database = await createTestDatabase(dialect)
    grantry = await startTestGrantry({ databaseUrl: database.url })
    for (const provider of ['gmail', 'github']) await addSandboxIntegration(grantry, provider)
  })
  afterAll(async () => {
    await grantry?.close()
    await database?.drop()
  })

  test('passes its tests', { timeout: 180_000 }, async () => {
    const args = ['-m', 'pytest', '-q', '-c', 'python/pyproject.toml', '--rootdir=python']
    const { code, stdout } = await runProgram(
      program,
      [...args, ...files.map((file) => `python/tests/${file}`)],
      {
        env: {
          PYTHONDONTWRITEBYTECODE: '1',
          GRANTRY_URL: grantry.url,
          GRANTRY_API_KEY: grantry.apiKey,
          GRANTRY_TEST_SANDBOX: grantry.sandbox!.url,
        },
      },
    )
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+ passed(, \d+ warnings?)? in/m),
    })
    expect(stdout).not.toContain(grantry.apiKey)
  })
})

test.skipIf('missing' in python)('the Python SDK is typed, strictly', { timeout: 120_000 }, async () => {
  const args = ['-m', 'mypy', '--config-file=python/pyproject.toml', '--cache-dir=node_modules/.cache/mypy']
  const files = ['python/src/grantry', 'python/tests/typed_use.py']
  expect(await runProgram(program, [...args, ...files])).toMatchObject({ code: 0, stderr: '' })
})
