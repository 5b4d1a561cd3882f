import { afterAll, beforeAll, expect, test } from 'vitest'
import { consent, startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { codeOf, expectRepelled, openScene, returnTo, type Scene, secretOf } from './scene.ts'

// The attacker (U1) starts a session and sends the link to a victim, who consents in a browser of their own.
eachDatabase('a forwarded link', (open) => {
  let scene: Scene
  beforeAll(async () => {
    scene = await openScene(open.url)
  })
  afterAll(() => scene?.grantry.close())

  const victim = { account: 'grace@example.com' }
  const u1 = { id: 'u1', email: 'attacker@example.com' }
  const connections = async () =>
    (await scene.grantry.call('GET', '/api/v1/connections?status=active')).body.data
  const start = (fields: Record<string, unknown>) =>
    startSession(scene.grantry, { integration: scene.gmail.id, end_user: u1, ...fields })

  test.each(['connect_url', 'authorization_url'] as const)(
    'in confirm, by %s: the victim sees whose connection it would be, and "Not me" ends it',
    async (link) => {
      const { grantry } = scene
      const session = await start({})
      const exchanges = scene.exchanges()
      const callback =
        link === 'connect_url'
          ? await consent(grantry, session.connect_url, victim)
          : await grantry.sandbox!.control.consent(session.authorization_url, victim)
      const page = await scene.browse(callback)
      expect(page.status).toBe(200)
      expect(page.text).toContain('attacker@example.com')
      expect(page.text).toContain('(<code>u1</code>)')
      expect(page.text).toContain('Not me')
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(page.headers.get('referrer-policy')).toBe('no-referrer')
      expect(scene.exchanges()).toBe(exchanges)
      expect(await connections()).toEqual([])

      // What the attacker holds tells the status and nothing that could finish.
      const secret = secretOf(page)
      const code = new URL(callback).searchParams.get('code')!
      const seen = await grantry.call('GET', `/api/v1/connect-sessions/${session.id}`, undefined, {
        key: session.connect_token,
      })
      expect(seen.body.data).toMatchObject({ status: 'awaiting_finish', connection_id: null })
      for (const hidden of [secret, code, 'gcf_', 'gfc_']) expect(seen.text).not.toContain(hidden)
      for (const guess of [secret, code, session.start_token, session.connect_token])
        await expectRepelled(
          scene,
          () =>
            grantry.call(
              'POST',
              `/api/v1/connect-sessions/${session.id}/finish`,
              { code: guess },
              {
                key: session.connect_token,
              },
            ),
          [guess],
        )

      const ended = await scene.confirm(secret, 'cancel')
      expect(ended.text).toContain('Nothing was connected')
      expect(scene.exchanges()).toBe(exchanges)
      expect(await connections()).toEqual([])
      const after = await grantry.call('GET', `/api/v1/connect-sessions/${session.id}`)
      expect(after.body.data).toMatchObject({ status: 'failed', error: 'access_denied', connection_id: null })
      await expectRepelled(scene, () => scene.confirm(secret), [secret])
      await expectRepelled(scene, () => scene.browse(session.connect_url), [session.start_token])
    },
  )

  test('"Not me" in one tab ends the session for every other tab of it', async () => {
    const session = await start({})
    const [first, second] = [
      await scene.browse(await consent(scene.grantry, session.connect_url, victim)),
      await scene.browse(await consent(scene.grantry, session.connect_url, victim)),
    ]
    await scene.confirm(secretOf(first), 'cancel')
    const exchanges = scene.exchanges()
    const answer = await scene.confirm(secretOf(second))
    expect(answer.status).toBe(409)
    expect(scene.exchanges()).toBe(exchanges)
    expect(await connections()).toEqual([])
  })

  test('another tab fails while one is being connected: what was connected is told', async () => {
    const { control } = scene.grantry.sandbox!
    const session = await start({ end_user: { id: 'u-late' } })
    const page = await scene.browse(await consent(scene.grantry, session.connect_url, victim))
    const denied = await consent(scene.grantry, session.connect_url, { deny: true })
    control.fault({ fault: 'hold', endpoint: 'token' })
    const confirming = scene.confirm(secretOf(page))
    await expect.poll(() => control.held()).toBe(1)
    await scene.browse(denied)
    control.release()
    expect((await confirming).text).toContain('is connected to')
    const { body } = await scene.grantry.call('GET', `/api/v1/connect-sessions/${session.id}`)
    expect(body.data).toMatchObject({ status: 'completed', error: null })
    const { connection_id } = body.data
    await scene.grantry.call('DELETE', `/api/v1/connections/${connection_id}?force=true`)
  })

  test('of two tabs confirmed at once, one connects', async () => {
    const session = await start({ end_user: { id: 'u-tabs' } })
    const pages = [
      await scene.browse(await consent(scene.grantry, session.connect_url, { account: 'ada@example.com' })),
      await scene.browse(await consent(scene.grantry, session.connect_url, { account: 'linus@example.com' })),
    ]
    const exchanges = scene.exchanges()
    const answers = await Promise.all(pages.map((page) => scene.confirm(secretOf(page))))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(scene.exchanges()).toBe(exchanges + 1)
    const [connection, ...more] = await connections()
    expect(more).toEqual([])
    await scene.grantry.call('DELETE', `/api/v1/connections/${connection.id}?force=true`)
  })

  test("in finish: the code goes to the victim's browser, and nobody can use it for U1", async () => {
    const { grantry } = scene
    const session = await start({ binding: 'finish', return_to: returnTo, state: 'mine' })
    const exchanges = scene.exchanges()
    const back = await scene.browse(await consent(grantry, session.connect_url, victim))
    expect(back.status).toBe(303)
    expect(new URL(back.headers.get('location')!).searchParams.get('state')).toBe('mine')
    const code = codeOf(back)
    expect(code).toMatch(/^gfc_/)

    const path = `/api/v1/connect-sessions/${session.id}`
    const finish = (body: unknown, key?: string | null) =>
      grantry.call('POST', `${path}/finish`, body, key === undefined ? {} : { key })

    // The attacker: the connect token without the code.
    const seen = await grantry.call('GET', path, undefined, { key: session.connect_token })
    expect(seen.body.data.status).toBe('awaiting_finish')
    expect(seen.text).not.toContain(code)
    expect((await grantry.call('GET', path)).text).not.toContain(code)
    await expectRepelled(scene, () => finish({}, session.connect_token))
    await expectRepelled(scene, () => finish({ code: `${code.slice(0, -4)}AAAA` }, session.connect_token))
    // The victim: the code without a credential.
    await expectRepelled(scene, () => finish({ code }, null), [code])
    // The customer's server, which knows whom it has signed in: the victim, or nobody.
    for (const end_user_id of ['victim', null, undefined, 'U1', 'u1 ']) {
      const answer = await expectRepelled(scene, () => finish({ code, end_user_id }), [code])
      expect(answer.status).toBe(403)
      expect(answer.body.code).toBe('other_end_user')
    }
    // The code at another session of the attacker's.
    const other = await start({ binding: 'finish', return_to: returnTo })
    await expectRepelled(scene, () =>
      grantry.call(
        'POST',
        `/api/v1/connect-sessions/${other.id}/finish`,
        { code },
        { key: other.connect_token },
      ),
    )
    // One session's connect token reaches no other session.
    await expectRepelled(scene, () =>
      grantry.call('POST', `${path}/finish`, { code }, { key: other.connect_token }),
    )
    expect(scene.exchanges()).toBe(exchanges)
    expect(await connections()).toEqual([])

    // None of that has used the code up: where U1 is who came back, it works.
    const done = await finish({ code, end_user_id: 'u1' })
    expect(done.status, done.text).toBe(200)
    expect(scene.exchanges()).toBe(exchanges + 1)
    expect(await connections()).toHaveLength(1)
    await grantry.call('DELETE', `/api/v1/connections/${done.body.data.id}?force=true`)
  })

  test('direct is refused unless the workspace allows it', async () => {
    await expectRepelled(scene, () =>
      scene.grantry.call('POST', '/api/v1/connect-sessions', {
        integration: scene.gmail.id,
        end_user: u1,
        binding: 'direct',
      }),
    )
  })
})
