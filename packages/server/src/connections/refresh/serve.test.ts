import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  importTokens,
  mintTokens,
  passTime,
  readToken,
  refreshCalls,
} from '../../../../../test/support/importing.ts'

eachDatabase('which token a read gets while a refresh is under way', (open) => {
  let grantry: TestGrantry
  let plain: string
  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      world: { background: false },
      providers: { pipedrive: { refresh: { kills_access_token: true } } },
    })
    grantry.sandbox!.control.settings('pipedrive', { kills_access_token: true, expires_in: 3600 })
    await addSandboxIntegration(grantry, 'pipedrive')
    plain = (await addPlainIntegration(grantry)).id
  })
  afterAll(() => grantry?.close())
  beforeEach(() => grantry.sandbox!.control.clearFaults())

  let user = 0
  /** A connection at a provider whose refresh kills the access token that came before. */
  const connectKilling = async (): Promise<string> =>
    (await connectAccount(grantry, { provider: 'pipedrive', end_user: { id: `u${++user}` } })).id
  const connectPlain = async (): Promise<string> =>
    (await importTokens(grantry, plain, await mintTokens(grantry), { expiresIn: 3600 })).id
  const tokenOf = async (answer: ReturnType<typeof readToken>) => {
    const { status, body, text } = await answer
    expect(status, text).toBe(200)
    return body.data.access_token as string
  }
  /** The provider has rotated, and does not answer until it is let go. */
  const hold = () => {
    const when = { grant_type: 'refresh_token' }
    grantry.sandbox!.control.fault({ fault: 'hold', after: true, endpoint: 'token', times: 'forever', when })
  }
  const held = (count: number) => expect.poll(() => grantry.sandbox!.control.held()).toBe(count)
  function letGo() {
    grantry.sandbox!.control.clearFaults()
    grantry.sandbox!.control.release()
  }
  const isLive = (token: string) => grantry.sandbox!.control.token(token)?.live

  test('in the buffer: a read waits a little for the refresh and then takes the token that is good still; where the refresh kills that one it waits for the new', async () => {
    const [killing, ordinary] = [await connectKilling(), await connectPlain()]
    const before = [await tokenOf(readToken(grantry, killing)), await tokenOf(readToken(grantry, ordinary))]
    passTime(grantry, 3400)
    hold()
    const calls = refreshCalls(grantry).length
    const starts = readToken(grantry, killing)
    await held(1)
    const joins = readToken(grantry, killing)
    const waited = await tokenOf(readToken(grantry, ordinary))
    // The others came before and would have given up by now, if they did.
    expect(waited).toBe(before[1])
    expect(isLive(waited)).toBe(true)
    letGo()
    const [one, two] = [await tokenOf(starts), await tokenOf(joins)]
    expect(two).not.toBe(before[0])
    expect([isLive(before[0]!), isLive(one), isLive(two)]).toEqual([false, true, true])
    expect(refreshCalls(grantry).length - calls).toBe(2)
  })

  test('long before the buffer: a read during somebody else’s refresh waits as well, only where that kills', async () => {
    const [killing, ordinary] = [await connectKilling(), await connectPlain()]
    const before = await tokenOf(readToken(grantry, ordinary))
    hold()
    const refreshes = [killing, ordinary].map((id) =>
      grantry.call('POST', `/api/v1/connections/${id}/refresh`),
    )
    await held(2)
    const waits = readToken(grantry, killing)
    expect(await tokenOf(readToken(grantry, ordinary))).toBe(before)
    letGo()
    expect(isLive(await tokenOf(waits))).toBe(true)
    expect((await Promise.all(refreshes)).map(({ status }) => status)).toEqual([200, 200])
  })

  test('the provider refuses before it has done anything: the token that there is goes on being served', async () => {
    const killing = await connectKilling()
    const before = await tokenOf(readToken(grantry, killing))
    passTime(grantry, 3400)
    grantry.sandbox!.control.fault({ fault: 'status', status: 429, endpoint: 'token' })
    expect(await tokenOf(readToken(grantry, killing))).toBe(before)
    expect(isLive(before)).toBe(true)
  })
})
