import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addSandboxIntegration,
  confirmPage,
  consent,
  startSession,
} from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'

eachDatabase('connecting an account', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    await addSandboxIntegration(grantry, 'gmail')
  })
  afterAll(() => grantry?.close())

  test('confirm: by the connect link, the confirm page and one click; then a token that works', async () => {
    const session = await startSession(grantry, {
      provider: 'gmail',
      end_user: { id: 'u1', email: 'ada@example.com' },
      access_type: 'read',
    })
    const start = await grantry.call('GET', session.connect_url, undefined, { key: null })
    expect(start.status).toBe(302)
    const callback = await grantry.sandbox!.control.consent(start.headers.get('location')!, {
      account: 'ada@example.com',
    })
    const page = await grantry.call('GET', callback, undefined, { key: null })
    expect(page.status).toBe(200)
    expect(page.text).toContain('Connect your Gmail account to default?')
    expect(page.text).toContain('ada@example.com')
    expect(
      grantry.sandbox!.control.calls({
        provider: 'gmail',
        endpoint: 'token',
        grant_type: 'authorization_code',
        outcome: 'ok',
      }),
    ).toHaveLength(0)

    const done = await confirmPage(grantry, page.text, 'connect')
    expect(done.text).toContain('Gmail is connected to default.')
    // Pages of any origin may follow a session; they must be able to read what went wrong, too.
    for (const key of [session.connect_token, 'gct_wrong', null])
      for (const path of [session.id, 'cs_wrong', `${session.id}/finish`]) {
        const method = path.endsWith('finish') ? 'POST' : 'GET'
        const answer = await grantry.call(method, `/api/v1/connect-sessions/${path}`, undefined, { key })
        expect(answer.headers.get('access-control-allow-origin'), `${path} ${answer.status}`).toBe('*')
      }
    const status = await grantry.call('GET', `/api/v1/connect-sessions/${session.id}`, undefined, {
      key: session.connect_token,
    })
    expect(status.body.data).toMatchObject({ status: 'completed', error: null })
    const token = await grantry.call('GET', `/api/v1/connections/${status.body.data.connection_id}/token`)
    expect(token.body.data).toMatchObject({ provider: 'gmail', token_type: 'Bearer' })
    expect(grantry.sandbox!.control.token(token.body.data.access_token)).toMatchObject({ live: true })
    const shown = await grantry.call('GET', `/api/v1/connections/${status.body.data.connection_id}`)
    expect(shown.body.data).toMatchObject({
      status: 'active',
      account: { email: 'ada@example.com' },
      end_user: { id: 'u1' },
    })
  })

  test("without an end user: the page says that it becomes the workspace's own, and so it does", async () => {
    const session = await startSession(grantry, { provider: 'gmail' })
    const callback = await consent(grantry, session.connect_url)
    const page = await grantry.call('GET', callback, undefined, { key: null })
    expect(page.text).toContain(
      'It becomes <strong>default</strong>’s own: everyone who works there can use it.',
    )
    expect(page.text).not.toMatch(/It will be connected for|Not me/)
    await confirmPage(grantry, page.text, 'connect')
    const status = await grantry.call('GET', `/api/v1/connect-sessions/${session.id}`)
    const shown = await grantry.call('GET', `/api/v1/connections/${status.body.data.connection_id}`)
    expect(shown.body.data).toMatchObject({ status: 'active', end_user: null })
  })
})
