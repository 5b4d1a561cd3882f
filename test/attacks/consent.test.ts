import { decodeId, encodeId } from '@grantry/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createWorkspace } from '../security/tenant.ts'
import { type Browser, createBrowser, type Visit } from '../support/browser.ts'
import { eachDatabase } from '../support/databases.ts'
import { addClient, addMember, type Client } from '../support/partner-app.ts'
import { answerOf, openPartnerScene, type PartnerScene } from './partner-scene.ts'

eachDatabase('consent', (open) => {
  let scene: PartnerScene
  let client: Client
  let page: Visit
  let before: Record<string, number>
  const ask = () => scene.visit({ client_id: client.id })

  beforeAll(async () => {
    scene = await openPartnerScene(open.url)
  })
  afterAll(() => scene?.grantry.close())
  beforeEach(async () => {
    // Nobody has allowed this one yet.
    client = await addClient(scene.grantry)
    page = await ask()
    expect(page.text).toContain('Allow Partner')
    before = await scene.issued()
  })

  const nothingCame = async (answer: Visit, status: number) => {
    expect([answer.status, new URL(answer.url).origin], answer.text).toEqual([status, scene.grantry.url])
    expect(answer.url).not.toContain('code=')
    expect(await scene.issued()).toEqual(before)
  }
  const allow = (
    browser: Browser,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ) => browser.submit(page, { decision: 'allow', ...fields }, headers)

  describe('that somebody else’s page sends in the person’s name', () => {
    test.each([
      ['without the token against forgery', { csrf: '' }, {}],
      ['with one that was guessed', { csrf: 'x'.repeat(43) }, {}],
      ['from a foreign origin', {}, { origin: 'https://attacker.example', 'sec-fetch-site': 'cross-site' }],
      ['from a foreign origin that claims to be here', {}, { origin: 'https://attacker.example' }],
      ['from a sibling', {}, { 'sec-fetch-site': 'same-site' }],
      ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
      ['from an address that was typed in', {}, { 'sec-fetch-site': 'none' }],
      ['from an origin that begins like ours', {}, { origin: 'http://localhost.attacker.example' }],
    ])('%s', async (_what, fields, headers) => {
      await nothingCame(await allow(scene.browser, fields, headers), 403)
      // The person's own answer still counts.
      expect(answerOf(await allow(scene.browser)).code).toMatch(/^gac_/)
    })

    test('with no field for it at all, and without saying where it comes from', async () => {
      const cookie = cookiesOf(scene.browser)
      const send = (body: string, headers: Record<string, string>) =>
        fetch(page.url, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, ...headers },
          body,
        })
      const ours = { origin: scene.grantry.url, 'sec-fetch-site': 'same-origin' }
      // The browser's own cookies of the request are not told: without them it is nobody's request.
      expect((await send('decision=allow', ours)).status).toBe(410)
      const bare = await scene.browser.submit(
        { ...page, text: page.text.replace(/<input type="hidden" name="csrf"[^>]*>/, '') },
        { decision: 'allow' },
      )
      await nothingCame(bare, 403)
    })

    test('with the token of another session', async () => {
      const other = createBrowser(scene.grantry.url)
      expect(other.cookies.size).toBe(0)
      const second = await addMember(scene.grantry, { email: `second-${client.id}@example.com` })
      const theirs = await second.browser.open(scene.request({ client_id: client.id }))
      const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(theirs.text) ?? []
      expect(csrf).not.toBe('')
      before = await scene.issued()
      await nothingCame(await allow(scene.browser, { csrf }), 403)
    })

    test('as JSON, as text, or as a page that only had to be opened', async () => {
      const body = new URLSearchParams({ decision: 'allow' }).toString()
      for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
        const answer = await scene.browser.submit(page, { decision: 'allow' }, { 'content-type': type })
        expect([400, 403, 415], type).toContain(answer.status)
      }
      const opened = await scene.browser.open(`${page.url}?${body}`)
      expect(opened.text).toContain('Allow Partner')
      expect(await scene.issued()).toEqual(before)
    })
  })

  describe('of another browser', () => {
    test('where somebody else is signed in: the request is not theirs', async () => {
      const { browser } = await addMember(scene.grantry, { email: `bob-${client.id}@example.com` })
      await nothingCame(await browser.open(page.url), 410)
      await nothingCame(await allow(browser), 410)
      // With a request of their own open, the other's address is still none of theirs.
      await browser.open(scene.request({ client_id: client.id }))
      await nothingCame(await browser.open(page.url), 410)
      await nothingCame(await allow(browser), 410)
    })

    test('where nobody is signed in', async () => {
      const nobody = createBrowser(scene.grantry.url)
      await nothingCame(await nobody.open(page.url), 410)
      await nothingCame(await allow(nobody), 410)
    })

    test('an address to go on at that was not given to this browser', async () => {
      const uid = page.url.split('/').at(-1)!
      const resume = await createBrowser(scene.grantry.url).open(`/oauth/authorize/${uid}`)
      await nothingCame(resume, 400)
      const { browser } = await addMember(scene.grantry, { email: `eve-${client.id}@example.com` })
      await nothingCame(await browser.open(`/oauth/authorize/${uid}`), 400)
      // The person has not answered, so that going on at once asks again.
      const own = await scene.browser.open(`/oauth/authorize/${uid}`)
      expect(own.url).not.toContain('code=')
      expect(await scene.issued()).toEqual(before)
    })
  })

  test('that was given already gives nothing a second time', async () => {
    const first = answerOf(await allow(scene.browser))
    expect(first.code).toMatch(/^gac_/)
    before = await scene.issued()
    await nothingCame(await allow(scene.browser), 410)
    await nothingCame(await scene.browser.open(page.url), 410)
    const uid = page.url.split('/').at(-1)!
    await nothingCame(await scene.browser.open(`/oauth/authorize/${uid}`), 400)
  })

  test('that is given ten times at once makes one grant and one code', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => allow(scene.browser)))
    const codes = answers.flatMap((answer) => answerOf(answer).code ?? [])
    expect(codes).toHaveLength(1)
    const after = await scene.issued()
    expect(after.grants! - before.grants!).toBe(1)
    expect((after.AuthorizationCode ?? 0) - (before.AuthorizationCode ?? 0)).toBe(1)
  })

  test('that comes after half an hour is too late', async () => {
    scene.grantry.clock.advance(31 * 60)
    await nothingCame(await allow(scene.browser), 410)
  })

  test('for an app of another workspace: the person is told so, and cannot give it', async () => {
    const key = await createWorkspace(scene.grantry, 'theirs')
    const workspace = (await scene.grantry.call('GET', '/api/v1/workspace', undefined, { key })).body.data.id
    const foreign = await addClient(scene.grantry, { workspace: decodeId('ws', workspace)! })
    before = await scene.issued()
    const refused = await scene.visit({ client_id: foreign.id })
    await nothingCame(refused, 403)
    expect(refused.text).toContain('belongs to another workspace')
    expect(refused.text).not.toContain('decision')
    // Nor by sending the form that the page does not have.
    const uid = refused.url.split('/').at(-1)!
    const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(page.text) ?? []
    const forged = { ...refused, text: `<form method="post" action="/oauth/interaction/${uid}">` }
    const sent = await scene.browser.submit(forged, { decision: 'allow', csrf })
    expect([403, 410]).toContain(sent.status)
    expect(await scene.issued()).toEqual(before)
  })

  test('once signed out, it is asked for who they are again', async () => {
    const { member, browser } = await addMember(scene.grantry, { email: `out-${client.id}@example.com` })
    const own = await browser.open(scene.request({ client_id: client.id }))
    before = await scene.issued()
    const ended = await scene.grantry.call('DELETE', `/api/v1/members/${encodeId('mem', member)}/sessions`)
    expect(ended.status, ended.text).toBe(200)
    const late = await browser.submit(own, { decision: 'allow' })
    expect(new URL(late.url).pathname).toBe('/sign-in')
    expect(await scene.issued()).toEqual(before)
  })

  test('a person who says no has given nothing; the app is told', async () => {
    const said = answerOf(await scene.browser.submit(page, { decision: 'deny' }))
    expect(said).toMatchObject({ error: 'access_denied', state: 'the-state' })
    expect(await scene.issued()).toEqual(before)
  })

  test('no page of it can be framed, kept, or told of by referrer', async () => {
    const { browser } = scene
    const pages = {
      consent: page,
      error: await scene.visit({ redirect_uri: 'https://attacker.example' }),
      over: await browser.open('/oauth/interaction/none'),
      late: await browser.open('/oauth/authorize/none'),
      device: await browser.open('/oauth/device'),
      wrongCode: await browser.submit(await browser.open('/oauth/device'), { user_code: 'XXXX-XXXX' }),
      forged: await allow(browser, { csrf: '' }),
      signIn: await createBrowser(scene.grantry.url).open(scene.request({ client_id: client.id })),
    }
    for (const [name, { headers, text }] of Object.entries(pages)) {
      const policy = headers.get('content-security-policy') ?? ''
      expect(text, name).toContain('<!doctype html>')
      expect(policy, name).toContain("frame-ancestors 'none'")
      expect(policy, name).toContain("default-src 'none'")
      expect(policy, name).not.toContain('unsafe')
      expect(headers.get('x-frame-options'), name).toBe('DENY')
      expect(headers.get('cache-control'), name).toContain('no-store')
      expect(headers.get('referrer-policy'), name).toBe('no-referrer')
      expect(headers.get('x-content-type-options'), name).toBe('nosniff')
    }
  })
})

/** What the browser began with: the session of the signed-in person. */
const cookiesOf = ({ cookies }: Browser) => [...cookies].map((pair) => pair.join('=')).join('; ')
