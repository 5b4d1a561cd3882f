import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  countedArgon2,
  createOwned,
  goodPassword,
  inviteAndJoin,
  openBrowser,
  signIn,
} from '../../../../test/support/members.ts'

eachDatabase('signing in', (open) => {
  let grantry: TestGrantry
  const { asked, argon2 } = countedArgon2()
  let people = 0
  let email: string
  let owned: Awaited<ReturnType<typeof createOwned>>

  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      sandbox: false,
      env: { GRANTRY_TRUSTED_PROXIES: '127.0.0.1,::1' },
      world: { background: false, argon2 },
    })
  })
  afterAll(() => grantry?.close())
  beforeEach(async () => {
    email = `ada${++people}@example.com`
    owned = await createOwned(grantry, email)
    // Half an hour on, no failed try of the test before counts.
    grantry.clock.advance(1800)
  })

  /** A browser somewhere on the net. */
  const from = (address: string, browser = openBrowser(grantry)) => ({
    browser,
    signIn: (who: string, password: string, more: Record<string, string> = {}) =>
      browser.post('/sign-in', { email: who, password, ...more }, { 'x-forwarded-for': address }),
  })
  const events = async (type: string) =>
    (await grantry.call('GET', `/api/v1/events?type=${type}&limit=200`, undefined, { key: owned.key })).body
      .data as { actor: unknown; data: Record<string, unknown>; request_id: string }[]

  test('the right password: a session, a cookie, and on to the page that was wanted', async () => {
    const browser = openBrowser(grantry)
    const answer = await signIn(browser, ` ${email.toUpperCase()} `, goodPassword, { next: '/docs?a=1' })
    expect([answer.status, answer.location]).toEqual([303, '/docs?a=1'])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const session = await browser.api('GET', '/session')
    expect(session.body.data).toMatchObject({
      member: { email, name: 'The Owner', role: 'owner', has_password: true },
      workspace: { id: owned.id },
      session: { current: true, browser: 'Firefox on Linux', network: '127.0.0.1' },
    })
    const [event] = await events('member.signed_in')
    expect(event).toMatchObject({
      actor: { kind: 'member', id: session.body.data.member.id },
      data: { by: 'password' },
    })
    expect(event!.request_id).toMatch(/^req_/)
  })

  test('an evil next leads home', async () => {
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example'])
      expect((await signIn(openBrowser(grantry), email, goodPassword, { next })).location).toBe('/')
  })

  test('a wrong password, an unknown address, another workspace: the same answer, one computation each', async () => {
    const other = await createOwned(grantry, `other-${email}`)
    const tries: [string, string, Record<string, string>][] = [
      [email, 'not the password', {}],
      ['nobody@example.com', 'not the password', {}],
      ['nobody@example.com', goodPassword, {}],
      ['not an address', 'x', {}],
      [email, goodPassword, { workspace: other.id }],
      [`other-${email}`, goodPassword, { workspace: owned.id }],
    ]
    const answers = []
    for (const [who, password, more] of tries) {
      asked.length = 0
      const answer = await from('203.0.113.1').signIn(who, password, more)
      expect(asked.length, who).toBe(1)
      answers.push({
        status: answer.status,
        cookies: answer.cookies,
        headers: [...answer.headers.keys()].sort(),
        text: answer.text
          .replace(/nonce[-=]"?'?[\w+/=-]+/g, '')
          .replace(/Sign in to .*?(?=<)/g, '')
          .replaceAll(/<input type="hidden"[^>]*>/g, '')
          .replace(/value="[^"]*"/g, ''),
      })
    }
    expect(answers[0]!.status).toBe(403)
    expect(answers[0]!.text).toContain('do not fit together')
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  test('a failed try of a member is in the log of their workspace; an unknown address is in none', async () => {
    await from('203.0.113.2').signIn(email, 'not the password')
    await from('203.0.113.2').signIn('nobody-at-all@example.com', 'not the password')
    expect(await events('member.sign_in_failed')).toHaveLength(1)
    const { rows } = await readAll(grantry)
    expect(rows).not.toMatch(/nobody-at-all/)
    expect(grantry.logs()).not.toMatch(/nobody-at-all|not the password/)
  })

  test('each sign-in has an id of its own, and what the browser brought is not used on', async () => {
    const browser = openBrowser(grantry)
    await signIn(browser, email)
    const first = browser.jar.get('grantry_session')!
    await signIn(browser, email)
    const second = browser.jar.get('grantry_session')!
    expect(second).not.toBe(first)
    const thief = openBrowser(grantry)
    thief.jar.set('grantry_session', first)
    expect((await thief.api('GET', '/session')).status).toBe(401)
    // A value that somebody planted is not taken up.
    const planted = openBrowser(grantry)
    planted.jar.set('grantry_session', `gss_${'A'.repeat(86)}`)
    await signIn(planted, email)
    expect(planted.jar.get('grantry_session')).not.toBe(`gss_${'A'.repeat(86)}`)
  })

  test('one address in two workspaces: the link says which, else the one signed in last', async () => {
    grantry.clock.advance(10)
    const second = await createOwned(grantry, email, 'second')
    const where = async (more: Record<string, string>) => {
      grantry.clock.advance(10)
      const browser = openBrowser(grantry)
      expect((await signIn(browser, email, goodPassword, more)).status).toBe(303)
      return (await browser.api('GET', '/session')).body.data.workspace.id
    }
    expect(await where({})).toBe(second.id)
    expect(await where({ workspace: owned.id })).toBe(owned.id)
    expect(await where({})).toBe(owned.id)
  })

  test('a hash of other parameters is made anew at the next sign-in', async () => {
    const old = '$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$'
    const tag = await argon2({
      message: goodPassword,
      nonce: Buffer.from('somesalt'),
      memory: 64,
      passes: 1,
      parallelism: 1,
      tagLength: 32,
    })
    const hash = () =>
      grantry.ctx.db
        .selectFrom('members')
        .select('password_hash')
        .where('email', '=', email)
        .executeTakeFirstOrThrow()
    await grantry.ctx.db
      .updateTable('members')
      .set({ password_hash: `${old}${tag.toString('base64').replaceAll('=', '')}` })
      .where('email', '=', email)
      .execute()
    expect((await signIn(openBrowser(grantry), email)).status).toBe(303)
    expect((await hash()).password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    asked.length = 0
    expect((await signIn(openBrowser(grantry), email)).status).toBe(303)
    expect(asked).toHaveLength(1)
  })

  test('an ended workspace signs nobody in, and its sessions are over', async () => {
    await grantry.call('DELETE', `/api/v1/workspaces/${owned.id}`, undefined, { key: grantry.operatorKey })
    expect((await owned.browser.api('GET', '/session')).status).toBe(401)
    expect((await signIn(openBrowser(grantry), email)).status).toBe(403)
  })

  describe('tries', () => {
    test('the sixth from one network waits a second, then two, up to a minute; waiting computes nothing', async () => {
      const there = from('203.0.113.3')
      for (let i = 0; i < 5; i++) expect((await there.signIn(email, 'wrong password')).status).toBe(403)
      const waits: number[] = []
      for (let i = 0; i < 8; i++) {
        asked.length = 0
        const refused = await there.signIn(email, goodPassword)
        expect(refused.status).toBe(429)
        expect(asked).toHaveLength(0)
        const seconds = Number(refused.headers.get('retry-after'))
        expect(refused.text).toContain(`Wait ${seconds} s, then`)
        waits.push(seconds)
        grantry.clock.advance(seconds)
        expect((await there.signIn(email, 'wrong password')).status).toBe(403)
      }
      expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
      grantry.clock.advance(60)
      expect((await there.signIn(email, goodPassword)).status).toBe(303)
      expect((await there.signIn(email, 'wrong password')).status).toBe(403)
    })

    test('forty at once are no more than five', async () => {
      const there = from('203.0.113.4')
      asked.length = 0
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => there.signIn(email, 'wrong password')),
      )
      const statuses = answers.map(({ status }) => status)
      expect(asked.length).toBeLessThanOrEqual(5)
      expect(statuses.filter((status) => status === 403).length).toBe(asked.length)
      expect(statuses.filter((status) => status === 429).length).toBe(40 - asked.length)
    })

    test('from many networks: the account waits a minute at most, its owner does not where they are known', async () => {
      const home = from('198.51.100.7')
      expect((await home.signIn(email, goodPassword)).status).toBe(303)
      let refused = 0
      for (let i = 0; i < 30; i++) {
        const { status, headers } = await from(`203.0.113.${100 + i}`).signIn(email, 'wrong password')
        if (status === 429) {
          refused++
          expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60)
        }
      }
      expect(refused).toBe(20)
      expect((await from('203.0.113.99').signIn(email, goodPassword)).status).toBe(429)
      expect((await home.signIn(email, goodPassword)).status).toBe(303)
      // Not even there without end.
      for (let i = 0; i < 5; i++) expect((await home.signIn(email, 'wrong password')).status).toBe(403)
      expect((await home.signIn(email, 'wrong password')).status).toBe(429)
      grantry.clock.advance(60)
      expect((await from('203.0.113.99').signIn(email, goodPassword)).status).toBe(303)
    })

    test('an unknown address waits like a known one', async () => {
      const statuses = async (who: string, address: string) => {
        const all = []
        for (let i = 0; i < 7; i++) all.push((await from(address).signIn(who, 'wrong password')).status)
        return all
      }
      expect(await statuses('nobody@example.com', '203.0.113.5')).toEqual(
        await statuses(email, '203.0.113.6'),
      )
    })

    test('many addresses from one network, IPv6 by its /64: refused after fifty', async () => {
      let passed = 0
      for (let i = 0; i < 60; i++) {
        const { status } = await from(`2001:db8:0:1::${i.toString(16)}`).signIn(`n${i}@example.com`, 'wrong')
        if (status === 403) passed++
      }
      expect(passed).toBe(50)
      expect((await from('2001:db8:0:2::1').signIn('n0@example.com', 'wrong')).status).toBe(403)
    })

    test('what is right does not count against a network', async () => {
      for (let i = 0; i < 60; i++)
        expect((await from('203.0.113.8').signIn(email, goodPassword)).status).toBe(303)
    })
  })

  test('a page of another site cannot sign anyone in (login CSRF)', async () => {
    const cases: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'same-site', origin: 'null' },
      { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': '', origin: 'null' },
    ]
    for (const headers of cases) {
      const browser = openBrowser(grantry)
      const answer = await browser.post('/sign-in', { email, password: goodPassword }, headers)
      expect([answer.status, answer.cookies], JSON.stringify(headers)).toEqual([403, []])
    }
    // A browser that knows no Fetch Metadata says where it is from.
    const old = await fetch(`${grantry.url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: grantry.url },
      body: new URLSearchParams({ email, password: goodPassword }),
    })
    expect(old.status).toBe(303)
  })

  test('what is put into the page stays text', async () => {
    const evil = '"><script>alert(1)</script>@x'
    const answer = await openBrowser(grantry).post('/sign-in', { email: evil, password: 'x', next: '"><b>' })
    expect(answer.text).not.toMatch(/<script>alert|"><b>/)
    expect(answer.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*frame-ancestors 'none'/,
    )
    expect(answer.headers.get('x-frame-options')).toBe('DENY')
  })

  test.each([
    ['email=a@b.c&email=d@e.f&password=x', 400],
    ['email=a@b.c&password=x%00', 422],
    ['email=a@b.c&password=x&password=y', 400],
  ])('%s is refused, and nothing computed', async (body, status) => {
    asked.length = 0
    const headers = { origin: grantry.url, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await fetch(`${grantry.url}/sign-in`, { method: 'POST', headers, body })
    expect([answer.status, asked.length]).toEqual([status, 0])
  })

  test('a member without a password cannot sign in with an empty one', async () => {
    const viewer = await inviteAndJoin(grantry, owned.browser, { email: `v-${email}`, role: 'viewer' })
    await grantry.ctx.db
      .updateTable('members')
      .set({ password_hash: null })
      .where('email', '=', `v-${email}`)
      .execute()
    for (const password of ['', 'null', goodPassword])
      expect((await signIn(openBrowser(grantry), `v-${email}`, password)).status).toBe(403)
    expect((await viewer.browser.api('GET', '/session')).body.data.member.has_password).toBe(false)
  })
})

async function readAll({ ctx }: TestGrantry) {
  const rows = await Promise.all(
    (['events', 'failed_tries', 'sessions', 'members'] as const).map((table) =>
      ctx.db.selectFrom(table).selectAll().execute(),
    ),
  )
  return { rows: JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value)) }
}
