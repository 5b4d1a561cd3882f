import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  countedArgon2,
  createOwned,
  goodPassword,
  openBrowser,
  signIn,
} from '../../../../test/support/members.ts'
import { firstOwnerLink } from './bootstrap-owner.ts'

const day = 24 * 3600

eachDatabase('joining', (open) => {
  let grantry: TestGrantry
  let people = 0
  let email: string
  let owned: Awaited<ReturnType<typeof createOwned>>

  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      sandbox: false,
      world: { background: false, argon2: countedArgon2().argon2 },
    })
  })
  afterAll(() => grantry?.close())
  beforeEach(async () => {
    email = `new${++people}@example.com`
    owned = await createOwned(grantry, `owner${people}@example.com`, 'Acme')
  })
  const invite = async (more: Record<string, unknown> = {}) =>
    (await owned.browser.api('POST', '/invitations', { email, role: 'developer', ...more })).body.data as {
      id: string
      link: string
    }
  const form = (more: Record<string, string> = {}) => ({ name: 'Grace', password: goodPassword, ...more })
  const openInvitations = async () => (await owned.browser.api('GET', '/invitations')).body.data
  const members = async () =>
    (await owned.browser.api('GET', '/members')).body.data as { email: string; role: string; name: string }[]

  test('an invitation: shown once, listed without its link, accepted by a form, signed in', async () => {
    const made = await owned.browser.api('POST', '/invitations', {
      email: ` ${email.toUpperCase()}`,
      role: 'viewer',
    })
    expect(made.status).toBe(201)
    expect(made.headers.get('cache-control')).toBe('no-store')
    expect(made.body.data).toMatchObject({
      email,
      role: 'viewer',
      link: expect.stringMatching(/\/invitations\/gin_/),
    })
    const { link, ...shown } = made.body.data
    expect(await openInvitations()).toEqual([shown])

    const browser = openBrowser(grantry)
    const page = await browser.get(link)
    expect(page.text).toMatch(/Join Acme on Grantry.*You will be a viewer/s)
    expect(page.text).toContain(`value="${email}"`)
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    const joined = await browser.post(link, form({ email: 'other@example.com' }))
    expect([joined.status, joined.location]).toEqual([303, '/'])
    expect((await browser.api('GET', '/session')).body.data).toMatchObject({
      member: { email, name: 'Grace', role: 'viewer' },
      workspace: { id: owned.id },
    })
    expect(await openInvitations()).toEqual([])
    const { body } = await owned.browser.api('GET', '/events?limit=10')
    expect(body.data.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['member.invited', 'member.joined', 'member.signed_in']),
    )
    expect(JSON.stringify(body.data)).not.toContain('gin_')
  })

  test('to look at a link changes nothing, however often', async () => {
    const { link } = await invite()
    for (let i = 0; i < 3; i++) expect((await openBrowser(grantry).get(link)).status).toBe(200)
    expect(await openInvitations()).toHaveLength(1)
    expect((await openBrowser(grantry).post(link, form())).status).toBe(303)
  })

  test('it works once', async () => {
    const { link } = await invite()
    await openBrowser(grantry).post(link, form())
    const replayed = openBrowser(grantry)
    for (const answer of [await replayed.get(link), await replayed.post(link, form())]) {
      expect([answer.status, answer.cookies]).toEqual([410, []])
      expect(answer.text).toContain('does not work any more')
    }
  })

  test('of six at once, one joins', async () => {
    const { link } = await invite()
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) => openBrowser(grantry).post(link, form({ name: `n${i}` }))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410, 410, 410])
    expect((await members()).filter((member) => member.email === email)).toHaveLength(1)
  })

  test("of an owner's link, too", async () => {
    const made = await grantry.call('POST', '/api/v1/workspaces', { name: 'w' }, { key: grantry.operatorKey })
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        openBrowser(grantry).post(made.body.data.owner_link, form({ email: `o${i}-${email}` })),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410, 410, 410])
    const listed = await grantry.call('GET', '/api/v1/members', undefined, { key: made.body.data.api_key })
    expect(listed.body.data).toMatchObject([{ role: 'owner' }])
  })

  test('not after 7 days, not when it was taken back, not when another took its place', async () => {
    const old = await invite()
    grantry.clock.advance(7 * day - 60)
    expect((await openBrowser(grantry).get(old.link)).status).toBe(200)
    grantry.clock.advance(60)
    expect((await openBrowser(grantry).post(old.link, form())).status).toBe(410)
    await signIn(owned.browser, `owner${people}@example.com`)
    expect(await openInvitations()).toEqual([])

    const first = await invite()
    const second = await invite({ role: 'viewer' })
    expect((await openBrowser(grantry).post(first.link, form())).status).toBe(410)
    expect(await openInvitations()).toMatchObject([{ id: second.id, role: 'viewer' }])
    expect((await owned.browser.api('DELETE', `/invitations/${second.id}`)).status).toBe(200)
    expect((await openBrowser(grantry).post(second.link, form())).status).toBe(410)
  })

  test('a link of another kind, another end, another path is none', async () => {
    const { link } = await invite()
    const flipped = link.slice(0, -1) + (link.endsWith('A') ? 'E' : 'A')
    for (const url of [
      flipped,
      link.replace('/invitations/', '/sign-up/'),
      link.replace('gin_', 'gst_'),
      `${grantry.url}/invitations/x`,
    ])
      expect((await openBrowser(grantry).post(url, form())).status, url).toBe(410)
  })

  test('a page of another site cannot accept it', async () => {
    const { link } = await invite()
    const there = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    expect((await openBrowser(grantry).post(link, form(), there)).status).toBe(403)
    expect(await openInvitations()).toHaveLength(1)
  })

  test('a password that will not do: told at its field, what was typed stays, the invitation too', async () => {
    const { link } = await invite()
    const answer = await openBrowser(grantry).post(
      link,
      form({ name: 'Grace "H"', password: 'password1234' }),
    )
    expect(answer.status).toBe(422)
    expect(answer.text).toMatch(/id="fault" role="alert">This password is among/)
    expect(answer.text).toMatch(
      /id="password"[^>]* aria-invalid="true" aria-describedby="fault password-hint"/,
    )
    expect(answer.text).not.toMatch(/id="email"[^>]* aria-invalid/)
    expect(answer.text).toContain('value="Grace &quot;H&quot;"')
    expect(answer.text).not.toContain('password1234')
    expect(await openInvitations()).toHaveLength(1)
    expect((await openBrowser(grantry).post(link, form({ password: email }))).status).toBe(422)
    expect((await openBrowser(grantry).post(link, form({ name: 'a\u0007b' }))).status).toBe(422)
  })

  test('who is a member is not invited again, here; elsewhere is another matter', async () => {
    await openBrowser(grantry).post((await invite()).link, form())
    const again = await owned.browser.api('POST', '/invitations', { email, role: 'viewer' })
    expect([again.status, again.body.code]).toEqual([409, 'conflict'])
    const other = await createOwned(grantry, `elsewhere-${email}`)
    expect((await other.browser.api('POST', '/invitations', { email, role: 'viewer' })).status).toBe(201)
  })

  test("the owner's link with an address that is taken says so, and works on", async () => {
    const made = await grantry.call('POST', '/api/v1/workspaces', { name: 'w' }, { key: grantry.operatorKey })
    const { owner_link, api_key } = made.body.data
    const invited = await grantry.call(
      'POST',
      '/api/v1/invitations',
      { email, role: 'admin' },
      { key: api_key },
    )
    await openBrowser(grantry).post(invited.body.data.link, form())
    const taken = await openBrowser(grantry).post(owner_link, form({ email }))
    expect([taken.status, taken.cookies]).toEqual([409, []])
    for (const bad of ['', 'x', 'a b@c', `${'x'.repeat(250)}@example.com`])
      expect((await openBrowser(grantry).post(owner_link, form({ email: bad }))).status).toBe(422)
    expect((await openBrowser(grantry).post(owner_link, form({ email: `other-${email}` }))).status).toBe(303)
  })

  test.each(['', 'x', 'a b@c.de', 'a@b@c', '<a@b>', 'a\u0000@b.c'])('no invitation for %j', async (bad) => {
    expect((await owned.browser.api('POST', '/invitations', { email: bad, role: 'viewer' })).status).toBe(422)
  })

  test('the first owner: a fresh link as long as there is none, and older ones end', async () => {
    const first = await firstOwnerLink(grantry.ctx)
    // The suite's server is one for all of its tests: what is told here is told once.
    const second = await firstOwnerLink(grantry.ctx)
    expect(second).not.toBe(first)
    expect((await openBrowser(grantry).get(first!)).status).toBe(410)
    const page = await openBrowser(grantry).get(second!)
    expect(page.text).toContain('You will be the owner')
    expect((await openBrowser(grantry).post(second!, form({ email }))).status).toBe(303)
    expect(await firstOwnerLink(grantry.ctx)).toBeNull()
  })
})

eachDatabase('GRANTRY_BOOTSTRAP_OWNER', (open) => {
  const encryptionKey = randomBytes(32).toString('base64')
  const settings = () => ({
    databaseUrl: open.url,
    encryptionKey,
    sandbox: false,
    world: { background: false, argon2: countedArgon2().argon2 },
  })

  test('makes the owner of an empty database, once; later values change nothing', async () => {
    const first = await startTestGrantry({
      ...settings(),
      env: { GRANTRY_BOOTSTRAP_OWNER: 'Ada@Example.com:a pass:word with colons' },
    })
    try {
      expect((await signIn(openBrowser(first), 'ada@example.com', 'a pass:word with colons')).status).toBe(
        303,
      )
      expect(await firstOwnerLink(first.ctx)).toBeNull()
      expect(first.logs()).not.toContain('with colons')
    } finally {
      await first.close()
    }
    const second = await startTestGrantry({
      ...settings(),
      env: { GRANTRY_BOOTSTRAP_OWNER: 'eve@example.com:another password' },
    })
    try {
      expect((await signIn(openBrowser(second), 'eve@example.com', 'another password')).status).toBe(403)
      expect((await signIn(openBrowser(second), 'ada@example.com', 'a pass:word with colons')).status).toBe(
        303,
      )
    } finally {
      await second.close()
    }
  })
})
