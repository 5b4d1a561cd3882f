import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../../../../../test/support/cli.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'
import { addPlainIntegration, importTokens } from '../../../../../test/support/importing.ts'

let grantry: TestGrantry
let plain: string
let mute: string
beforeAll(async () => {
  grantry = await startTestGrantry()
  plain = (await addPlainIntegration(grantry)).id
  mute = (await addPlainIntegration(grantry, { label: 'Mute', revocation_url: undefined })).id
})
afterAll(() => grantry?.close())

const cli = (args: string[], env: Record<string, string> = {}) =>
  runCli(['break-glass', ...args], {
    env: { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey, ...env },
  })
let count = 0
const connect = async (integration: string) =>
  (
    await importTokens(
      grantry,
      integration,
      { access_token: `access-${count}`, refresh_token: `refresh-${count++}` },
      { expiresIn: 86_400 },
    )
  ).id as string

test('says what would end, asks, ends it, follows it to the providers, and reports', async () => {
  const [revoked, left] = [await connect(plain), await connect(mute)]
  const dry = await cli(['--everything', '--dry-run'])
  expect(dry.code).toBe(0)
  expect(dry.stderr).toMatch(/^2 connections would end:$/m)
  expect(dry.stderr).toMatch(/1 {2}Mute, which has no way to revoke: manual work/)
  const unasked = await cli(['--everything'])
  expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--yes')])
  expect((await cli([])).code).toBe(2)
  expect((await cli(['--everything', '--provider', 'gmail'])).code).toBe(2)
  const slip = await cli(['sttaus'])
  expect([slip.code, slip.stderr]).toEqual([2, expect.stringContaining('There is no "break-glass sttaus".')])
  const unknown = await cli(['--provider', 'gmial', '--dry-run'])
  expect([unknown.code, unknown.stderr]).toEqual([
    1,
    expect.stringContaining('criteria.provider: there is no provider "gmial"'),
  ])
  expect((await cli(['--integration', 'Mute', '--dry-run'])).stderr).toMatch(/^1 connection would end:$/m)
  expect((await cli(['--provider', 'slack', '--yes'])).code).toBe(3)

  const done = await cli(['--everything', '--yes'])
  expect(done.code, done.stderr).toBe(0)
  expect(done.stdout).toMatch(/^revoked at the provider +1$/m)
  expect(done.stdout).toMatch(/^no way to revoke +1$/m)
  const id = /^id +(bgl_\S+)$/m.exec(done.stdout)![1]!
  expect(done.stdout).toContain(`Next: grantry break-glass report ${id} --manual`)
  expect((await cli(['status', id])).stdout).toMatch(/^manual work +1$/m)
  expect((await cli(['list', '--json'])).json).toMatchObject([{ id, connections: 2 }])

  const manual = (await cli(['report', id, '--manual'])).stdout
  expect(manual).toContain(left)
  expect(manual).toContain('sandbox-plain at Mute')
  expect(manual).not.toContain(revoked)
  const file = await cli(['report', id, '--format', 'jsonl', '--outcome', 'revoked'])
  expect(JSON.parse(file.stdout)).toMatchObject({ connection_id: revoked, answer: { status: 200 } })
  const path = join(grantry.dataDir, 'report.csv')
  expect((await cli(['report', id, '--format', 'csv', '--output', path])).code).toBe(0)
  expect((await readFile(path, 'utf8')).split('\r\n')).toHaveLength(4)
  expect((await cli(['report', id, '--output', `${path}2`])).code).toBe(2)
})

test('the operator does the same in one workspace or in all, by their own key', async () => {
  await connect(mute)
  const by = { GRANTRY_OPERATOR_KEY: grantry.operatorKey }
  expect((await cli(['--all-workspaces', '--everything', '--dry-run'])).stderr).toMatch(
    /GRANTRY_OPERATOR_KEY/,
  )
  const done = await cli(['--all-workspaces', '--everything', '--yes'], by)
  expect(done.code, done.stderr).toBe(0)
  const id = /^id +(bgl_\S+)$/m.exec(done.stdout)![1]!
  expect(done.stdout).toContain(`Next: grantry break-glass report ${id} --manual --operator`)
  expect((await cli(['status', id, '--operator'], by)).code).toBe(0)
  expect((await cli(['report', id, '--operator', '--json'], by)).json).toHaveLength(1)
})
