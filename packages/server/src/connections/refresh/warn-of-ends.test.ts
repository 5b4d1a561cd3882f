import { decodeId } from '@grantry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'
import { passTime, readToken } from '../../../../../test/support/importing.ts'
import { warnOfEnds } from './warn-of-ends.ts'

const day = 86_400

eachDatabase('telling of an end that is near', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      world: { background: false },
      // A month unused ends the refresh token, and two months end everything.
      providers: { pipedrive: { refresh: { idle_lifetime: 30 * day, absolute_lifetime: 60 * day } } },
    })
    await addSandboxIntegration(grantry, 'pipedrive')
  })
  afterAll(() => grantry?.close())

  let user = 0
  const connect = async (): Promise<{ id: string; begun: number }> => {
    const begun = grantry.clock.now()
    const { id } = await connectAccount(grantry, { provider: 'pipedrive', end_user: { id: `u${++user}` } })
    return { id, begun }
  }
  const warnings = async (id: string): Promise<{ data: { ends_at: string } }[]> => {
    const { body } = await grantry.call('GET', `/api/v1/events?connection=${id}&limit=200`)
    return body.data.filter(({ type }: { type: string }) => type === 'connection.expiring')
  }

  test('once, a week ahead, with the day: of several processes that look, one tells', async () => {
    const { id, begun } = await connect()
    passTime(grantry, 22 * day)
    await warnOfEnds(grantry.ctx)
    expect(await warnings(id)).toEqual([])
    passTime(grantry, 2 * day)
    await Promise.all([1, 2, 3].map(() => warnOfEnds(grantry.ctx)))
    await warnOfEnds(grantry.ctx)
    const [warning, ...more] = await warnings(id)
    expect(more).toEqual([])
    const ends = Date.parse(warning!.data.ends_at) - begun
    expect(Math.round(ends / 86_400_000)).toBe(30)
  })

  test('using it puts that end off; the end that nothing puts off is told of once, whatever is refreshed', async () => {
    const { id, begun } = await connect()
    for (const _ of [1, 2, 3]) {
      passTime(grantry, 15 * day)
      expect((await readToken(grantry, id)).status).toBe(200)
      await warnOfEnds(grantry.ctx)
    }
    expect(await warnings(id)).toEqual([])
    passTime(grantry, 9 * day)
    for (const _ of [1, 2, 3]) {
      await warnOfEnds(grantry.ctx)
      passTime(grantry, day)
      expect((await readToken(grantry, id)).status).toBe(200)
    }
    await warnOfEnds(grantry.ctx)
    const told = await warnings(id)
    expect(told).toHaveLength(1)
    expect(Math.round((Date.parse(told[0]!.data.ends_at) - begun) / 86_400_000)).toBe(60)
  })

  test('of a connection that has ended, nothing', async () => {
    const { id } = await connect()
    const { id: ended } = await connect()
    await grantry.call('DELETE', `/api/v1/connections/${id}`)
    const uuid = decodeId('con', ended)!
    const status = { status: 'needs_reauth', reason: 'set by a test' } as const
    await grantry.ctx.db.updateTable('connections').set(status).where('id', '=', uuid).execute()
    passTime(grantry, 31 * day)
    await warnOfEnds(grantry.ctx)
    expect([await warnings(id), await warnings(ended)]).toEqual([[], []])
  })
})
