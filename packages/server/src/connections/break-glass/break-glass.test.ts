import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addSandboxIntegration, startSession } from '../../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  eventsOf,
  importTokens,
  type Minted,
  mintTokens,
  passTime,
  readToken,
  showConnection,
} from '../../../../../test/support/importing.ts'
import { runDueRevocations } from '../revocation-queue.ts'
import { followBreakGlass } from './follow-up.ts'

eachDatabase('breaking glass', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
  })
  afterAll(() => grantry?.close())
  beforeEach(() => grantry.sandbox!.control.clearFaults())

  test('nothing yet', async () => {
    const integration = (await addPlainIntegration(grantry)).id
    const tokens = await mintTokens(grantry)
    const { id } = await importTokens(grantry, integration, tokens, { expiresIn: 3600 })
    const p = await grantry.call('POST', '/api/v1/break-glass/preview', { criteria: { integration_id: integration } })
    console.log(p.status, p.text)
    const s = await grantry.call('POST', '/api/v1/break-glass', { criteria: { integration_id: integration } })
    console.log(s.status, s.text)
    expect((await readToken(grantry, id)).status).toBe(409)
    await runDueRevocations(grantry.ctx)
    await followBreakGlass(grantry.ctx)
    console.log((await grantry.call('GET', `/api/v1/break-glass/${s.body.data.id}`)).text)
    console.log((await grantry.call('GET', `/api/v1/break-glass/${s.body.data.id}/connections`)).text)
    console.log((await grantry.call('GET', `/api/v1/break-glass/${s.body.data.id}/report?format=csv`)).text)
    console.log(await eventsOf(grantry, id))
  })
})
