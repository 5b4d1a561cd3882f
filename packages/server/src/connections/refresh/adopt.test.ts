import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectAccount } from '../../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  importTokens,
  mintTokens,
  passTime,
  readToken,
  refreshCalls,
  showConnection,
} from '../../../../../test/support/importing.ts'
import { runDueRevocations } from '../revocation-queue.ts'
import { createRefreshing } from './create.ts'
import { acquireLease, releaseLease } from './lease.ts'

eachDatabase('a pair that arrives after something has changed', (open) => {
  let grantry: TestGrantry
  let integration: string
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    integration = (await addPlainIntegration(grantry)).id
  })
  afterAll(() => grantry?.close())
  beforeEach(() => {
    grantry.sandbox!.control.clearFaults()
    grantry.sandbox!.control.settings('plain', { leeway: 0 })
  })

  const row = async () =>
    (await grantry.ctx.db.selectFrom('connections').selectAll().orderBy('id', 'desc').executeTakeFirst())!
  const requests = () =>
    grantry.ctx.db.selectFrom('token_requests').selectAll().orderBy('id', 'desc').execute()

  /** An expired connection whose refresh the provider has done, but not yet answered. */
  async function heldRefresh() {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: -1 })
    grantry.sandbox!.control.fault({
      fault: 'hold',
      after: true,
      endpoint: 'token',
      when: { grant_type: 'refresh_token' },
    })
    const reading = readToken(grantry, id)
    await expect.poll(() => grantry.sandbox!.control.held()).toBe(1)
    return { id, reading }
  }

  test('ended meanwhile: the new pair is revoked too', async () => {
    const { control } = grantry.sandbox!
    const { id, reading } = await heldRefresh()
    // The first try fails, so that what ends the grant is the new pair.
    control.fault({ fault: 'status', status: 503, endpoint: 'revoke', times: 'forever' })
    expect((await grantry.call('DELETE', `/api/v1/connections/${id}`)).body.data.revoked_upstream).toBe(
      'pending',
    )
    control.release()
    expect((await reading).status).toBe(409)
    await grantry.ctx.sweep(AbortSignal.abort())
    const queued = () => grantry.ctx.db.selectFrom('revocations').selectAll().execute()
    expect(await queued()).toHaveLength(2)
    expect((await requests())[0]).toMatchObject({
      outcome: 'superseded',
      access_token: null,
      refresh_token: null,
    })
    control.clearFaults()
    const before = control.calls({ endpoint: 'revoke' }).length
    passTime(grantry, 60)
    await runDueRevocations(grantry.ctx)
    await expect.poll(queued).toEqual([])
    const hashes = control
      .calls({ endpoint: 'revoke' })
      .slice(before)
      .map((call) => call.refresh_token_hash)
    expect(new Set(hashes).size).toBe(2)
    expect(control.tokens({ provider: 'plain', live: true })).toEqual([])
  })

  test('connected again meanwhile: the tokens of the new consent stay', async () => {
    const { control } = grantry.sandbox!
    const { id, reading } = await heldRefresh()
    const again = await connectAccount(grantry, { integration, end_user: { id: 'u1' }, connection_id: id })
    expect(again.id).toBe(id)
    const { token_version, token_request_id } = await row()
    const token = (await readToken(grantry, id)).body.data.access_token
    control.release()
    const answer = await reading
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body.data.access_token).toBe(token)
    expect(await row()).toMatchObject({ token_version, token_request_id })
    expect(control.token(token)).toMatchObject({ live: true })
    passTime(grantry, 4000)
    expect((await readToken(grantry, id)).status).toBe(200)
  })

  test('a holder that outlived its lease does not overwrite what the next one got', async () => {
    const { control } = grantry.sandbox!
    control.settings('plain', { leeway: 3600 })
    const { id, reading } = await heldRefresh()
    await grantry.ctx.db.updateTable('refresh_leases').set({ expires_at: 0 }).execute()
    const another = createRefreshing(grantry.ctx).refresh
    expect(await another(await row())).toEqual({ ok: true })
    const token = (await readToken(grantry, id)).body.data.access_token
    const version = (await row()).token_version
    control.release()
    expect((await reading).body.data.access_token).toBe(token)
    expect((await row()).token_version).toBe(version)
    const outcomes = async () => (await requests()).slice(0, 2).map(({ outcome }) => outcome)
    expect(await outcomes()).toEqual(['stored', null])
    await grantry.ctx.sweep(AbortSignal.abort())
    expect(await outcomes()).toEqual(['stored', 'superseded'])
  })

  test('only the lease has passed on: the pair is kept, and the next holder takes it without asking', async () => {
    const { control } = grantry.sandbox!
    const { id, reading } = await heldRefresh()
    const { workspace_id, integration_id, refresh_token_hash } = await row()
    const killed = control.stats().families_killed
    await grantry.ctx.db.updateTable('refresh_leases').set({ expires_at: 0 }).execute()
    const key = { workspace: workspace_id, integration: integration_id, tokenKey: refresh_token_hash! }
    const taken = (await acquireLease(grantry.ctx, key))!
    await releaseLease(grantry.ctx, taken)
    const calls = refreshCalls(grantry).length
    control.release()
    const answer = await reading
    expect(answer.status, answer.text).toBe(200)
    expect(control.token(answer.body.data.access_token)).toMatchObject({ live: true })
    expect((await readToken(grantry, id)).body.data.access_token).toBe(answer.body.data.access_token)
    expect((await requests())[0]).toMatchObject({ outcome: 'stored', received_at: expect.any(Number) })
    expect(refreshCalls(grantry).length).toBe(calls)
    expect(control.stats().families_killed).toBe(killed)
  })

  test('a holder with too little left of its lease does not send', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: -1 })
    const calls = refreshCalls(grantry).length
    const { ctx } = grantry
    let asked = false
    // The lease runs out between taking it and sending.
    const vault = {
      ...ctx.vault,
      open: async (...place: Parameters<typeof ctx.vault.open>) => {
        if (!asked) await ctx.db.updateTable('refresh_leases').set({ expires_at: 0 }).execute()
        asked = true
        return ctx.vault.open(...place)
      },
    }
    const result = await createRefreshing({ ...ctx, vault }).refresh(await row())
    // It looks again, takes the lease anew, and only then sends.
    expect(result).toEqual({ ok: true })
    const [sent, notSent] = await requests()
    expect(notSent).toMatchObject({ outcome: 'transient', error: 'lease_lost' })
    expect(sent).toMatchObject({ outcome: 'stored' })
    expect(refreshCalls(grantry).length).toBe(calls + 1)
    expect((await readToken(grantry, id)).status).toBe(200)
    expect(await showConnection(grantry, id)).toMatchObject({ status: 'active' })
  })

  test('whoever joins a refresh whose time is nearly over goes on with one of its own', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: -1 })
    const { ctx, clock } = grantry
    const reached = Promise.withResolvers<void>()
    const going = Promise.withResolvers<void>()
    const { refresh } = createRefreshing(ctx, async (point) => {
      if (point !== 'journalled') return
      reached.resolve()
      await going.promise
    })
    const first = refresh(await row())
    await reached.promise
    // The process was stopped for longer than its lease.
    clock.advance(16)
    await ctx.db.updateTable('refresh_leases').set({ expires_at: 0 }).execute()
    const second = refresh(await row())
    going.resolve()
    expect(await first).toMatchObject({ ok: false, error: 'refresh_in_progress' })
    expect(await second).toEqual({ ok: true })
    expect(await showConnection(grantry, id)).toMatchObject({ status: 'active' })
  })

  test('tokens that were replaced rest nowhere', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: -1 })
    for (let round = 0; round < 3; round++) {
      expect((await readToken(grantry, id)).status).toBe(200)
      passTime(grantry, 4000)
    }
    const { id: uuid } = await row()
    const kept = (await requests()).filter((one) => one.connection_id === uuid && one.refresh_token !== null)
    expect(kept).toHaveLength(1)
  })
})
