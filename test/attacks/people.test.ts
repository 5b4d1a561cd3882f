import { decodeId, encodeId } from '@grantry/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSession } from '../../packages/server/src/members/open-session.ts'
import { createWorkspace } from '../security/tenant.ts'
import { createBrowser } from '../support/browser.ts'
import { addSandboxIntegration } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import {
  addClient,
  addMember,
  allow,
  authorizationUrl,
  type Client,
  firstWorkspace,
  obtain,
  token,
} from '../support/partner-app.ts'
import { answerOf, openPartnerScene, type PartnerScene } from './partner-scene.ts'

// What an app may do is never more than its person may, at this moment.
eachDatabase('the person behind a token', (open) => {
  let scene: PartnerScene
  let app: Client
  let integration: { id: string }
  let people = 0

  beforeAll(async () => {
    scene = await openPartnerScene(open.url)
    integration = await addSandboxIntegration(scene.grantry, 'gmail')
    app = await addClient(scene.grantry, { method: 'client_secret_basic' })
  })
  afterAll(() => scene?.grantry.close())

  const connect = async (
    endUser: string | null,
    secret: string,
    key = scene.grantry.apiKey,
    at = integration,
  ) => {
    const answer = await scene.grantry.call(
      'POST',
      '/api/v1/connections',
      {
        integration: at.id,
        ...(endUser === null ? {} : { end_user: { id: endUser } }),
        tokens: { access_token: secret, refresh_token: `1//${secret}` },
      },
      { key },
    )
    if (answer.status !== 201) throw new Error(answer.text)
    return answer.body.data as { id: string }
  }
  const get = (path: string, key: string) => scene.grantry.call('GET', `/api/v1${path}`, undefined, { key })
  const refresh = (refresh_token: string, by = app) =>
    token(scene.grantry.url, by, { grant_type: 'refresh_token', refresh_token })
  const all = 'openid account:read connections:read connections:write tokens:read'

  describe('a member', () => {
    let member: string
    let tokens: Awaited<ReturnType<typeof obtain>>
    let connection: { id: string }
    let browser: Awaited<ReturnType<typeof addMember>>['browser']

    beforeEach(async () => {
      ;({ member, browser } = await addMember(scene.grantry, {
        email: `m${++people}@example.com`,
        role: 'developer',
      }))
      connection = await connect(`u${people}`, `ya29.of-${people}`)
      const chosen = { connection: decodeId('con', connection.id)! }
      tokens = await obtain(scene.grantry, app, browser, { scope: all }, chosen)
      expect((await get(`/connections/${connection.id}/token`, tokens.access_token)).status).toBe(200)
    })
    const path = () => `/api/v1/members/${encodeId('mem', member)}`

    test('who becomes a viewer: the app loses what a viewer may not, at once and after a refresh', async () => {
      expect((await scene.grantry.call('PATCH', path(), { role: 'viewer' })).status).toBe(200)
      for (const access of [tokens.access_token, (await refresh(tokens.refresh_token)).body.access_token]) {
        const secret = await get(`/connections/${connection.id}/token`, access)
        expect([secret.status, secret.body.code]).toEqual([403, 'insufficient_scope'])
        expect(secret.text).not.toContain('ya29')
        const ended = await scene.grantry.call('DELETE', `/api/v1/connections/${connection.id}`, undefined, {
          key: access,
        })
        expect([ended.status, ended.body.code]).toEqual([403, 'insufficient_scope'])
        expect((await get(`/connections/${connection.id}`, access)).status).toBe(200)
      }
    })

    test('who is a viewer cannot give what they do not have', async () => {
      const viewer = await addMember(scene.grantry, {
        email: `v${people}@example.com`,
        role: 'viewer',
      })
      const chosen = { connection: decodeId('con', connection.id)! }
      const given = await obtain(scene.grantry, app, viewer.browser, { scope: all }, chosen)
      expect(given.scope.split(' ').sort()).toEqual(['account:read', 'connections:read', 'openid'])
      expect((await get(`/connections/${connection.id}/token`, given.access_token)).status).toBe(403)
    })

    test('who is removed: the app’s tokens die at once', async () => {
      expect((await scene.grantry.call('DELETE', path())).status).toBe(200)
      expect(await scene.status(tokens.access_token)).toBe(401)
      const answer = await refresh(tokens.refresh_token)
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant'])
      const told = await token(
        scene.grantry.url,
        app,
        { token: tokens.access_token },
        { path: '/oauth/introspect' },
      )
      expect(told.body).toEqual({ active: false })
    })

    test('who takes it back: the same', async () => {
      const { body } = await scene.grantry.call('GET', '/api/v1/authorized-apps')
      for (const { id } of body.data as { id: string }[])
        await scene.grantry.call('DELETE', `/api/v1/authorized-apps/${id}`)
      expect(await scene.status(tokens.access_token)).toBe(401)
      const answer = await refresh(tokens.refresh_token)
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant'])
      // What was allowed is forgotten: the person is asked again.
      const page = await browser.open(authorizationUrl(scene.grantry.url, app, { scope: all }))
      expect(page.text).toContain('Allow Partner')
    })

    test('reaches through it only the connections that they chose', async () => {
      const other = await connect(`w${people}`, `ya29.not-chosen-${people}`)
      for (const at of [`/connections/${other.id}`, `/connections/${other.id}/token`]) {
        const answer = await get(at, tokens.access_token)
        expect([answer.status, answer.body.code]).toEqual([404, 'not_found'])
      }
      const listed = await get('/connections', tokens.access_token)
      expect((listed.body.data as { id: string }[]).map(({ id }) => id)).toEqual([connection.id])
      // Nor one of another workspace, by choosing it in the form.
      const key = await createWorkspace(scene.grantry, 'theirs')
      const client = scene.grantry.sandbox!.clients.gmail!
      const theirs = await scene.grantry.call(
        'POST',
        '/api/v1/integrations',
        { label: 'theirs', provider: 'gmail', ...client, validate: false },
        { key },
      )
      const foreign = await connect('x', 'ya29.foreign', key, theirs.body.data)
      const chosen = { connection: [foreign.id, decodeId('con', foreign.id)!, other.id] }
      const again = await obtain(scene.grantry, app, browser, { scope: all, prompt: 'consent' }, chosen)
      expect((await get('/connections', again.access_token)).body.data).toEqual([])
      expect((await get(`/connections/${foreign.id}/token`, again.access_token)).status).toBe(404)
    })
  })

  test('whose workspace is ended: tokens, clients and pages of it are nothing any more', async () => {
    const key = await createWorkspace(scene.grantry, 'short-lived')
    const id = (await get('/workspace', key)).body.data.id as string
    const workspace = decodeId('ws', id)!
    const { browser } = await addMember(scene.grantry, { email: 'gone@example.com', workspace })
    const theirs = await addClient(scene.grantry, { workspace })
    const tokens = await obtain(scene.grantry, theirs, browser)
    expect(await scene.status(tokens.access_token)).toBe(200)
    const as = { key: scene.grantry.operatorKey }
    expect((await scene.grantry.call('DELETE', `/api/v1/workspaces/${id}`, undefined, as)).status).toBe(200)
    expect(await scene.status(tokens.access_token)).toBe(401)
    const answer = await refresh(tokens.refresh_token, theirs)
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client'])
    const visit = await browser.open(authorizationUrl(scene.grantry.url, theirs))
    expect([visit.status, answerOf(visit).code]).toEqual([400, undefined])
  })

  describe('an end user', () => {
    const signIn = async (endUser: string, workspace = firstWorkspace) => {
      const { secret } = await openSession(
        scene.grantry.ctx,
        scene.grantry.ctx.db,
        { workspace, kind: 'end_user', endUser, email: `${endUser}@example.com`, name: endUser },
        { address: '127.0.0.1', userAgent: 'test', replaced: null, requestId: 'test' },
      )
      return createBrowser(scene.grantry.url, new Map([['grantry_session', secret]]))
    }

    test('reaches their own connections and nobody else’s, by any way', async () => {
      const mine = await connect('mine', 'ya29.mine')
      const others = [await connect('other', 'ya29.other'), await connect(null, 'ya29.of-the-workspace')]
      const tokens = await obtain(scene.grantry, app, await signIn('mine'), { scope: all })
      const listed = await get('/connections', tokens.access_token)
      expect((listed.body.data as { id: string }[]).map(({ id }) => id)).toEqual([mine.id])
      expect((await get(`/connections/${mine.id}/token`, tokens.access_token)).body.data.access_token).toBe(
        'ya29.mine',
      )
      for (const { id } of others) {
        for (const [method, path] of [
          ['GET', `/connections/${id}`],
          ['GET', `/connections/${id}/token`],
          ['GET', `/connections/${id}/attempts`],
          ['POST', `/connections/${id}/refresh`],
          ['DELETE', `/connections/${id}`],
        ] as const) {
          const answer = await scene.grantry.call(method, `/api/v1${path}`, undefined, {
            key: tokens.access_token,
          })
          expect([answer.status, answer.body.code], path).toEqual([404, 'not_found'])
        }
      }
      for (const query of ['?end_user=other', '?end_user=other&limit=1', '?provider=gmail&end_user=other']) {
        const found = await get(`/connections${query}`, tokens.access_token)
        expect(found.text, query).not.toContain(others[0]!.id)
        const secret = await get(`/token?provider=gmail&${query.slice(1)}`, tokens.access_token)
        expect(secret.text, query).not.toContain('ya29.other')
      }
      const session = await scene.grantry.call(
        'POST',
        '/api/v1/connect-sessions',
        { integration: integration.id, end_user: { id: 'other' } },
        { key: tokens.access_token },
      )
      expect(session.status).toBe(403)
      const account = await get('/account', tokens.access_token)
      expect(account.body.data).toMatchObject({ workspace: { role: null } })
    })

    test('cannot give an app of their own to an MCP server over somebody else’s connection', async () => {
      const theirs = await connect('owner of it', 'ya29.server')
      const server = await scene.grantry.call('POST', '/api/v1/mcp-servers', {
        mcp_server: 'gmail',
        access_type: 'read',
        auth_method: 'oauth',
        connection_id: theirs.id,
      })
      const resource = server.body.data.mcp_url as string
      const before = await scene.issued()
      const stranger = await signIn('a stranger')
      const page = await stranger.open(authorizationUrl(scene.grantry.url, scene.client, { resource }))
      expect([page.status, page.text.includes('Gmail')]).toEqual([410, false])
      expect(await scene.issued()).toEqual(before)
      const owner = await signIn('owner of it')
      const back = await allow(owner, authorizationUrl(scene.grantry.url, scene.client, { resource }))
      expect(back.searchParams.get('code')).toMatch(/^gac_/)
    })

    test('of the same name in another workspace is somebody else', async () => {
      const mine = await connect('same name', 'ya29.first')
      const key = await createWorkspace(scene.grantry, 'second')
      const workspace = decodeId('ws', (await get('/workspace', key)).body.data.id)!
      const theirApp = await addClient(scene.grantry, { workspace, method: 'client_secret_basic' })
      const tokens = await obtain(scene.grantry, theirApp, await signIn('same name', workspace), {
        scope: all,
      })
      expect((await get('/connections', tokens.access_token)).body.data).toEqual([])
      expect((await get(`/connections/${mine.id}/token`, tokens.access_token)).status).toBe(404)
    })
  })
})
