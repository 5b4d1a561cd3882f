import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from '../../../../test/support/browser.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addClient, addMember, obtain, token } from '../../../../test/support/partner-app.ts'
import { pruneAuthorizationServer } from './prune.ts'

const day = 86_400

eachDatabase('pruning', (open) => {
  let grantry: TestGrantry
  let browser: Browser
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, sandbox: false, world: { background: false } })
    browser = (await addMember(grantry)).browser
  })
  afterAll(() => grantry?.close())

  const models = async () => {
    const rows = await grantry.ctx.db.selectFrom('oauth_records').select('model').execute()
    return rows.map(({ model }) => model).sort()
  }

  test('what has expired goes; a used refresh token stays for as long as it could be shown again', async () => {
    const client = await addClient(grantry)
    const { refresh_token } = await obtain(grantry, client, browser)
    const next = await token(grantry.url, client, { grant_type: 'refresh_token', refresh_token })
    await pruneAuthorizationServer(grantry.ctx)
    expect(await models()).toEqual(expect.arrayContaining(['AccessToken', 'AuthorizationCode']))
    grantry.clock.advance(2 * day)
    await pruneAuthorizationServer(grantry.ctx)
    expect(await models()).toEqual(['Grant', 'RefreshToken', 'RefreshToken', 'Session'])
    const replayed = await token(grantry.url, client, { grant_type: 'refresh_token', refresh_token })
    expect(replayed.body.error).toBe('invalid_grant')
    const after = await token(grantry.url, client, {
      grant_type: 'refresh_token',
      refresh_token: next.body.refresh_token,
    })
    expect(after.body.error).toBe('invalid_grant')
  })

  test('a consent that nobody uses for a month is over, and the log says so', async () => {
    const { browser } = await addMember(grantry, { email: 'idle@example.com' })
    await obtain(grantry, await addClient(grantry), browser)
    grantry.clock.advance(20 * day)
    await pruneAuthorizationServer(grantry.ctx)
    const grants = () =>
      grantry.ctx.db.selectFrom('oauth_grants').select('ended_at').orderBy('id', 'desc').execute()
    expect((await grants())[0]!.ended_at).toBeNull()
    grantry.clock.advance(12 * day)
    await pruneAuthorizationServer(grantry.ctx)
    expect((await grants())[0]!.ended_at).not.toBeNull()
    const events = await grantry.ctx.db
      .selectFrom('events')
      .select('data')
      .where('type', '=', 'oauth_grant.ended')
      .execute()
    expect(events.map(({ data }) => JSON.parse(data).reason)).toContain('idle')
  })
})
