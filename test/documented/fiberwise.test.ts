import { encodeId } from '@grantry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { confirmPage, connectAccount, startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'

// The HTTP part of Fiberwise's "OAuth API" page. Only the host is changed; `GOCSPX-your_secret_here` and its client id are
// registered at the sandbox beforehand, for the endpoints of the document are the sandbox's here. Printing error mended:
// none. The app id of its examples stands for one that exists.
const register = {
  provider_name: 'gmail',
  client_id: '123456-abc.apps.googleusercontent.com',
  client_secret: 'GOCSPX-your_secret_here',
  redirect_uri: 'http://localhost:7001/api/v1/credentials/auth/callback/gmail',
  token_data: {
    authorize_url: 'https://accounts.google.com/o/oauth2/auth',
    token_url: 'https://oauth2.googleapis.com/token',
    scopes: ['https://www.googleapis.com/auth/gmail.readonly'],
  },
}
const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/

eachDatabase('Fiberwise as documented', (open) => {
  let grantry: TestGrantry
  let documented: typeof register
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    documented = {
      ...register,
      redirect_uri: register.redirect_uri.replace('http://localhost:7001', grantry.url),
    }
    grantry.sandbox!.control.registerClient({
      provider: 'gmail',
      client_id: register.client_id,
      client_secret: register.client_secret,
      redirect_uris: [documented.redirect_uri],
    } as never)
  })
  afterAll(() => grantry?.close())

  const credentials = (method: string, path: string, body?: unknown, key?: string | null) =>
    grantry.call(method, `/api/v1/credentials${path}`, body, key === undefined ? {} : { key })

  async function consentAndConfirm(location: string) {
    const callback = await grantry.sandbox!.control.consent(location, { account: 'ada@example.com' })
    expect(callback.startsWith(documented.redirect_uri)).toBe(true)
    const page = await grantry.call('GET', callback, undefined, { key: null })
    return confirmPage(grantry, page.text, 'connect')
  }

  test('Register OAuth Provider: the request and the response of the page', async () => {
    const { status, body } = await credentials('POST', '/oauth/register', documented)
    expect(status).toBe(200)
    expect(body).toEqual({
      success: true,
      provider_id: expect.stringMatching(uuid),
      message: 'OAuth provider registered successfully',
    })
    const again = await credentials('POST', '/oauth/register', documented)
    expect(again.body.provider_id).toBe(body.provider_id)
    const shown = await grantry.call('GET', `/api/v1/integrations/${encodeId('int', body.provider_id)}`)
    expect(shown.body.data).toMatchObject({ redirect_uri: documented.redirect_uri, provider: 'gmail' })
  })

  test('Start, callback, list, revoke: for the workspace itself, by API key', async () => {
    const start = await credentials('GET', '/auth/gmail?return_to=/dashboard')
    expect(start.status).toBe(302)
    const done = await consentAndConfirm(start.headers.get('location')!)
    expect(done.status).toBe(303)
    expect(done.headers.get('location')).toMatch(new RegExp(`^${grantry.url}/dashboard\\?code=`))

    const listed = await credentials('GET', '/oauth/connections')
    expect(listed.body).toEqual([
      {
        provider_type: 'gmail',
        app_id: null,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        status: 'active',
      },
    ])
    const revoked = await credentials('DELETE', '/oauth/connections/gmail')
    expect(revoked.body).toEqual({ success: true, message: 'OAuth connection revoked successfully' })
    expect((await credentials('GET', '/oauth/connections')).body).toEqual([])
    expect((await credentials('DELETE', '/oauth/connections/gmail')).status).toBe(404)
  })

  test('with app_id, the connection is in that app and nowhere else', async () => {
    const app = (await grantry.call('POST', '/api/v1/apps', { name: 'A' })).body.data
    const db = await open()
    const { id: app_id } = await db.selectFrom('apps').select('id').executeTakeFirstOrThrow()
    const start = await credentials('GET', `/auth/gmail?return_to=/dashboard&app_id=${app_id}`)
    await consentAndConfirm(start.headers.get('location')!)
    expect((await credentials('GET', `/oauth/connections?app_id=${app_id}`)).body).toMatchObject([{ app_id }])
    expect((await grantry.call('GET', '/api/v1/token?provider=gmail')).status).toBe(404)
    expect((await grantry.call('GET', `/api/v1/token?provider=gmail&app=${app.id}`)).status).toBe(200)
    await credentials('DELETE', `/oauth/connections/gmail?app_id=${app_id}`)
  })

  test('a browser is known by its connect session; without one it is told so', async () => {
    const session = await startSession(grantry, { provider: 'gmail', end_user: { id: 'u1' } })
    const path = `/auth/gmail?return_to=/dashboard&connect_session=${session.start_token}`
    const start = await credentials('GET', path, undefined, null)
    expect(start.status).toBe(302)
    const done = await consentAndConfirm(start.headers.get('location')!)
    expect(done.headers.get('location')).toMatch(new RegExp(`^${grantry.url}/dashboard\\?code=`))
    const unknown = await credentials('GET', '/auth/gmail?return_to=/dashboard', undefined, null)
    expect(unknown.status).toBe(401)
    expect(unknown.text).toContain('It is not known who you are.')
  })

  test.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    '/%09/evil\t',
  ])('return_to %j is refused', async (returnTo) => {
    const { start_token } = await startSession(grantry, { provider: 'gmail', end_user: { id: 'u1' } })
    const query = new URLSearchParams({ return_to: returnTo, connect_session: start_token })
    expect((await credentials('GET', `/auth/gmail?${query}`, undefined, null)).status).toBe(422)
    expect(
      (await credentials('GET', `/auth/gmail?${new URLSearchParams({ return_to: returnTo })}`)).status,
    ).toBe(422)
  })

  test('an API key ends what it names, never somebody else’s by accident; a token ends its own', async () => {
    await connectAccount(grantry, { provider: 'gmail', end_user: { id: 'u2' } })
    expect(await credentials('DELETE', '/oauth/connections/gmail')).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    })
    // Whose to end was said, and they have none.
    expect((await credentials('DELETE', '/oauth/connections/gmail?end_user=nobody')).status).toBe(404)
    const minted = await grantry.call('POST', '/api/v1/end-user-tokens', {
      end_user: { id: 'u2' },
      scopes: ['connections:read', 'connections:write'],
    })
    const key = minted.body.data.token
    expect((await credentials('GET', '/oauth/connections', undefined, key)).body).toHaveLength(1)
    expect((await credentials('DELETE', '/oauth/connections/gmail', undefined, key)).body.success).toBe(true)
    expect((await credentials('GET', '/oauth/connections?end_user=u2')).body).toEqual([])
  })

  test('a provider of no catalogue: its name, its endpoints, and a callback of its name for the first who uses it', async () => {
    const { authorization_url, token_url, client_id, client_secret } = grantry.sandbox!.generic.plain!
    const redirect_uri = `${grantry.url}/api/v1/credentials/auth/callback/acme-crm`
    const own = { provider_name: 'acme-crm', client_id, client_secret, redirect_uri }
    const { status } = await credentials('POST', '/oauth/register', {
      ...own,
      token_data: { authorize_url: authorization_url, token_url, scopes: ['read'] },
    })
    expect(status).toBe(200)
    const connection = await connectAccount(grantry, { provider: 'acme-crm', end_user: { id: 'u3' } })
    expect(connection).toMatchObject({ provider: null, status: 'active' })
    expect((await credentials('GET', '/oauth/connections?end_user=u3')).body).toMatchObject([
      { provider_type: 'acme-crm' },
    ])

    const other = (
      await grantry.call('POST', '/api/v1/workspaces', { name: 'Other' }, { key: grantry.operatorKey })
    ).body.data
    const taken = await credentials(
      'POST',
      '/oauth/register',
      { ...own, token_data: { authorize_url: `${authorization_url}?other`, token_url } },
      other.api_key,
    )
    expect(taken).toMatchObject({ status: 422, body: { errors: [{ path: 'redirect_uri' }] } })
    expect(taken.body.detail).toContain('/callback/int_')
  })

  test('wrong credentials and foreign redirect URIs are refused in the field names of this API', async () => {
    const wrong = await credentials('POST', '/oauth/register', { ...documented, client_secret: 'wrong' })
    expect(wrong).toMatchObject({ status: 422, body: { code: 'provider_rejected_credentials' } })
    const foreign = await credentials('POST', '/oauth/register', {
      ...documented,
      redirect_uri: 'https://evil.example/cb',
    })
    expect(foreign).toMatchObject({ status: 422, body: { errors: [{ path: 'redirect_uri' }] } })
    const priv = await credentials('POST', '/oauth/register', {
      ...documented,
      provider_name: 'internal',
      redirect_uri: undefined,
      token_data: { authorize_url: 'https://10.0.0.1/a', token_url: 'https://10.0.0.1/t' },
    })
    expect(priv).toMatchObject({ status: 422, body: { errors: [{ path: 'token_data.authorize_url' }] } })
    expect((await credentials('POST', '/oauth/register', documented, null)).status).toBe(401)
  })

  test('makes no more checks, and opens no more links, than the other APIs do', async () => {
    const key = (
      await grantry.call('POST', '/api/v1/workspaces', { name: 'Busy' }, { key: grantry.operatorKey })
    ).body.data.api_key
    const wrong = { ...documented, client_secret: 'wrong' }
    const until429 = async (ask: () => Promise<{ status: number }>, most: number) => {
      for (let asked = 1; asked <= most; asked++) if ((await ask()).status === 429) return asked
      return null
    }
    const register = () => credentials('POST', '/oauth/register', wrong, key)
    expect(await until429(register, 200)).toBeGreaterThan(30)
    const open = (path: string) => grantry.call('GET', path, undefined, { key: null })
    expect(await until429(() => open('/connect/nothing'), 2000)).not.toBeNull()
    // One limit for both ways to open a link.
    expect(await until429(() => open('/api/v1/credentials/auth/gmail?connect_session=x'), 50)).not.toBeNull()
  })
})
