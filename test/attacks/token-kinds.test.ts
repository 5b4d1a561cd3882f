import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addSandboxIntegration, consent, startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { addClient, allow, authorizationUrl, type Client, obtain } from '../support/partner-app.ts'
import { openPartnerScene, type PartnerScene } from './partner-scene.ts'

const kinds = [
  'access token',
  'access token of a client',
  'access token for an MCP server',
  'refresh token',
  'code',
  'device code',
  'user code',
  'ID token',
  'pushed request',
  'client secret',
  'registration access token',
  'initial registration token',
  'API key',
  'end-user token',
  'connect token',
  'start token',
  'finish code',
  'session',
  'row of the database',
] as const
type Kind = (typeof kinds)[number]

type Door = {
  name: string
  /** What opens it. */
  for: readonly Kind[]
  knock(credential: string): Promise<{ status: number; told: string }>
  refusals: readonly string[]
}

// Everything that opens one door, at every other.
eachDatabase('one kind of credential used as another', (open) => {
  let scene: PartnerScene
  let app: Client
  let held: Record<Kind, string>
  let doors: Door[]

  const tell = async (answer: Response) => {
    const text = await answer.text()
    const body = answer.headers.get('content-type')?.includes('json')
      ? (JSON.parse(text) as { code?: string; error?: string; active?: boolean })
      : {}
    const said = body.active === undefined ? (body.error ?? body.code ?? '') : `active ${body.active}`
    return { status: answer.status, told: `${answer.status} ${said}`.trim() }
  }

  beforeAll(async () => {
    scene = await openPartnerScene(open.url)
    const { grantry, browser, client } = scene
    const returnTo = 'https://app.example.com/settings'
    await grantry.call('PATCH', '/api/v1/workspace', { return_urls: [returnTo] })
    app = await addClient(grantry, {
      method: 'client_secret_basic',
      grant_types: [
        'authorization_code',
        'refresh_token',
        'client_credentials',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
    })
    const integration = await addSandboxIntegration(grantry, 'gmail')
    const session = await startSession(grantry, {
      integration: integration.id,
      end_user: { id: 'u1' },
      binding: 'finish',
      return_to: returnTo,
    })
    const waiting = await startSession(grantry, { integration: integration.id, end_user: { id: 'u2' } })
    const back = await grantry.call('GET', await consent(grantry, session.connect_url), undefined, {
      key: null,
    })
    const returned = new URL(back.headers.get('location')!)
    const connection = await grantry.call('POST', '/api/v1/connections', {
      integration: integration.id,
      tokens: { access_token: 'ya29.imported' },
    })
    const server = await grantry.call('POST', '/api/v1/mcp-servers', {
      mcp_server: 'gmail',
      access_type: 'read',
      auth_method: 'oauth',
      connection_id: connection.body.data.id,
    })
    const endUser = await grantry.call('POST', '/api/v1/end-user-tokens', {
      end_user: { id: 'u1' },
      scopes: ['connections:read'],
    })
    const tool = { client_name: 'A tool', redirect_uris: ['http://127.0.0.1:3334/cb'] }
    const registration = await grantry.call('POST', '/oauth/register', tool, { key: null })
    const initial = await grantry.call('POST', '/api/v1/registration-tokens', { name: 'partners' })
    if (initial.status !== 201) throw new Error(initial.text)

    const basic = `Basic ${Buffer.from(`${app.id}:${app.secret}`).toString('base64')}`
    const post = (path: string, fields: Record<string, string>, authorization = basic) =>
      fetch(`${grantry.url}${path}`, {
        method: 'POST',
        headers: { authorization },
        body: new URLSearchParams(fields),
      })
    const json = async (answer: Promise<Response>) => (await (await answer).json()) as Record<string, string>

    const tokens = (await obtain(grantry, app, browser, {
      scope: 'openid account:read connections:read',
    })) as {
      access_token: string
      refresh_token: string
      id_token?: string
    }
    const forServer = await obtain(grantry, client, browser, { resource: server.body.data.mcp_url })
    const own = await json(
      post('/v1/oauth/token', { grant_type: 'client_credentials', scope: 'account:read' }),
    )
    const device = await json(post('/oauth/device_authorization', { scope: 'account:read' }))
    const pushed = await json(
      post('/oauth/par', Object.fromEntries(new URL(authorizationUrl(grantry.url, app)).searchParams)),
    )
    const code = (await allow(browser, authorizationUrl(grantry.url, app))).searchParams.get('code')!
    const row = await grantry.ctx.db
      .selectFrom('oauth_records')
      .select('id_hash')
      .where('model', '=', 'RefreshToken')
      .executeTakeFirstOrThrow()
    held = {
      'access token': tokens.access_token,
      'access token of a client': own.access_token!,
      'access token for an MCP server': forServer.access_token,
      'refresh token': tokens.refresh_token,
      code,
      'device code': device.device_code!,
      'user code': device.user_code!,
      'ID token': tokens.id_token!,
      'pushed request': pushed.request_uri!,
      'client secret': app.secret!,
      'registration access token': registration.body.registration_access_token,
      'initial registration token': initial.body.data.token,
      'API key': grantry.apiKey,
      'end-user token': endUser.body.data.token,
      'connect token': session.connect_token,
      'start token': waiting.start_token,
      'finish code': returned.searchParams.get('code')!,
      session: browser.cookies.get('grantry_session')!,
      'row of the database': row.id_hash,
    }
    const bearer = (path: string, credential: string, init: RequestInit = {}) =>
      fetch(`${grantry.url}${path}`, {
        ...init,
        redirect: 'manual',
        headers: { ...init.headers, authorization: `Bearer ${credential}` },
      }).then(tell)
    const grantOf = (grant_type: string, name: string) => async (credential: string) =>
      tell(
        await post('/v1/oauth/token', {
          grant_type,
          [name]: credential,
          ...(name === 'code'
            ? {
                redirect_uri: app.redirectUri,
                code_verifier: 'a-code-verifier-that-is-long-enough-for-rfc-7636',
              }
            : {}),
        }),
      )
    const tokenTells = ['400 invalid_grant']
    doors = [
      {
        name: 'the API',
        for: ['access token', 'API key', 'end-user token'],
        knock: (credential) => bearer('/api/v1/connections', credential),
        // A client's own token is good, and was given for something else.
        refusals: ['401 unauthenticated', '403 insufficient_scope'],
      },
      {
        name: 'the API by X-API-KEY',
        for: ['access token', 'API key', 'end-user token'],
        knock: async (credential) =>
          tell(
            await fetch(`${grantry.url}/api/v1/connections`, {
              headers: { 'x-api-key': credential },
            }),
          ),
        refusals: ['401 unauthenticated', '403 insufficient_scope'],
      },
      {
        name: 'userinfo',
        for: ['access token'],
        knock: (credential) => bearer('/oauth/userinfo', credential),
        refusals: ['401 unauthenticated', '403 insufficient_scope'],
      },
      {
        name: 'a connect session',
        for: ['API key', 'end-user token', 'connect token'],
        knock: (credential) => bearer(`/api/v1/connect-sessions/${session.id}`, credential),
        // A partner app reaches what was chosen at its consent: nothing was.
        refusals: ['401 unauthenticated', '403 insufficient_scope', '404 not_found'],
      },
      {
        name: 'the end of a connect session',
        for: ['finish code'],
        knock: async (code) =>
          bearer(`/api/v1/connect-sessions/${session.id}/finish`, grantry.apiKey, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ code, end_user_id: 'u1' }),
          }),
        refusals: ['404 not_found', '422 invalid_request', '403 insufficient_scope'],
      },
      {
        name: 'a connect link',
        for: ['start token'],
        knock: async (token) =>
          tell(await fetch(`${grantry.url}/connect/${encodeURIComponent(token)}`, { redirect: 'manual' })),
        refusals: ['404', '410', '404 not_found'],
      },
      {
        name: 'the console',
        for: ['session'],
        knock: async (secret) =>
          tell(
            await fetch(`${grantry.url}/api/v1/session`, {
              headers: { cookie: `grantry_session=${encodeURIComponent(secret)}` },
            }),
          ),
        refusals: ['401 unauthenticated'],
      },
      {
        name: 'the console by Bearer',
        for: [],
        knock: (credential) => bearer('/api/v1/session', credential),
        refusals: ['401 unauthenticated', '403 insufficient_scope'],
      },
      {
        name: 'grant_type=refresh_token',
        for: ['refresh token'],
        knock: grantOf('refresh_token', 'refresh_token'),
        refusals: tokenTells,
      },
      {
        name: 'grant_type=authorization_code',
        for: ['code'],
        knock: grantOf('authorization_code', 'code'),
        refusals: tokenTells,
      },
      {
        name: 'grant_type=device_code',
        for: ['device code'],
        knock: grantOf('urn:ietf:params:oauth:grant-type:device_code', 'device_code'),
        refusals: tokenTells,
      },
      {
        name: 'introspection',
        for: ['access token', 'access token of a client', 'refresh token'],
        knock: async (token) => tell(await post('/oauth/introspect', { token })),
        refusals: ['200 active false', '400 invalid_request', '400 unsupported_token_type'],
      },
      {
        name: 'client authentication',
        for: ['client secret'],
        knock: async (secret) =>
          tell(
            await post(
              '/oauth/introspect',
              { token: 'none' },
              `Basic ${Buffer.from(`${app.id}:${encodeURIComponent(secret)}`).toString('base64')}`,
            ),
          ),
        refusals: ['401 invalid_client', '400 invalid_request'],
      },
      {
        name: 'a registration',
        for: ['registration access token'],
        knock: (credential) => bearer(`/oauth/register/${registration.body.client_id}`, credential),
        refusals: ['401 invalid_token', '400 invalid_request'],
      },
      {
        name: 'the operator’s routes',
        for: [],
        knock: (credential) => bearer('/api/v1/workspaces', credential),
        refusals: ['401 unauthenticated', '403 insufficient_scope'],
      },
    ]
  })
  afterAll(() => scene?.grantry.close())

  test.each(kinds)('%s', async (kind) => {
    expect(held[kind], kind).toBeTruthy()
    const before = await scene.issued()
    for (const door of doors.filter((door) => !door.for.includes(kind))) {
      const { told } = await door.knock(held[kind])
      expect(door.refusals, `${kind} at ${door.name}: ${told}`).toContain(told)
    }
    expect(await scene.issued()).toEqual(before)
  })

  describe('and where it belongs', () => {
    test('each still opens its own door: what was tried harmed nothing', async () => {
      const lasting = doors.filter(({ name }) => !name.startsWith('grant_type'))
      for (const door of lasting)
        for (const kind of door.for) {
          const { status, told } = await door.knock(held[kind])
          expect(status, `${kind} at ${door.name}: ${told}`).toBeLessThan(400)
          if (door.name === 'introspection') expect(told, kind).toBe('200 active true')
        }
      const grants = { 'refresh token': 200, code: 200, 'device code': 400 } as const
      for (const [kind, status] of Object.entries(grants)) {
        const door = doors.find(
          ({ name, for: those }) => name.startsWith('grant_type') && those.includes(kind as Kind),
        )!
        const answer = await door.knock(held[kind as Kind])
        // Nobody has typed the device's code yet.
        expect(answer.told).toBe(status === 200 ? '200' : '400 authorization_pending')
      }
    })
  })
})
