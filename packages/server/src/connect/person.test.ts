import { encodeId } from '@grantry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, confirmPage, connectAccount } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { openBrowser, type TestBrowser } from '../../../../test/support/members.ts'
import { addMember, firstWorkspace } from '../../../../test/support/partner-app.ts'
import { firstHand, type Principal } from '../http/principal.ts'
import { openSession } from '../members/open-session.ts'
import { createSession } from './create-session.ts'
import { personOf } from './person.ts'
import { createReconnectLinks } from './reconnect-link.ts'

eachDatabase('who opens a connect link', (database) => {
  let grantry: TestGrantry
  let links: ReturnType<typeof createReconnectLinks>
  let connection: string

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: database.url, world: { background: false } })
    await addSandboxIntegration(grantry, 'gmail')
    links = createReconnectLinks(grantry.ctx)
    const { id } = await connectAccount(grantry, { provider: 'gmail', end_user: { id: 'u1' } })
    connection = id
  })
  afterAll(() => grantry?.close())

  const tokenOf = (of: Partial<Principal>): Principal => ({
    ...firstHand,
    kind: 'oauth_client',
    workspace: firstWorkspace,
    id: `grant of ${of.member ?? of.endUser}`,
    scopes: new Set(),
    app: null,
    endUser: null,
    ...of,
  })
  const linkFor = (principal: Principal) =>
    links(principal, { kind: principal.kind, id: null, requestId: null }, connection)

  async function signedIn(person: { member: string } | { endUser: string }): Promise<TestBrowser> {
    const who =
      'member' in person
        ? { kind: 'member' as const, member: person.member }
        : { kind: 'end_user' as const, endUser: person.endUser, email: null, name: null, idp: null }
    const { secret } = await openSession(
      grantry.ctx,
      grantry.ctx.db,
      { workspace: firstWorkspace, ...who } as Parameters<typeof openSession>[2],
      { address: '127.0.0.1', userAgent: 'test', replaced: null, requestId: 'test' },
    )
    const browser = openBrowser(grantry)
    browser.jar.set('grantry_session', secret)
    return browser
  }

  const account = 'ada@example.com'
  const consentOf = async (browser: TestBrowser, url: string) =>
    grantry.sandbox!.control.consent((await browser.get(url)).location!, { account })

  test("a link for a token's member: nobody signs in first, somebody else is refused, the member goes on", async () => {
    const { member } = await addMember(grantry, { email: 'm@example.com' })
    const other = await addMember(grantry, { email: 'other@example.com' })
    const { url } = await linkFor(tokenOf({ member }))
    const { pathname } = new URL(url)

    const nobody = await openBrowser(grantry).get(url)
    expect([nobody.status, nobody.location]).toEqual([
      302,
      `/sign-in?${new URLSearchParams({ workspace: encodeId('ws', firstWorkspace), next: pathname })}`,
    ])
    const refused = await (await signedIn({ member: other.member })).get(url)
    expect([refused.status, refused.location]).toEqual([403, null])
    expect(refused.text).toContain('made for somebody else')

    const browser = await signedIn({ member })
    const page = await browser.get(await consentOf(browser, url))
    expect(page.status).toBe(200)
    expect((await confirmPage(grantry, page.text, 'connect')).text).toContain('is connected to')
  })

  test('its callback ends in that person’s browser only, also where the link was passed by', async () => {
    const { member } = await addMember(grantry, { email: 'n@example.com' })
    const principal = tokenOf({ member })
    const wish = { connection_id: connection, binding: 'confirm', allow_account_change: false } as const
    const exchanged = () => grantry.sandbox!.control.calls({ endpoint: 'token' }).length
    const before = exchanged()
    const callbackOf = async () => {
      const actor = { kind: principal.kind, id: null, requestId: null }
      const made = await createSession(grantry.ctx, principal, actor, {
        ...wish,
        person: personOf(principal),
      })
      return grantry.sandbox!.control.consent(made.authorizationUrl!, { account })
    }
    for (const stranger of [openBrowser(grantry), await signedIn({ endUser: member })])
      expect((await stranger.get(await callbackOf())).status).toBe(403)
    const page = await (await signedIn({ member })).get(await callbackOf())
    expect([page.status, exchanged()]).toEqual([200, before])
    expect(page.text).toContain('name="secret"')
  })

  test("for an end user's token it is the end user who signs in; an API key's link asks for no sign-in", async () => {
    const { url } = await linkFor(tokenOf({ endUser: 'u1' }))
    expect((await openBrowser(grantry).get(url)).location).toContain('as=end_user')
    expect((await (await signedIn({ endUser: 'u2' })).get(url)).status).toBe(403)
    expect((await (await signedIn({ endUser: 'u1' })).get(url)).location).toContain(grantry.sandbox!.url)
    const open = await linkFor({ ...tokenOf({}), kind: 'api_key', id: 'k' })
    expect((await openBrowser(grantry).get(open.url)).location).toContain(grantry.sandbox!.url)
  })

  test('the same credential is told the same link while it is good', async () => {
    const principal = tokenOf({ endUser: 'u1' })
    const first = await linkFor(principal)
    expect(await linkFor(principal)).toEqual(first)
    grantry.clock.advance(601)
    expect((await linkFor(principal)).url).not.toBe(first.url)
  })
})
