import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { eachDatabase } from '../support/databases.ts'
import { addClient, addMember, allow, challenge } from '../support/partner-app.ts'
import { answerOf, openPartnerScene, type PartnerScene } from './partner-scene.ts'

const registered = 'https://partner.example/callback'

eachDatabase('an authorization request', (open) => {
  let scene: PartnerScene
  beforeAll(async () => {
    scene = await openPartnerScene(open.url)
  })
  afterAll(() => scene?.grantry.close())

  /** Tells the client at its own address (RFC 6749 §4.1.2.1), and nothing is given out. */
  const refusedTo = async (changes: Record<string, string | undefined>, error: string) => {
    const before = await scene.issued()
    const visit = await scene.visit(changes)
    expect(visit.url.split('?')[0]).toBe(registered)
    expect(answerOf(visit)).toMatchObject({ error, state: 'the-state', iss: scene.grantry.url })
    expect(answerOf(visit).code).toBeUndefined()
    expect(await scene.issued()).toEqual(before)
  }

  describe('without proof of who will redeem the code (RFC 7636 §4.4.1)', () => {
    test.each([
      ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }],
      ['an empty challenge', { code_challenge: '' }],
      ['a method without a challenge', { code_challenge: undefined }],
      ['the method plain', { code_challenge_method: 'plain' }],
      ['no method, which would mean plain', { code_challenge_method: undefined }],
      ['a method in other letters', { code_challenge_method: 's256' }],
      ['a challenge that is too short', { code_challenge: challenge.slice(1) }],
      ['a challenge that is no base64url', { code_challenge: `${challenge.slice(1)}=` }],
    ])('%s', async (_what, changes) => {
      await refusedTo(changes, 'invalid_request')
    })
  })

  describe('whose redirect URI is not the registered one gets a page and goes nowhere', () => {
    const others: [string, string | undefined][] = [
      ['in other letters', 'https://partner.example/Callback'],
      ['with the host in capitals', 'https://PARTNER.example/callback'],
      ['with the scheme in capitals', 'HTTPS://partner.example/callback'],
      ['with a slash at the end', `${registered}/`],
      ['with a query', `${registered}?next=https://attacker.example`],
      ['with an empty query', `${registered}?`],
      ['with a fragment', `${registered}#here`],
      ['with an empty fragment', `${registered}#`],
      ['at a subdomain', 'https://www.partner.example/callback'],
      ['at a host that begins like it', 'https://partner.example.attacker.example/callback'],
      ['with a user who looks like it', 'https://partner.example@attacker.example/callback'],
      ['with a user', 'https://user@partner.example/callback'],
      ['by a backslash', 'https://attacker.example\\@partner.example/callback'],
      ['at a port', 'https://partner.example:8443/callback'],
      ['at the default port', 'https://partner.example:443/callback'],
      ['with a dot at the end of the host', 'https://partner.example./callback'],
      ['by http', 'http://partner.example/callback'],
      ['as a script', 'javascript:alert(document.domain)//https://partner.example/callback'],
      ['as data', 'data:text/html,<script>alert(1)</script>'],
      ['without a scheme', '//partner.example/callback'],
      ['as a path', '/callback'],
      ['with dots', 'https://partner.example/x/../callback'],
      ['with encoded dots', 'https://partner.example/%2e%2e/callback'],
      ['with an encoded letter', 'https://partner.example/c%61llback'],
      ['with two slashes', 'https://partner.example//callback'],
      ['with a space before it', ` ${registered}`],
      ['with a tab in it', 'https://partner.example/call\tback'],
      ['with a line break', `${registered}\r\nset-cookie: a=b`],
      ['with NUL', `${registered}\0`],
      ['of a look-alike letter', 'https://pаrtner.example/callback'],
      ['empty', ''],
      ['left out, though only one is registered', undefined],
      ['as a wildcard', 'https://*.example/callback'],
      ['in a list', `${registered} https://attacker.example/callback`],
    ]
    test.each(others)('%s', async (_what, redirect_uri) => {
      const before = await scene.issued()
      const answer = await fetch(scene.request({ redirect_uri }), { redirect: 'manual' })
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
      const page = await answer.text()
      expect(page).toContain('Nothing was allowed.')
      expect(page).not.toMatch(/<script>|http-equiv|attacker\.example/)
      expect(await scene.issued()).toEqual(before)
    })

    test('an app on its person’s computer chooses its port there, and nothing else (RFC 8252 §7.3)', async () => {
      const redirectUri = 'http://127.0.0.1/callback'
      const native = await addClient(scene.grantry, { redirectUri, application_type: 'native' })
      const from = (redirect_uri: string) => scene.visit({ client_id: native.id, redirect_uri })
      expect((await from('http://127.0.0.1:51004/callback')).status).toBe(200)
      for (const other of [
        'http://localhost:51004/callback',
        'http://[::1]:51004/callback',
        'http://127.0.0.2:51004/callback',
        'https://127.0.0.1:51004/callback',
        'http://127.0.0.1:51004/Callback',
        'http://127.0.0.1:51004/callback?x',
        'http://127.0.0.1:51004@attacker.example/callback',
        'http://2130706433/callback',
      ])
        expect((await from(other)).status, other).toBe(400)
    })

    test('an app on the web may not choose one, on loopback either', async () => {
      const web = await addClient(scene.grantry, { redirectUri: 'http://localhost:3000/callback' })
      const redirect_uri = 'http://localhost:3001/callback'
      expect((await scene.visit({ client_id: web.id, redirect_uri })).status).toBe(400)
    })
  })

  describe('that says something twice', () => {
    const twice = (name: string, value: string) =>
      scene.browser.open(`${scene.request()}&${new URLSearchParams({ [name]: value })}`)

    test.each([
      ['redirect_uri', 'https://attacker.example/callback'],
      ['redirect_uri', registered],
      ['client_id', 'cli_other'],
    ])('%s %s: a page', async (name, value) => {
      const before = await scene.issued()
      const visit = await twice(name, value)
      expect([visit.status, new URL(visit.url).origin]).toEqual([400, scene.grantry.url])
      expect(visit.text).not.toContain('attacker.example')
      expect(await scene.issued()).toEqual(before)
    })

    test.each([
      ['code_challenge', 'x'.repeat(43)],
      ['code_challenge_method', 'plain'],
      ['response_type', 'token'],
      ['scope', 'tokens:read'],
      ['nonce', 'n'],
      ['response_mode', 'fragment'],
    ])('%s: invalid_request', async (name, value) => {
      const before = await scene.issued()
      const visit = await scene.browser.open(
        `${scene.request({ [name]: name === 'response_mode' ? 'query' : value })}&${new URLSearchParams({ [name]: value })}`,
      )
      expect(visit.url.split('?')[0]).toBe(registered)
      expect(answerOf(visit).error).toBe('invalid_request')
      expect(await scene.issued()).toEqual(before)
    })
  })

  describe('for another way of answering than the metadata names', () => {
    test.each(['token', 'id_token', 'none', 'code token', 'code id_token', 'code id_token token'])(
      'response_type %s',
      async (response_type) => {
        const before = await scene.issued()
        const visit = await scene.visit({ response_type })
        // Whatever the type, a fragment is the place where its answer would have been.
        const back = new URL(visit.url)
        expect(`${back.origin}${back.pathname}`).toBe(registered)
        const said = new URLSearchParams(back.hash.slice(1) || back.search)
        expect(said.get('error')).toBe('unsupported_response_type')
        expect([said.get('code'), said.get('access_token'), said.get('id_token')]).toEqual([null, null, null])
        expect(await scene.issued()).toEqual(before)
      },
    )

    test.each(['fragment', 'web_message', 'jwt', 'query.jwt', 'Query', 'javascript'])(
      'response_mode %s',
      async (response_mode) => {
        const metadata = await scene.grantry.call('GET', '/.well-known/oauth-authorization-server')
        expect(metadata.body.response_modes_supported).toEqual(['query', 'form_post'])
        const before = await scene.issued()
        const visit = await scene.visit({ response_mode })
        expect(visit.status).toBe(303)
        const back = new URL(visit.url)
        expect(`${back.origin}${back.pathname}`).toBe(registered)
        const said = new URLSearchParams(back.hash.slice(1) || back.search)
        expect(['invalid_request', 'unsupported_response_mode']).toContain(said.get('error'))
        expect(await scene.issued()).toEqual(before)
      },
    )

    test('form_post is a page that cannot be framed or kept, with a form to the client', async () => {
      const page = await scene.visit({ response_mode: 'form_post' })
      const posting = await scene.browser.submit(page, { decision: 'allow' })
      expect(posting.status).toBe(200)
      expect(posting.text).toContain(`action="${registered}"`)
      expect(posting.text).toMatch(/name="code" value="gac_/)
      expect(posting.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(posting.headers.get('x-frame-options')).toBe('DENY')
      expect(posting.headers.get('cache-control')).toContain('no-store')
    })

    test('a request object, by value or by reference, is not read (RFC 9101 is not offered)', async () => {
      const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const unsigned = `${text({ alg: 'none' })}.${text({ redirect_uri: 'https://attacker.example' })}.`
      await refusedTo({ request: unsigned }, 'request_not_supported')
      await refusedTo({ request_uri: 'https://attacker.example/request' }, 'request_uri_not_supported')
    })

    test('a pushed request that was never pushed gets a page', async () => {
      const request_uri = 'urn:ietf:params:oauth:request_uri:of-somebody-else'
      const visit = await scene.visit({ request_uri })
      expect(answerOf(visit).code).toBeUndefined()
      expect(visit.text + visit.url).toMatch(/invalid_request_uri/)
    })
  })

  test.each([
    '"><script>alert(1)</script>',
    "';alert(1)//",
    'a b+c%20d&code=forged&x=#y',
    '\r\nset-cookie: a=b',
    'ключ 🔑',
    '{{7*7}}',
    'x'.repeat(2000),
  ])('state is given back as it is and never read: %s', async (state) => {
    const back = await allow(scene.browser, scene.request({ state }))
    expect(back.searchParams.getAll('state')).toEqual([state])
    expect(back.searchParams.getAll('code')).toHaveLength(1)
    expect(back.hash).toBe('')

    const refused = await scene.visit({ state, scope: 'account:read', prompt: 'none login' })
    expect(new URL(refused.url).searchParams.getAll('state')).toEqual([state])

    const page = await scene.visit({ state, response_mode: 'form_post', prompt: 'consent' })
    const posting = await scene.browser.submit(page, { decision: 'allow' })
    expect(posting.text).not.toContain('<script>alert')
    expect(posting.text.match(/name="state"/g)).toHaveLength(1)
    expect(posting.text.match(/name="code"/g)).toHaveLength(1)
  })

  describe('that may not ask the person (OpenID Connect Core §3.1.2.6)', () => {
    test('of a browser where nobody is signed in: login_required', async () => {
      const before = await scene.issued()
      const visit = await createBrowser(scene.grantry.url).open(scene.request({ prompt: 'none' }))
      expect(visit.url.split('?')[0]).toBe(registered)
      expect(answerOf(visit)).toMatchObject({ error: 'login_required', state: 'the-state' })
      expect(await scene.issued()).toEqual(before)
    })

    test('of a person who has never allowed this app: refused to the client', async () => {
      const { browser } = await addMember(scene.grantry, { email: 'new@example.com' })
      const other = await addClient(scene.grantry)
      const before = await scene.issued()
      const visit = await browser.open(scene.request({ prompt: 'none', client_id: other.id }))
      expect(answerOf(visit).error).toMatch(/^(login|consent|interaction)_required$/)
      expect(await scene.issued()).toEqual(before)
    })

    test('of a person who has allowed less than it asks: refused to the client', async () => {
      const { browser } = await addMember(scene.grantry, { email: 'less@example.com' })
      await allow(browser, scene.request({ scope: 'account:read' }))
      const before = await scene.issued()
      const visit = await browser.open(
        scene.request({ prompt: 'none', scope: 'account:read connections:write' }),
      )
      expect(answerOf(visit).error).toBe('consent_required')
      expect(await scene.issued()).toEqual(before)
    })
  })

  test('an id_token_hint that nobody signed is not believed', async () => {
    const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: scene.grantry.url, aud: scene.client.id, sub: 'anybody', iat: now, exp: now + 60 }
    for (const header of [{ alg: 'none' }, { alg: 'HS256' }, { alg: 'None' }, { typ: 'JWT' }])
      for (const signature of ['', 'c2lnbmF0dXJl'])
        await refusedTo(
          { scope: 'openid', id_token_hint: `${text(header)}.${text(claims)}.${signature}` },
          'invalid_request',
        )
  })

  test('by POST there is nothing', async () => {
    const { origin, pathname, searchParams } = new URL(scene.request())
    const answer = await fetch(`${origin}${pathname}`, {
      method: 'POST',
      body: searchParams,
      redirect: 'manual',
    })
    expect([answer.status, answer.headers.get('location')]).toEqual([404, null])
  })

  test('of an app that is not known, or has been removed: a page', async () => {
    for (const client_id of [
      'cli_nobody',
      '',
      'javascript:alert(1)',
      "' or 1=1 --",
      'https://attacker.invalid/x',
    ]) {
      const visit = await scene.visit({ client_id })
      expect([visit.status, new URL(visit.url).origin], client_id).toEqual([400, scene.grantry.url])
      expect(visit.text).not.toContain('<script>alert')
    }
  })
})
