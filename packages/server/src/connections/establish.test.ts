import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  addSandboxIntegration,
  confirmPage,
  connectAccount,
  consent,
  startSession,
} from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { eventsOf, readToken } from '../../../../test/support/importing.ts'

const ada = 'ada@example.com'
const grace = 'grace@example.com'

eachDatabase('a grant becomes a connection, or ends', (open) => {
  let grantry: TestGrantry
  let people = 0
  /** Of this test's own: what other tests have connected is no concern of it. */
  let integrations = new Map<string, string>()
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
  })
  afterAll(() => grantry?.close())
  beforeEach(() => {
    grantry.sandbox!.control.clearFaults()
    grantry.sandbox!.control.reset()
    integrations = new Map()
  })

  async function connect(provider: string, account: string) {
    const integration = integrations.get(provider) ?? (await addSandboxIntegration(grantry, provider)).id
    integrations.set(provider, integration)
    return connectAccount(grantry, { integration, end_user: { id: `u${++people}` } }, account)
  }
  const live = (provider: string, account: string) =>
    grantry.sandbox!.control.tokens({ provider, account, live: true }).length
  const works = async (id: string) => {
    const { status, body } = await readToken(grantry, id)
    return status === 200 && grantry.sandbox!.control.token(body.data.access_token)!.live
  }
  const queue = () => grantry.ctx.db.selectFrom('revocations').selectAll().execute()
  const queueIsDone = () => expect.poll(queue, { timeout: 10_000 }).toEqual([])
  const sealed = async (connection: string) => {
    const { body } = await grantry.call('GET', `/api/v1/connections/${connection}`)
    const rows = await grantry.ctx.db
      .selectFrom('token_requests as request')
      .innerJoin('connections as connection', 'connection.id', 'request.connection_id')
      .select(['request.id', 'connection.created_at', 'connection.end_user_id'])
      .where('connection.end_user_id', '=', body.data.end_user.id)
      .where((eb) => eb.or([eb('access_token', 'is not', null), eb('refresh_token', 'is not', null)]))
      .execute()
    return rows.length
  }

  /** Goes all the way to the confirm page of a renewal; what is returned presses its button. */
  async function renewal(connection_id: string, account: string, fields: Record<string, unknown> = {}) {
    const session = await startSession(grantry, { connection_id, ...fields })
    const callback = await consent(grantry, session.connect_url, { account })
    const page = await grantry.call('GET', callback, undefined, { key: null })
    return () => confirmPage(grantry, page.text, 'connect')
  }
  const renew = async (...of: Parameters<typeof renewal>) => (await renewal(...of))()

  test.each(['gmail', 'gitlab', 'stripe'])(
    '%s: another account was chosen: what it gave ends there',
    async (provider) => {
      const { id } = await connect(provider, ada)
      expect((await renew(id, grace)).status).toBe(409)
      await queueIsDone()
      expect(live(provider, grace)).toBe(0)
      expect(await works(id)).toBe(true)
      expect((await eventsOf(grantry, id)).at(-2)).toBe('connection.revoked_upstream')
    },
  )

  test('that account is connected elsewhere here: nothing of it is ended', async () => {
    const { id } = await connect('gmail', ada)
    const other = await connect('gmail', grace)
    expect((await renew(id, grace)).status).toBe(409)
    expect(await queue()).toEqual([])
    expect(await works(other.id)).toBe(true)
  })

  test('an account that is not known may be the same: nothing is ended, and that is written down', async () => {
    const { id } = await connect('gitlab', ada)
    const { control } = grantry.sandbox!
    control.fault({ endpoint: 'account', fault: 'status', status: 500, times: 'forever' })
    await renew(id, ada)
    expect(await queue()).toEqual([])
    expect(await works(id)).toBe(true)
    expect(await eventsOf(grantry, id)).toContain('connection.revocation_failed')
  })

  test.each(['gmail', 'stripe'])(
    '%s: the account is changed: what the one before gave ends',
    async (provider) => {
      const { id } = await connect(provider, ada)
      await renew(id, grace, { allow_account_change: true })
      await queueIsDone()
      expect(live(provider, ada)).toBe(0)
      expect(await works(id)).toBe(true)
      expect(await sealed(id)).toBe(1)
    },
  )

  test('the account is changed, and the one before is connected elsewhere here: it goes on', async () => {
    const { id } = await connect('gmail', ada)
    const other = await connect('gmail', ada)
    await renew(id, grace, { allow_account_change: true })
    expect(await queue()).toEqual([])
    expect(await works(other.id)).toBe(true)
  })

  test('ended while the person was at the provider: the new grant ends too', async () => {
    const { id } = await connect('gitlab', ada)
    const press = await renewal(id, ada)
    await grantry.call('DELETE', `/api/v1/connections/${id}`)
    expect((await press()).status).toBe(409)
    await queueIsDone()
    expect(live('gitlab', ada)).toBe(0)
  })

  test('refreshed while it is connected again: the tokens of neither before stay', async () => {
    const { id } = await connect('gitlab', ada)
    const { control } = grantry.sandbox!
    const press = await renewal(id, ada)
    control.fault({ fault: 'hold', endpoint: 'account' })
    const pressed = press()
    await expect.poll(() => control.held()).toBe(1)
    const refreshed = await grantry.call('POST', `/api/v1/connections/${id}/refresh`)
    expect(refreshed.status, refreshed.text).toBe(200)
    control.release()
    expect((await pressed).status).toBe(200)
    expect(await sealed(id)).toBe(1)
    expect(await works(id)).toBe(true)
  })
})
