import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type OidcProvider, startOidcProvider } from '../../../../../test/conformance/oidc-provider-server.ts'
import { eachDatabase } from '../../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'
import {
  countedArgon2,
  createOwned,
  goodPassword,
  openBrowser,
  signIn,
  type TestBrowser,
} from '../../../../../test/support/members.ts'
import { readSession } from '../read-session.ts'

eachDatabase('signing in at an outside OpenID provider', (open) => {
  let grantry: TestGrantry
  let issuer: OidcProvider
  let people = 0
  let email: string
  let person: string
  let owned: Awaited<ReturnType<typeof createOwned>>
  let idp: { id: string; redirect_uri: string; [name: string]: unknown }

  beforeAll(async () => {
    issuer = await startOidcProvider()
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      sandbox: false,
      env: { GRANTRY_EGRESS_ALLOW: issuer.host },
      world: { background: false, argon2: countedArgon2().argon2 },
    })
  })
  afterAll(async () => {
    await grantry?.close()
    await issuer?.close()
  })
  beforeEach(async () => {
    email = `ada${++people}@example.com`
    person = `person-${open.dialect}-${people}`
    owned = await createOwned(grantry, email, 'Acme')
    idp = await addProvider()
  })

  async function addProvider(more: Record<string, unknown> = {}) {
    const client = await issuer.register()
    const made = await owned.browser.api('POST', '/identity-providers', {
      label: 'Company account',
      issuer: issuer.issuer,
      audience: 'members',
      client_id: client.client_id,
      client_secret: client.client_secret,
      scopes: [],
      ...more,
    })
    expect(made.status, made.text).toBe(201)
    await client.allow(made.body.data.redirect_uri)
    return made.body.data
  }
  /** Presses the button. Returns the address of the provider. */
  async function leave(browser: TestBrowser, fields: Record<string, string> = {}, provider = idp) {
    const answer = await browser.post(`/sign-in/outside/${provider.id}`, { workspace: owned.id, ...fields })
    expect(answer.status, answer.text).toBe(303)
    return answer.location!
  }
  async function link(as = person) {
    const page = await owned.browser.get(`/sign-in/link/${idp.id}`)
    // Its form leads to the provider; browsers would hold a policy against that.
    expect(page.headers.get('content-security-policy')).not.toContain('form-action')
    const fields = [...page.text.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ])
    const out = await leave(owned.browser, Object.fromEntries(fields))
    const back = await owned.browser.get(await issuer.signIn(out, as))
    expect([back.status, back.location]).toEqual([303, '/your-account'])
  }
  const eventTypes = async () =>
    (await owned.browser.api('GET', '/events?limit=50')).body.data.map(({ type }: { type: string }) => type)

  test('saved: the issuer is asked, the secret is written only', async () => {
    expect(idp).toMatchObject({
      issuer: issuer.issuer,
      audience: 'members',
      has_client_secret: true,
      redirect_uri: `${grantry.url}/sign-in/callback/${idp.id}`,
    })
    const row = await grantry.ctx.db.selectFrom('identity_providers').selectAll().executeTakeFirstOrThrow()
    expect(Buffer.from(row.client_secret!).toString('latin1')).not.toMatch(/[\w-]{40}/)
    const changed = await owned.browser.api('PATCH', `/identity-providers/${idp.id}`, {
      label: 'Other',
      client_secret: null,
    })
    expect(changed.body.data).toMatchObject({
      label: 'Other',
      has_client_secret: false,
      issuer: issuer.issuer,
    })
    for (const body of [{ issuer: 'https://evil.example' }, { audience: 'end_users' }])
      expect((await owned.browser.api('PATCH', `/identity-providers/${idp.id}`, body)).status).toBe(422)
    expect((await owned.browser.api('GET', '/identity-providers')).body.data).toEqual([changed.body.data])
  })

  test.each([
    ['http://169.254.169.254/', 422],
    ['http://localhost:1/', 422],
    ['javascript:alert(1)', 422],
    ['https://[::1]/', 422],
  ])('%s is no issuer', async (bad, status) => {
    const body = { label: 'x', issuer: bad, audience: 'members', client_id: 'x' }
    expect((await owned.browser.api('POST', '/identity-providers', body)).status).toBe(status)
  })

  test("another workspace's provider is not there: not to see, not to change, not to sign in at", async () => {
    const stranger = await createOwned(grantry, `s-${email}`)
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', { label: 'x' }],
      ['DELETE', undefined],
    ] as const)
      expect((await stranger.browser.api(method, `/identity-providers/${idp.id}`, body)).status).toBe(404)
    const out = await stranger.browser.post(`/sign-in/outside/${idp.id}`, { workspace: stranger.id })
    expect([out.status, out.cookies]).toEqual([404, []])
  })

  describe('members', () => {
    test('linked by a signed-in member, then signed in by it; unlinked, no more', async () => {
      const offered = { id: idp.id, label: 'Company account' }
      const offers = async () => (await owned.browser.api('GET', '/account/identity-providers')).body.data
      expect(await offers()).toEqual([{ ...offered, linked: false }])
      await link()
      expect(await offers()).toEqual([{ ...offered, linked: true }])
      const browser = openBrowser(grantry)
      const page = await browser.get(`/sign-in?workspace=${owned.id}&next=/docs`)
      expect(page.text).toContain('Sign in with Company account')
      const callback = await issuer.signIn(await leave(browser, { next: '/docs' }), person)
      const back = await browser.get(callback)
      expect([back.status, back.location]).toEqual([303, '/docs'])
      expect((await browser.api('GET', '/session')).body.data.member.email).toBe(email)
      expect(await eventTypes()).toEqual(
        expect.arrayContaining(['member.identity_linked', 'member.signed_in']),
      )
      expect((await browser.api('GET', '/account/identities')).body.data).toMatchObject([
        { identity_provider: idp.id, issuer: issuer.issuer, subject: person },
      ])
      expect((await browser.api('DELETE', `/account/identities/${idp.id}`)).status).toBe(200)
      const again = await browser.get(await issuer.signIn(await leave(browser), person))
      expect(again.status).toBe(403)
    })

    test('an account that nobody linked signs nobody in, though its subject be the very e-mail address', async () => {
      const browser = openBrowser(grantry)
      const back = await browser.get(await issuer.signIn(await leave(browser), email))
      expect(back.status).toBe(403)
      expect(back.text).toContain('is not linked to a member')
      expect(browser.jar.has('grantry_session')).toBe(false)
    })

    test('an invitation accepted by it, once; the way in cannot be unlinked before there is another', async () => {
      const invited = `grace-${email}`
      const { body } = await owned.browser.api('POST', '/invitations', { email: invited, role: 'developer' })
      const token = body.data.link.split('/').at(-1)
      const browser = openBrowser(grantry)
      expect((await browser.get(body.data.link)).text).toContain('Join with Company account')
      const [one, two] = [openBrowser(grantry), openBrowser(grantry)]
      const first = await issuer.signIn(await leave(one, { invitation: token }), person)
      const second = await issuer.signIn(await leave(two, { invitation: token }), `${person}-2`)
      expect((await one.get(first)).status).toBe(303)
      expect((await two.get(second)).status).toBe(410)
      expect((await one.api('GET', '/session')).body.data.member).toMatchObject({
        email: invited,
        role: 'developer',
        has_password: false,
      })
      expect((await one.api('DELETE', `/account/identities/${idp.id}`)).status).toBe(409)
      const password = await one.api('POST', '/account/password', { new_password: goodPassword })
      expect(password.status, password.text).toBe(200)
      expect((await one.api('DELETE', `/account/identities/${idp.id}`)).status).toBe(200)
      expect((await signIn(openBrowser(grantry), invited)).status).toBe(303)
    })

    test("the owner's link needs an address, which this provider does not tell", async () => {
      const made = await grantry.call(
        'POST',
        '/api/v1/workspaces',
        { name: 'w' },
        { key: grantry.operatorKey },
      )
      const { id, api_key: key, owner_link } = made.body.data
      const client = await issuer.register()
      const other = await grantry.call(
        'POST',
        '/api/v1/identity-providers',
        { label: 'x', issuer: issuer.issuer, audience: 'members', scopes: [], ...client, allow: undefined },
        { key },
      )
      await client.allow(other.body.data.redirect_uri)
      const browser = openBrowser(grantry)
      const fields = { workspace: id, invitation: owner_link.split('/').at(-1) }
      const out = await browser.post(`/sign-in/outside/${other.body.data.id}`, fields)
      const back = await browser.get(await issuer.signIn(out.location!, person))
      expect([back.status, browser.jar.has('grantry_session')]).toEqual([422, false])
      expect((await browser.get(owner_link)).status).toBe(200)
    })

    test('one account is one member', async () => {
      await link()
      const { body } = await owned.browser.api('POST', '/invitations', { email: `x-${email}`, role: 'admin' })
      const browser = openBrowser(grantry)
      const token = body.data.link.split('/').at(-1)
      const back = await browser.get(await issuer.signIn(await leave(browser, { invitation: token }), person))
      expect([back.status, browser.jar.has('grantry_session')]).toEqual([409, false])
      // The invitation was not spent by it.
      expect((await browser.get(body.data.link)).status).toBe(200)
    })

    test('only who is signed in is asked whether to link, and only at a provider of members', async () => {
      const page = `/sign-in/link/${idp.id}`
      const nobody = await openBrowser(grantry).get(page)
      expect([nobody.status, nobody.location]).toEqual([302, `/sign-in?next=${encodeURIComponent(page)}`])
      const stranger = await createOwned(grantry, `s-${email}`)
      expect((await stranger.browser.get(page)).status).toBe(404)
      expect((await stranger.browser.api('GET', '/account/identity-providers')).body.data).toEqual([])
    })

    test('to link needs the session, its token, and the same session at the end', async () => {
      const csrf = (await owned.browser.api('GET', '/session')).body.data.csrf
      const path = `/sign-in/outside/${idp.id}`
      const fields = { workspace: owned.id, link: '1' }
      expect((await openBrowser(grantry).post(path, { ...fields, csrf })).status).toBe(410)
      expect((await owned.browser.post(path, fields)).status).toBe(403)
      expect((await owned.browser.post(path, { ...fields, csrf: 'x' })).status).toBe(403)
      const callback = await issuer.signIn(await leave(owned.browser, { ...fields, csrf }), person)
      await signIn(owned.browser, email)
      const back = await owned.browser.get(callback)
      expect(back.status).toBe(410)
      expect((await owned.browser.api('GET', '/account/identities')).body.data).toEqual([])
    })

    test('removed with the provider: links, sessions, attempts', async () => {
      await link()
      const browser = openBrowser(grantry)
      await browser.get(await issuer.signIn(await leave(browser), person))
      const late = openBrowser(grantry)
      const callback = await issuer.signIn(await leave(late), person)
      expect((await owned.browser.api('DELETE', `/identity-providers/${idp.id}`)).status).toBe(200)
      expect((await browser.api('GET', '/session')).status).toBe(401)
      expect((await late.get(callback)).status).toBe(400)
      expect((await owned.browser.api('GET', '/account/identities')).body.data).toEqual([])
      expect((await owned.browser.api('GET', '/session')).status).toBe(200)
    })
  })

  describe('end users', () => {
    test('are known by the subject, reach nothing of the API, and for an hour', async () => {
      const theirs = await addProvider({ audience: 'end_users', label: 'Acme account' })
      const browser = openBrowser(grantry)
      const page = await browser.get(`/sign-in?workspace=${owned.id}&as=end_user&next=/connect/x`)
      expect(page.text).toContain('Sign in with Acme account')
      expect(page.text).not.toMatch(/Company account|type="password"/)
      const back = await browser.get(
        await issuer.signIn(await leave(browser, { next: '/connect/x' }, theirs), person),
      )
      expect([back.status, back.location]).toEqual([303, '/connect/x'])
      const cookie = `grantry_session=${browser.jar.get('grantry_session')}`
      const session = await readSession(grantry.ctx, { cookie })
      expect(session).toMatchObject({ kind: 'end_user', endUser: person, email: null })
      for (const path of ['/session', '/workspace', '/connections'])
        expect((await browser.api('GET', path)).status).toBe(401)
      const events = (await owned.browser.api('GET', '/events?type=end_user.signed_in')).body.data
      expect(events).toMatchObject([{ end_user_id: person }])
      grantry.clock.advance(3601)
      expect(await readSession(grantry.ctx, { cookie })).toBeNull()
      expect((await signIn(owned.browser, email)).status).toBe(303)
    })

    test('are not members: an account of theirs is no way to be one, nor the other way round', async () => {
      await link()
      const theirs = await addProvider({ audience: 'end_users', label: 'Acme account' })
      const browser = openBrowser(grantry)
      await browser.get(await issuer.signIn(await leave(browser, {}, theirs), person))
      expect((await browser.api('GET', '/session')).status).toBe(401)
      const { body } = await owned.browser.api('POST', '/invitations', { email: `x-${email}`, role: 'admin' })
      const fields = { workspace: owned.id, invitation: body.data.link.split('/').at(-1) }
      expect((await browser.post(`/sign-in/outside/${theirs.id}`, fields)).status).toBe(410)
    })

    test('without a provider for them there is nowhere to sign in', async () => {
      const page = await openBrowser(grantry).get(`/sign-in?workspace=${owned.id}&as=end_user`)
      expect([page.status, page.text]).toEqual([404, expect.stringContaining('nowhere to sign in')])
    })
  })

  describe('attacks', () => {
    beforeEach(() => link())
    const arriveAt = async (browser: TestBrowser, callback: string) => {
      const answer = await browser.get(callback)
      expect(browser.jar.has('grantry_session')).toBe(false)
      return answer.status
    }

    test('the cookie of the way out is short-lived, for this host, and gone on the way back', async () => {
      const browser = openBrowser(grantry)
      const out = await browser.post(`/sign-in/outside/${idp.id}`, { workspace: owned.id })
      expect(out.cookies).toEqual([
        expect.stringMatching(/^grantry_flow=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=900$/),
      ])
      const sent = new URL(out.location!)
      expect(sent.searchParams.get('code_challenge_method')).toBe('S256')
      expect(sent.searchParams.get('scope')).toBe('openid')
      expect(sent.searchParams.get('nonce')).toMatch(/^[\w-]{32}$/)
      const back = await browser.get(await issuer.signIn(out.location!, person))
      expect(back.cookies).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^grantry_flow=; .*Max-Age=0/),
          expect.stringMatching(/^grantry_session=gss_/),
        ]),
      )
    })

    test('a callback in another browser, or in one with another cookie', async () => {
      const browser = openBrowser(grantry)
      const callback = await issuer.signIn(await leave(browser), person)
      expect(await arriveAt(openBrowser(grantry), callback)).toBe(400)
      const other = openBrowser(grantry)
      await leave(other)
      expect(await arriveAt(other, callback)).toBe(400)
    })

    test('a callback twice, and two at once', async () => {
      const browser = openBrowser(grantry)
      const callback = await issuer.signIn(await leave(browser), person)
      const flow = browser.jar.get('grantry_flow')!
      const twins = [openBrowser(grantry), openBrowser(grantry), openBrowser(grantry)]
      for (const twin of twins) twin.jar.set('grantry_flow', flow)
      const statuses = await Promise.all(twins.map(async (twin) => (await twin.get(callback)).status))
      expect(statuses.sort()).toEqual([303, 400, 400])
      expect((await browser.get(callback)).status).toBe(400)
    })

    test('a state that is late, forged, doubled, missing, or of another callback', async () => {
      const browser = openBrowser(grantry)
      const callback = new URL(await issuer.signIn(await leave(browser), person))
      const flow = browser.jar.get('grantry_flow')!
      const other = await addProvider()
      const change = (edit: (url: URL) => void) => {
        const url = new URL(callback)
        edit(url)
        return url.href
      }
      const state = callback.searchParams.get('state')!
      for (const url of [
        change((it) => it.searchParams.delete('state')),
        change((it) => it.searchParams.set('state', state.slice(0, -1) + (state.endsWith('A') ? 'E' : 'A'))),
        change((it) => it.searchParams.append('state', state)),
        change((it) => {
          it.pathname = `/sign-in/callback/${other.id}`
        }),
        change((it) => {
          it.pathname = '/sign-in/callback/x'
        }),
      ]) {
        browser.jar.set('grantry_flow', flow)
        expect(await arriveAt(browser, url)).toBe(400)
      }
      grantry.clock.advance(15 * 60)
      browser.jar.set('grantry_flow', flow)
      expect(await arriveAt(browser, callback.href)).toBe(400)
    })

    test('an answer of another issuer (mix-up), or of none where one is promised', async () => {
      for (const edit of [
        (url: URL) => url.searchParams.set('iss', 'https://evil.example'),
        (url: URL) => url.searchParams.delete('iss'),
        (url: URL) => url.searchParams.append('iss', issuer.issuer),
      ]) {
        const browser = openBrowser(grantry)
        const callback = new URL(await issuer.signIn(await leave(browser), person))
        edit(callback)
        expect(await arriveAt(browser, callback.href)).toBe(502)
      }
    })

    test('an ID token with another nonce', async () => {
      const browser = openBrowser(grantry)
      const out = new URL(await leave(browser))
      out.searchParams.set('nonce', 'of-another-sign-in')
      expect(await arriveAt(browser, await issuer.signIn(out.href, person))).toBe(502)
      expect(grantry.logs()).toContain('a sign-in at an outside provider failed')
    })

    test("a code of another client's, or of another sign-in", async () => {
      const [mine, victim] = [openBrowser(grantry), openBrowser(grantry)]
      const [own, stolen] = [
        new URL(await issuer.signIn(await leave(mine), `${person}-attacker`)),
        new URL(await issuer.signIn(await leave(victim), person)),
      ]
      own.searchParams.set('code', stolen.searchParams.get('code')!)
      expect(await arriveAt(mine, own.href)).toBe(502)
    })

    test('a refusal at the provider is told as one', async () => {
      const browser = openBrowser(grantry)
      const callback = new URL(await issuer.signIn(await leave(browser), person))
      callback.searchParams.delete('code')
      callback.searchParams.set('error', 'access_denied')
      expect(await arriveAt(browser, callback.href)).toBe(403)
    })

    test('a page of another site cannot begin one', async () => {
      const there = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
      const out = await openBrowser(grantry).post(
        `/sign-in/outside/${idp.id}`,
        { workspace: owned.id },
        there,
      )
      expect([out.status, out.cookies]).toEqual([403, []])
    })
  })
})
