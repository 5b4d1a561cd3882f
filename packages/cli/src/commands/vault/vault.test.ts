import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../../../../../test/support/cli.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'
import { resealNext } from '../../../../server/src/keyring/reseal-due.ts'

let grantry: TestGrantry
beforeAll(async () => {
  grantry = await startTestGrantry({ sandbox: false, world: { background: false } })
})
afterAll(() => grantry?.close())

const cli = (...args: string[]) =>
  runCli(['vault', ...args], {
    env: { GRANTRY_URL: grantry.url, GRANTRY_OPERATOR_KEY: grantry.operatorKey },
  })

test('the operator rotates, looks, and retires what nothing needs any more', async () => {
  expect((await cli('status')).stdout).toMatch(/wraps\n.*1 sealing, 0 former, 0 retired/)
  const workspace = (await grantry.call('GET', '/api/v1/workspace')).body.data.id
  expect((await cli('rotate', '--workspace', workspace)).stdout).toContain('1 data key is followed')
  while (await resealNext(grantry.ctx, new AbortController().signal));
  const [former] = (await cli('keys', '--state', 'former', '--json')).json
  expect(former).toMatchObject({ workspace_id: workspace, state: 'former' })

  const early = await cli('retire', former.id)
  expect(early.code).not.toBe(0)
  expect(early.stderr).toContain('less than an hour ago')
  expect((await cli('retire', '--all', '--json')).json).toMatchObject({
    retired: [],
    kept: [{ id: former.id }],
  })
  grantry.clock.advance(3600)
  expect((await cli('retire', '--all')).stdout).toContain('1 data key is destroyed, 0 kept')
  expect((await cli('keys', '--workspace', workspace)).stdout).toMatch(new RegExp(`${former.id} .*retired`))
  expect((await cli('rewrap')).stdout).toContain('being wrapped')
  expect((await cli('status', '--json')).json.data_keys).toEqual({ sealing: 1, former: 0, retired: 1 })
})

test('says what is missing, and asks nothing of the server for it', async () => {
  expect((await cli('rotate')).stderr).toContain('--workspace ID, or --all')
  expect((await cli('retire')).stderr).toContain('--all')
  const nobody = await runCli(['vault', 'status'], { env: { GRANTRY_URL: grantry.url } })
  expect(nobody.stderr).toContain('GRANTRY_OPERATOR_KEY')
})
