import { afterAll, beforeAll, expect, test } from 'vitest'
import { consent, startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { expectRepelled, openScene, type Scene, secretOf } from './scene.ts'

eachDatabase('attacks on the callback', (open) => {
  let scene: Scene
  beforeAll(async () => {
    scene = await openScene(open.url)
  })
  afterAll(() => scene?.grantry.close())

  /** A session whose person has consented; the browser has not come back yet. */
  async function consented(fields: Record<string, unknown> = {}) {
    const session = await startSession(scene.grantry, {
      integration: scene.gmail.id,
      end_user: { id: 'u1' },
      ...fields,
    })
    const callback = new URL(
      await consent(scene.grantry, session.connect_url, { account: 'ada@example.com' }),
    )
    const query = callback.searchParams
    return { session, callback, code: query.get('code')!, state: query.get('state')! }
  }
  const status = async (id: string) =>
    (await scene.grantry.call('GET', `/api/v1/connect-sessions/${id}`)).body.data

  /** Answers come to the right state in any case: what is spoilt must not have used it up. */
  const spoilt: Record<string, (callback: URL, state: string) => void> = {
    'missing state': (url) => url.searchParams.delete('state'),
    'empty state': (url) => url.searchParams.set('state', ''),
    'forged state': (url) => url.searchParams.set('state', Buffer.alloc(200, 7).toString('base64url')),
    'truncated state': (url, state) => url.searchParams.set('state', state.slice(0, -1)),
    'lengthened state': (url, state) => url.searchParams.set('state', `${state}A`),
    'padded state': (url, state) => url.searchParams.set('state', `${state}=`),
    'state with a flipped byte in what it seals': (url, state) =>
      url.searchParams.set('state', flip(state, state.length - 10)),
    'state that names another row': (url, state) => url.searchParams.set('state', flip(state, 30)),
    'state that names another workspace': (url, state) => url.searchParams.set('state', flip(state, 5)),
    'state in another case': (url, state) => url.searchParams.set('state', state.toLowerCase()),
    'state twice, the same': (url, state) => url.searchParams.append('state', state),
    'state twice, another': (url) => url.searchParams.append('state', 'x'),
    'very long state': (url) => url.searchParams.set('state', 'A'.repeat(7000)),
    'state with NUL': (url, state) => url.searchParams.set('state', `${state}\0`),
    'callback of another provider': (url) => {
      url.pathname = url.pathname.replace(/gmail$/, 'pipedrive')
    },
    'callback of an integration': (url) => {
      url.pathname = url.pathname.replace(/gmail$/, scene.plain.id)
    },
    'callback of no provider': (url) => {
      url.pathname = url.pathname.replace(/gmail$/, 'no-such-provider')
    },
    'callback key in another case': (url) => {
      url.pathname = url.pathname.replace(/gmail$/, 'GMAIL')
    },
  }

  test.each(Object.keys(spoilt))('%s', async (name) => {
    const { session, callback, code, state } = await consented()
    const attack = new URL(callback)
    spoilt[name]!(attack, state)
    const answer = await expectRepelled(scene, () => scene.browse(attack.href), [code, state])
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect((await status(session.id)).status).toBe('started')
    const page = await scene.browse(callback.href)
    expect(secretOf(page)).toMatch(/^gcf_/)
  })

  const garbled: Record<string, (query: URLSearchParams, code: string) => void> = {
    'code twice': (query, code) => query.append('code', code),
    'another code too': (query) => query.append('code', 'injected'),
    'code and error': (query) => query.set('error', 'access_denied'),
    'wrong iss': (query) => query.set('iss', 'https://evil.example'),
    'iss in another case': (query) => query.set('iss', query.get('iss')!.toUpperCase()),
    'iss twice': (query) => query.append('iss', query.get('iss')!),
    'neither code nor error': (query) => query.delete('code'),
    'code with control characters': (query, code) => query.set('code', `${code}\r\nx: y`),
  }

  test.each(Object.keys(garbled))(
    'with a good state: %s ends the session without an exchange',
    async (name) => {
      const { session, callback, code, state } = await consented()
      const attack = new URL(callback)
      garbled[name]!(attack.searchParams, code)
      const exchanges = scene.exchanges()
      const answer = await scene.browse(attack.href)
      expect(answer.status).toBe(400)
      for (const secret of [code, state]) expect(answer.text).not.toContain(secret)
      expect(scene.exchanges()).toBe(exchanges)
      expect(await status(session.id)).toMatchObject({ status: 'failed', connection_id: null })
      await expectRepelled(scene, () => scene.browse(callback.href), [code, state])
      expect((await scene.grantry.call('GET', '/api/v1/connections')).body.data).toEqual([])
    },
  )

  test.each(['constructor', '__proto__', 'x'.repeat(2000), '<img onerror=alert(1)>'])(
    'an error that is no code of OAuth (%s) ends the session on a page as any other',
    async (error) => {
      const { session, callback } = await consented()
      callback.searchParams.delete('code')
      callback.searchParams.set('error', error)
      const answer = await scene.browse(callback.href)
      expect(answer.status).toBe(200)
      expect(answer.text).not.toContain('<img')
      expect(await status(session.id)).toMatchObject({ status: 'failed', connection_id: null })
    },
  )

  test('state replayed: after the page, after the connection', async () => {
    const { callback, code, state } = await consented()
    const page = await scene.browse(callback.href)
    await expectRepelled(scene, () => scene.browse(callback.href), [code, state])
    await scene.confirm(secretOf(page))
    const answer = await expectRepelled(scene, () => scene.browse(callback.href), [code, state])
    expect(answer.status).toBe(409)
    await endAll()
  })

  test('one state in parallel: exactly one comes through', async () => {
    const { callback } = await consented()
    const exchanges = scene.exchanges()
    const eight = <T>(ask: () => Promise<T>) => Promise.all(Array.from({ length: 8 }, ask))
    // Over open sockets, else the first would be through before the last is there.
    await eight(() => scene.browse('/healthz'))
    const answers = await eight(() => scene.browse(callback.href))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)])
    expect(scene.exchanges()).toBe(exchanges)
    const secrets = answers.map(secretOf).filter(Boolean)
    expect(secrets).toHaveLength(1)
    expect((await scene.confirm(secrets[0]!)).status).toBe(200)
    expect(scene.exchanges()).toBe(exchanges + 1)
    await endAll()
  })

  test('state of another workspace, also at an integration with the same endpoints', async () => {
    const { grantry } = scene
    const made = await grantry.call(
      'POST',
      '/api/v1/workspaces',
      { name: 'other' },
      { key: grantry.operatorKey },
    )
    const key = made.body.data.api_key
    const client = grantry.sandbox!.clients.gmail!
    const added = await grantry.call(
      'POST',
      '/api/v1/integrations',
      { label: 'Gmail', provider: 'gmail', client_id: client.client_id, client_secret: client.client_secret },
      { key },
    )
    expect(added.status, added.text).toBe(201)
    const theirs = await startSession(grantry, { provider: 'gmail', end_user: { id: 'u1' } }, key)
    const ours = await consented()
    const callback = new URL(await consent(grantry, theirs.connect_url))

    // Our row's place in their state, their row's place in ours.
    const graft = (head: string, tail: string) =>
      Buffer.concat([
        Buffer.from(head, 'base64url').subarray(0, 32),
        Buffer.from(tail, 'base64url').subarray(32),
      ]).toString('base64url')
    const theirState = callback.searchParams.get('state')!
    for (const state of [graft(ours.state, theirState), graft(theirState, ours.state)]) {
      const attack = new URL(ours.callback)
      attack.searchParams.set('state', state)
      await expectRepelled(scene, () => scene.browse(attack.href), [state])
    }
    // Their sessions do not exist for our key, nor ours for theirs.
    for (const [id, other] of [
      [theirs.id, grantry.apiKey],
      [ours.session.id, key],
    ]) {
      const path = `/api/v1/connect-sessions/${id}`
      expect((await grantry.call('GET', path, undefined, { key: other })).status).toBe(404)
      const finish = await grantry.call(
        'POST',
        `${path}/finish`,
        { code: 'x', end_user_id: 'u1' },
        { key: other },
      )
      expect(finish.status).toBe(404)
    }
    // Their own callback lands with them and leaves us alone.
    const page = await scene.browse(callback.href)
    expect(page.text).toContain('other')
    expect((await status(ours.session.id)).status).toBe('started')
  })

  test('a code of another session, injected beside a good state: PKCE refuses it', async () => {
    const [mine, theirs] = [await consented(), await consented({ end_user: { id: 'u2' } })]
    const attack = new URL(mine.callback)
    attack.searchParams.set('code', theirs.code)
    const page = await scene.browse(attack.href)
    const answer = await scene.confirm(secretOf(page))
    expect(answer.text).toContain('Not connected')
    for (const secret of [theirs.code, mine.state]) expect(answer.text).not.toContain(secret)
    expect(await status(mine.session.id)).toMatchObject({ status: 'failed', error: 'invalid_grant' })
    expect((await scene.grantry.call('GET', '/api/v1/connections')).body.data).toEqual([])
  })

  test('state older than ten minutes', async () => {
    const { session, callback, code, state } = await consented()
    scene.grantry.clock.advance(601)
    const answer = await expectRepelled(scene, () => scene.browse(callback.href), [code, state])
    expect(answer.status).toBe(410)
    expect((await status(session.id)).status).toBe('started')
  })

  test('a session past thirty minutes: link, status, finish', async () => {
    const { session, callback, code, state } = await consented()
    scene.grantry.clock.advance(1801)
    const link = await expectRepelled(scene, () => scene.browse(session.connect_url), [session.start_token])
    expect(link.status).toBe(410)
    await expectRepelled(scene, () => scene.browse(callback.href), [code, state])
    expect((await status(session.id)).status).toBe('expired')
    const finish = await expectRepelled(scene, () =>
      scene.grantry.call('POST', `/api/v1/connect-sessions/${session.id}/finish`, {
        code: 'gfc_x',
        end_user_id: 'u1',
      }),
    )
    expect(finish.status).toBe(404)
  })

  test('a start token that is spoilt, or another kind of credential', async () => {
    const { session } = await consented()
    const tokens = [
      `${session.start_token}x`,
      session.start_token.slice(0, -1),
      session.connect_token,
      session.start_token.replace('gst_', 'gct_'),
      'gst_',
      '%00',
      '..%2f..%2fapi',
    ]
    for (const token of tokens) {
      const answer = await expectRepelled(scene, () => scene.browse(`/connect/${token}`))
      expect(answer.status).toBe(404)
    }
    // The start token goes nowhere but there.
    const path = `/api/v1/connect-sessions/${session.id}`
    const answer = await scene.grantry.call('GET', path, undefined, { key: session.start_token })
    expect(answer.status).toBe(401)
  })

  async function endAll() {
    const { body } = await scene.grantry.call('GET', '/api/v1/connections')
    for (const { id, status } of body.data)
      if (status !== 'revoked') await scene.grantry.call('DELETE', `/api/v1/connections/${id}?force=true`)
    await scene.grantry.ctx.db.deleteFrom('connections').execute()
  }

  test.each([
    ['the id of another workspace’s integration', () => scene.plain.id],
    ['such an id in another case', () => scene.plain.id.toUpperCase()],
    ['a provider’s name in another case', () => 'Gmail'],
  ])('a callback cannot be taken by a name: %s', async (_name, nameOf) => {
    const made = { name: 'other' }
    const { grantry } = scene
    const other = await grantry.call('POST', '/api/v1/workspaces', made, { key: grantry.operatorKey })
    const { authorization_url, token_url, client_id, client_secret } =
      grantry.sandbox!.generic['plain-exchange']!
    const body = {
      provider_name: nameOf(),
      client_id,
      client_secret,
      token_data: { authorize_url: authorization_url, token_url },
    }
    const key = other.body.data.api_key
    const answer = await grantry.call('POST', '/api/v1/credentials/oauth/register', body, { key })
    expect(answer.status, answer.text).toBe(200)
    const { body: list } = await grantry.call('GET', '/api/v1/integrations', undefined, { key })
    const callback = `${grantry.url}/api/v1/credentials/auth/callback`
    expect(list.data[0].redirect_uri).toBe(`${callback}/${list.data[0].id}`)
  })
})

/** The same text with one character of base64url replaced by another that changes its bytes. */
function flip(text: string, at: number): string {
  const other = text[at] === 'B' ? 'C' : 'B'
  return text.slice(0, at) + other + text.slice(at + 1)
}
