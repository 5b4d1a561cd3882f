import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  importTokens,
  mintTokens,
  passTime,
  readToken,
} from '../../../../../test/support/importing.ts'
import { pruneRefreshes } from './prune.ts'

const day = 86_400

eachDatabase('what refreshing leaves behind', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
  })
  afterAll(() => grantry?.close())

  test('attempts go after a week, but the one whose tokens are in use stays, however old', async () => {
    const integration = (await addPlainIntegration(grantry)).id
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: -1 })
    for (let round = 0; round < 3; round++) {
      expect((await readToken(grantry, id)).status).toBe(200)
      passTime(grantry, 4000)
    }
    const { db } = grantry.ctx
    const kept = () => db.selectFrom('token_requests').select('id').orderBy('id').execute()
    const all = await kept()
    expect(all).toHaveLength(4)
    await pruneRefreshes(grantry.ctx)
    expect(await kept()).toEqual(all)
    passTime(grantry, 8 * day)
    await pruneRefreshes(grantry.ctx)
    const { token_request_id } = await db
      .selectFrom('connections')
      .select('token_request_id')
      .executeTakeFirstOrThrow()
    expect(await kept()).toEqual([{ id: token_request_id }])
    expect((await readToken(grantry, id)).status).toBe(200)
  })

  test('a refresh token that was rotated out takes its lease with it; others go after a day', async () => {
    const integration = (await addPlainIntegration(grantry)).id
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: -1 })
    const { db } = grantry.ctx
    await db.deleteFrom('refresh_leases').execute()
    expect((await readToken(grantry, id)).status).toBe(200)
    const leases = () => db.selectFrom('refresh_leases').select('token_key').execute()
    expect(await leases()).toEqual([])

    grantry.sandbox!.control.settings('plain', { rotates: false })
    const still = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: -1 })
    expect((await readToken(grantry, still.id)).status).toBe(200)
    expect(await leases()).toHaveLength(1)
    await pruneRefreshes(grantry.ctx)
    expect(await leases()).toHaveLength(1)
    await db
      .updateTable('refresh_leases')
      .set((eb) => ({ expires_at: eb('expires_at', '-', 25 * 3_600_000) }))
      .execute()
    await pruneRefreshes(grantry.ctx)
    expect(await leases()).toEqual([])
  })
})
