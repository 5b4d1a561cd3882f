import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addSandboxIntegration, confirmPage, connectAccount } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { openBrowser, type TestBrowser } from '../../../../test/support/members.ts'

const page = (text: string) => ({
  heading: /<h1>(.*?)<\/h1>/.exec(text)?.[1],
  accounts: [...text.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, name]) => name),
  csrf: /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '',
})

eachDatabase("an end user's own page", (open) => {
  let grantry: TestGrantry
  let gmail: string
  let browser: TestBrowser

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    await addSandboxIntegration(grantry, 'gmail')
    await addSandboxIntegration(grantry, 'pipedrive')
  })
  afterAll(() => grantry?.close())
  beforeEach(async () => {
    gmail = (
      await connectAccount(grantry, { provider: 'gmail', end_user: { id: 'ada' }, access_type: 'read' })
    ).id
    browser = openBrowser(grantry)
  })

  const link = async (body: Record<string, unknown> = {}) => {
    const made = await grantry.call('POST', '/api/v1/manage-links', { end_user: { id: 'ada' }, ...body })
    expect(made.status).toBe(201)
    return made.body.data.url as string
  }
  const arrive = async (who = browser, url?: string) => {
    expect(await who.get(url ?? (await link()))).toMatchObject({ status: 303, location: '/manage' })
    const shown = await who.get('/manage')
    expect(shown.status).toBe(200)
    return shown.text
  }
  const post = (path: string, fields: Record<string, string>, headers?: Record<string, string>) =>
    browser.post(path, fields, headers)
  const status = async (id: string) =>
    (await grantry.call('GET', `/api/v1/connections/${id}`)).body.data.status

  test('shows their accounts and nobody else’s: what each may do, and when it was last used', async () => {
    await connectAccount(grantry, { provider: 'gmail', end_user: { id: 'grace' } }, 'grace@example.com')
    const before = await arrive()
    expect(page(before)).toMatchObject({
      heading: 'Your connected accounts at default',
      accounts: ['Gmail'],
    })
    expect(before).toContain('ada@example.com')
    expect(before).toContain('Read your emails, attachments and labels.')
    expect(before).not.toContain('grace@example.com')
    const another = await connectAccount(grantry, { provider: 'pipedrive', end_user: { id: 'ada' } })
    expect(page(await arrive()).accounts).toEqual(['Pipedrive', 'Gmail'])
    expect(await arrive()).not.toContain('Last used')
    await grantry.call('GET', `/api/v1/connections/${another.id}/token`)
    grantry.clock.advance(2 * 3600)
    const after = (await arrive()).split('<h2>')
    expect(after[1]).toContain('Last used 2 hours ago.')
    expect(after[2]).toContain('Not used in the last 90 days.')
    await grantry.call('DELETE', `/api/v1/connections/${another.id}`)
  })

  test('the link works once; in the browser that opened it, it goes on showing the page', async () => {
    const url = await link()
    await arrive(browser, url)
    expect(await browser.get(url)).toMatchObject({ status: 303, location: '/manage' })
    const other = openBrowser(grantry)
    const used = await other.get(url)
    expect([used.status, page(used.text).heading]).toEqual([410, 'This link does not work any more.'])
    expect(other.jar.size).toBe(0)
    expect((await other.get('/manage')).status).toBe(410)
  })

  test('the link ends after 10 minutes, the page after 30, or when it is closed', async () => {
    const late = await link()
    grantry.clock.advance(601)
    expect((await browser.get(late)).status).toBe(410)
    const csrf = page(await arrive()).csrf
    grantry.clock.advance(1801)
    expect((await browser.get('/manage')).status).toBe(410)
    expect((await post('/manage/disconnect', { csrf, connection: gmail })).status).toBe(410)
    const url = await link()
    const kept = page(await arrive(browser, url)).csrf
    const jar = new Map(browser.jar)
    const left = await post('/manage/leave', { csrf: kept })
    expect([left.status, page(left.text).heading]).toEqual([200, 'This page is closed.'])
    expect(browser.jar.size).toBe(0)
    for (const [name, value] of jar) browser.jar.set(name, value)
    expect((await browser.get('/manage')).status).toBe(410)
    expect((await browser.get(url)).status).toBe(410)
  })

  test('the cookie is for this page only, and for no script', async () => {
    const { cookies } = await browser.get(await link())
    expect(cookies).toHaveLength(1)
    expect(cookies[0]).toMatch(
      /^grantry_manage=gmc_\S+; Path=\/manage; HttpOnly; SameSite=Lax; Max-Age=1800$/,
    )
  })

  test('nothing is told to where a link on it leads, kept by a cache, or written into the log', async () => {
    const url = await link()
    const opened = await browser.get(url)
    const shown = await browser.get('/manage')
    for (const { headers } of [opened, shown]) {
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cache-control')).toBe('no-store')
    }
    expect(grantry.logs()).not.toContain(url.split('/').at(-1))
    expect(grantry.logs()).not.toContain(browser.jar.get('grantry_manage'))
  })

  test('disconnects after it has asked, and says what the provider did', async () => {
    const csrf = page(await arrive()).csrf
    const asked = await browser.get(`/manage/disconnect?connection=${gmail}`)
    expect(page(asked.text).heading).toBe('Disconnect Gmail from default?')
    expect(await status(gmail)).toBe('active')
    const done = await post('/manage/disconnect', { csrf, connection: gmail })
    expect(done.text).toContain('Gmail has been told, and has ended the access.')
    expect(await status(gmail)).toBe('revoked')
    expect(page((await browser.get('/manage')).text).accounts).toEqual([])
    const again = await post('/manage/disconnect', { csrf, connection: gmail })
    expect([again.status, page(again.text).heading]).toEqual([404, 'This account is not connected any more.'])
    const { body } = await grantry.call('GET', '/api/v1/events?limit=20')
    const told = body.data.filter(({ actor }: { actor: { kind: string } }) => actor.kind === 'manage_page')
    expect(told.slice(0, 2).map(({ type }: { type: string }) => type)).toEqual([
      'connection.revoked',
      'manage_page.opened',
    ])
  })

  test('says that the provider has not confirmed yet', async () => {
    const csrf = page(await arrive()).csrf
    grantry.sandbox!.control.fault({ endpoint: 'revoke', fault: 'status', status: 503, times: 'forever' })
    const done = await post('/manage/disconnect', { csrf, connection: gmail })
    grantry.sandbox!.control.clearFaults()
    expect(done.text).toContain('Gmail has not confirmed it yet')
  })

  test('reconnects by way of the provider, and comes back to the page', async () => {
    const csrf = page(await arrive()).csrf
    const out = await post('/manage/reconnect', { csrf, connection: gmail })
    expect(out.location).toMatch(/^\/connect\/gst_/)
    const start = await browser.get(out.location!)
    const callback = await grantry.sandbox!.control.consent(start.location!, { account: 'ada@example.com' })
    const confirmed = await confirmPage(grantry, (await browser.get(callback)).text, 'connect')
    const back = new URL(confirmed.headers.get('location')!)
    expect(`${back.origin}${back.pathname}`).toBe(`${grantry.url}/manage`)
    expect((await browser.get(back.href)).text).toContain('The account is connected again.')
    expect(await status(gmail)).toBe('active')
    const refused = await post('/manage/reconnect', { csrf, connection: gmail })
    const denied = await grantry.sandbox!.control.consent((await browser.get(refused.location!)).location!, {
      deny: true,
    })
    const told = await browser.get((await browser.get(denied)).location!)
    expect(told.text).toContain('The account was not connected again (access_denied).')
  })

  describe('what another page, person or link could try', () => {
    test('a form of another origin, or without the token of this page, changes nothing', async () => {
      const csrf = page(await arrive()).csrf
      const other = openBrowser(grantry)
      const theirs = page(await arrive(other)).csrf
      for (const path of ['/manage/disconnect', '/manage/reconnect', '/manage/leave'])
        for (const [fields, headers] of [
          [{ connection: gmail }, {}],
          [{ connection: gmail, csrf: theirs }, {}],
          [
            { connection: gmail, csrf },
            { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
          ],
        ] as const)
          expect((await post(path, fields as Record<string, string>, headers)).status).toBe(403)
      expect(await status(gmail)).toBe('active')
      expect((await browser.get('/manage')).status).toBe(200)
    })

    test('another end user’s connection is as one that does not exist', async () => {
      const { id } = await connectAccount(
        grantry,
        { provider: 'gmail', end_user: { id: 'grace' } },
        'grace@example.com',
      )
      const csrf = page(await arrive()).csrf
      expect((await browser.get(`/manage/disconnect?connection=${id}`)).status).toBe(404)
      for (const path of ['/manage/disconnect', '/manage/reconnect'])
        expect((await post(path, { csrf, connection: id })).status).toBe(404)
      expect(await status(id)).toBe('active')
    })

    test('a link for one app reaches that app’s connections only', async () => {
      const app_id = (await grantry.call('POST', '/api/v1/apps', { name: 'an app' })).body.data.id
      const inApp = { provider: 'pipedrive', end_user: { id: 'ada' }, app_id }
      const { id } = await connectAccount(grantry, inApp)
      expect(page(await arrive(browser, await link({ app_id }))).accounts).toEqual(['Pipedrive'])
      const csrf = page((await browser.get('/manage')).text).csrf
      expect((await post('/manage/disconnect', { csrf, connection: gmail })).status).toBe(404)
      expect((await post('/manage/disconnect', { csrf, connection: id })).status).toBe(200)
    })

    test('an end user’s own token makes none', async () => {
      const minted = await grantry.call('POST', '/api/v1/end-user-tokens', {
        end_user: { id: 'ada' },
        scopes: ['connections:write'],
      })
      const key = minted.body.data.token
      const made = await grantry.call('POST', '/api/v1/manage-links', { end_user: { id: 'ada' } }, { key })
      expect(made).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
    })

    test('names are text, whatever they hold', async () => {
      await grantry.call('PATCH', '/api/v1/workspace', { name: '<img src=x onerror=alert(1)>' })
      const shown = await arrive()
      expect(shown).not.toContain('<img')
      const back = await browser.get('/manage?error=<script>alert(1)</script>')
      expect(back.text).not.toContain('alert(1)</script>')
      await grantry.call('PATCH', '/api/v1/workspace', { name: 'default' })
    })
  })
})
