import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SECRET_MARK } from '../../packages/sandbox/src/secret-mark.ts'
import { dialectOf } from '../../packages/server/src/db/connect.ts'
import { eachDatabase } from '../support/databases.ts'
import { type Answer, startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { findSecrets, type Secrets } from './find-secrets.ts'
import { readDatabase, readFolder } from './read-database.ts'
import { tablesOf } from './rows.ts'

eachDatabase('secrets that went in by every way', (open) => {
  const secrets: Secrets = new Map([['anything of the sandbox', Buffer.from(SECRET_MARK)]])
  const answers: { what: string; bytes: Buffer }[] = []
  let grantry: TestGrantry
  let drawn = 0
  let challenge = ''

  const secret = (
    name: string,
    value = `canary-${name.replaceAll(' ', '-')}-${randomBytes(12).toString('base64url')}`,
  ) => {
    secrets.set(name, Buffer.from(value))
    return value
  }
  const encryptionKey = randomBytes(32)

  beforeAll(async () => {
    secrets.set('encryption key', encryptionKey)
    secrets.set('encryption key, as given', Buffer.from(encryptionKey.toString('base64')))
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      encryptionKey: encryptionKey.toString('base64'),
      world: {
        // PKCE verifiers, data keys and what our own credentials are made of: all are 32 bytes.
        random: (bytes) => {
          const value = randomBytes(bytes)
          if (bytes === 32) {
            // A copy: data keys are wiped after use.
            secrets.set(`random ${++drawn}`, Buffer.from(value))
            secrets.set(`random ${drawn}, as text`, Buffer.from(value.toString('base64url')))
          }
          return value
        },
      },
    })
    secret('bootstrap key', grantry.apiKey)
    secret('operator key', grantry.operatorKey)
    const { password } = new URL(open.url)
    if (password) secret('database password', password)
  })
  afterAll(() => grantry?.close())

  /** Asks, and keeps all of the answer but the secrets that this one may carry. */
  async function ask(
    method: string,
    path: string,
    body?: unknown,
    options: Parameters<TestGrantry['call']>[3] & {
      // biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
      may?: (answer: Answer<any>) => (string | null | undefined)[]
    } = {},
  ) {
    const { may = () => [], ...rest } = options
    const answer = await grantry.call(method, path, body, rest)
    let text = `${answer.status}\n${[...answer.headers].join('\n')}\n\n${answer.text}`
    // A link that renews an ended connection is told to whoever may start that.
    const link = answer.status === 409 ? answer.body?.connect_url : null
    for (const allowed of [...may(answer), link]) if (allowed) text = text.replaceAll(allowed, '')
    answers.push({
      what: `${method} ${path.split('?')[0]!.slice(0, 60)} → ${answer.status}`,
      bytes: Buffer.from(text),
    })
    return answer
  }

  /** An owner joins, signs in, changes the password, invites, adds an OpenID provider, and goes. */
  async function signPeopleIn(ownerLink: string) {
    const email = 'owner@example.com'
    const password = secret('password')
    const cookieOf = ({ headers }: Answer) =>
      headers
        .getSetCookie()
        .join()
        .match(/gss_[\w-]+/)?.[0]
    const page = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      ask('POST', path, new URLSearchParams(fields).toString(), {
        key: null,
        headers: { ...form.headers, origin: grantry.url, ...headers },
        may: (answer) => [cookieOf(answer), ...(answer.status === 422 ? [ownerLink.split('/').at(-1)] : [])],
      })
    await ask('GET', ownerLink, undefined, { key: null, may: () => [ownerLink.split('/').at(-1)] })
    expect((await page(ownerLink, { email, password: secret('weak password', 'canary-pw1') })).status).toBe(
      422,
    )
    expect((await page(ownerLink, { email, password })).status).toBe(303)
    expect((await page('/sign-in', { email, password: secret('wrong password') })).status).toBe(403)
    const signedIn = await page('/sign-in', { email, password })
    const session = secret('session', cookieOf(signedIn))
    const own = {
      key: null,
      headers: { cookie: `grantry_session=${session}`, 'sec-fetch-site': 'same-origin' },
    }
    const shown = await ask('GET', '/api/v1/session', undefined, {
      ...own,
      may: ({ body }) => [body.data.csrf],
    })
    const csrf = secret('CSRF token', shown.body.data.csrf)
    const doing = { ...own, headers: { ...own.headers, 'x-csrf-token': csrf } }
    await ask(
      'POST',
      '/api/v1/account/password',
      { current_password: password, new_password: secret('new password') },
      doing,
    )
    await ask(
      'POST',
      '/api/v1/invitations',
      { email: 'invited@example.com', role: 'viewer' },
      { ...doing, may: ({ body }) => [body.data.link] },
    )
    const provider = await ask(
      'POST',
      '/api/v1/identity-providers',
      {
        label: 'x',
        issuer: `${grantry.sandbox!.url}/gmail`,
        audience: 'members',
        client_id: 'canary-client',
        client_secret: secret('client secret of an OpenID provider'),
      },
      doing,
    )
    expect(provider.status).toBe(201)
    const out = await ask(
      'POST',
      `/sign-in/outside/${provider.body.data.id}`,
      new URLSearchParams({ workspace: shown.body.data.workspace.id }).toString(),
      {
        key: null,
        headers: { ...form.headers, origin: grantry.url },
        may: ({ headers }) => [
          new URL(headers.get('location')!).searchParams.get('state'),
          headers
            .getSetCookie()
            .join()
            .match(/=([\w-]{43})/)?.[1],
        ],
      },
    )
    expect(out.status).toBe(303)
    for (const path of ['members', 'invitations', 'sessions', 'identity-providers', 'account/identities'])
      expect((await ask('GET', `/api/v1/${path}`, undefined, own)).status, path).toBe(200)
    await page('/sign-out', { csrf }, { cookie: `grantry_session=${session}` })
  }

  const form = { key: null, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  const inPath = { key: null }

  /** From the link to the callback URL, not yet visited. */
  async function consentOf(session: { connect_url: string }) {
    const start = await ask('GET', session.connect_url, undefined, {
      ...inPath,
      may: ({ headers }) => [headers.get('location')],
    })
    const location = start.headers.get('location')!
    challenge = new URL(location).searchParams.get('code_challenge')!
    return grantry.sandbox!.control.consent(location, { account: 'ada@example.com' })
  }

  /** The PKCE verifier behind the last challenge that went to the provider. */
  function verifier(): string {
    const known = [...secrets.values()].map(String)
    const found = known.find((text) => createHash('sha256').update(text).digest('base64url') === challenge)
    if (!found) throw new Error('The verifier was not drawn as 32 random bytes')
    return found
  }

  async function sessionOf(body: Record<string, unknown>) {
    const { body: made } = await ask('POST', '/api/v1/connect-sessions', body, {
      may: ({ body }) => [
        body.data.connect_url,
        body.data.start_token,
        body.data.authorization_url,
        body.data.connect_token,
      ],
    })
    secret(`start token ${made.data.id}`, made.data.start_token)
    secret(`connect token ${made.data.id}`, made.data.connect_token)
    secret(`state ${made.data.id}`, new URL(made.data.authorization_url).searchParams.get('state')!)
    return made.data
  }

  const secretOf = (page: string) => page.match(/name="secret" value="([^"]+)"/)?.[1] ?? ''
  const confirm = (value: string, decision = 'connect') =>
    ask('POST', '/connect/confirm', new URLSearchParams({ secret: value, decision }).toString(), {
      ...form,
      // Where it failed, the page has a link to try again.
      may: ({ text }) => [text.match(/connect\/(gst_[\w-]+)/)?.[1]],
    })
  const readToken = (id: string, key = grantry.apiKey) =>
    ask('GET', `/api/v1/connections/${id}/token`, undefined, {
      key,
      may: ({ body }) => [body?.data?.access_token],
    })

  test('leave by none', { timeout: 120_000 }, async () => {
    const { control, clients, providers } = grantry.sandbox!
    const clientSecret = secret('client secret')
    const secondSecret = secret('second client secret')
    control.registerClient({
      provider: 'gmail',
      client_id: 'canary-client',
      client_secret: clientSecret,
      redirect_uris: ['loopback'],
    })

    // Keys and workspaces: each secret is told once.
    const key = await ask(
      'POST',
      '/api/v1/api-keys',
      { name: 'k', scopes: ['tokens:read', 'connections:read'] },
      {
        may: ({ body }) => [body.data.secret],
      },
    )
    const apiKey = secret('API key', key.body.data.secret)
    const rotated = await ask(
      'POST',
      `/api/v1/api-keys/${key.body.data.id}/rotate`,
      {},
      { may: ({ body }) => [body.data.secret] },
    )
    secret('rotated API key', rotated.body.data.secret)
    const workspace = await ask(
      'POST',
      '/api/v1/workspaces',
      { name: 'other' },
      {
        key: grantry.operatorKey,
        may: ({ body }) => [body.data.api_key, body.data.owner_link],
      },
    )
    secret('key of another workspace', workspace.body.data.api_key)
    await signPeopleIn(workspace.body.data.owner_link)
    await ask('PATCH', '/api/v1/workspace', {
      return_urls: ['https://app.example.com/back'],
      allowed_origins: ['https://app.example.com'],
      allow_direct_links: true,
    })

    // Integrations: good, refused by a provider that repeats the secret, malformed.
    const gmail = { label: 'gmail', provider: 'gmail', client_id: 'canary-client' }
    const made = await ask('POST', '/api/v1/integrations', { ...gmail, client_secret: clientSecret })
    expect([made.status, made.body.data.validation.status]).toEqual([201, 'verified'])
    const integration = made.body.data.id
    const wrong = secret('wrong client secret')
    for (const fault of [
      {
        fault: 'error',
        error: 'invalid_client',
        error_description: `the secret ${wrong} is wrong`,
        times: 'forever',
      },
      { fault: 'error', error: wrong, times: 'forever' },
      {
        fault: 'status',
        status: 500,
        body: { error: 'server_error', error_description: wrong },
        times: 'forever',
      },
      { fault: 'redirect', to: `https://evil.example/?client_secret=${wrong}`, times: 'forever' },
      { fault: 'bad_json' },
      { fault: 'drop_before', times: 'forever' },
    ] as const) {
      control.fault({ endpoint: 'token', ...fault })
      await ask('POST', '/api/v1/integrations', { ...gmail, label: 'refused', client_secret: wrong })
      control.clearFaults()
    }
    await ask('POST', '/api/v1/integrations', { ...gmail, client_secret: [wrong] })
    await ask('POST', '/api/v1/integrations', { ...gmail, client_secret: `${wrong}\n` })
    await ask('POST', '/api/v1/integrations', { ...gmail, secret: wrong, client_secrets: wrong })
    await ask('POST', '/api/v1/integrations', `{"client_secret":"${wrong}"`)
    await ask('POST', '/api/v1/integrations', {
      label: 'unreachable',
      client_id: 'x',
      client_secret: wrong,
      authorization_url: providers.gmail!.authorization_url,
      token_url: `https://127.0.0.1:9/?client_secret=x`,
    })

    // An end user's own page, by a link that is spent for a cookie.
    const manage = await ask(
      'POST',
      '/api/v1/manage-links',
      { end_user: { id: 'u1' } },
      {
        may: ({ body }) => [body?.data?.url.split('/').at(-1)],
      },
    )
    const cookieOf = ({ headers }: Answer) => headers.get('set-cookie')?.match(/gmc_[\w-]+/)?.[0]
    const opened = await ask('GET', secret('manage link', manage.body.data.url), undefined, {
      key: null,
      may: (answer) => [cookieOf(answer)],
    })
    const cookie = `grantry_manage=${secret('manage cookie', cookieOf(opened)!)}`
    expect((await ask('GET', '/manage', undefined, { key: null, headers: { cookie } })).status).toBe(200)

    // Three bindings, each secret of the browser's way included.
    const confirmed = await sessionOf({ integration, end_user: { id: 'u1' } })
    const callback = await consentOf(confirmed)
    secret('code', new URL(callback).searchParams.get('code')!)
    const page = await ask('GET', callback, undefined, { ...inPath, may: ({ text }) => [secretOf(text)] })
    const connection = await (async () => {
      const value = secret('confirm secret', secretOf(page.text))
      expect((await confirm(value)).text).toContain('is connected')
      await confirm(value)
      const status = await ask('GET', `/api/v1/connect-sessions/${confirmed.id}`, undefined, {
        key: confirmed.connect_token,
      })
      return status.body.data.connection_id as string
    })()
    await ask('GET', callback, undefined, inPath)
    await ask('GET', callback.replace('/gmail?', '/pipedrive?'), undefined, inPath)

    const finished = await sessionOf({
      integration,
      end_user: { id: 'u2' },
      binding: 'finish',
      state: 'mine',
      return_to: 'https://app.example.com/back',
    })
    const back = await ask('GET', await consentOf(finished), undefined, {
      ...inPath,
      may: ({ headers }) => [headers.get('location')],
    })
    const code = secret('finish code', new URL(back.headers.get('location')!).searchParams.get('code')!)
    const finish = `/api/v1/connect-sessions/${finished.id}/finish`
    await ask('POST', finish, { code, end_user_id: 'u1' })
    expect((await ask('POST', finish, { code, end_user_id: 'u2' })).status).toBe(200)
    await ask('POST', finish, { code }, { key: finished.connect_token })

    const direct = await sessionOf({
      integration,
      end_user: { id: 'u3' },
      binding: 'direct',
      return_to: 'https://app.example.com/back',
    })
    const receipt = await ask('GET', await consentOf(direct), undefined, {
      ...inPath,
      may: ({ headers }) => [headers.get('location')],
    })
    secret('receipt', new URL(receipt.headers.get('location')!).searchParams.get('code')!)

    // An exchange that fails, at a provider that repeats all that it was sent.
    for (const kind of [
      'error',
      'status',
      'html',
      'token_with_crlf',
      'token_is_number',
      'wrong_token_type',
      'drop_after',
      'bad_json',
      'huge_body',
    ] as const) {
      const session = await sessionOf({ integration, end_user: { id: `fails-${kind}` } })
      const url = await consentOf(session)
      const sent = secret(`code of ${kind}`, new URL(url).searchParams.get('code')!)
      const words = `${sent} ${clientSecret} ${verifier()}`
      const waiting = await ask('GET', url, undefined, { ...inPath, may: ({ text }) => [secretOf(text)] })
      control.fault(
        kind === 'error'
          ? {
              endpoint: 'token',
              fault: kind,
              error: 'invalid_grant',
              error_description: words,
            }
          : kind === 'status'
            ? { endpoint: 'token', fault: kind, status: 503, body: { error: words, message: words } }
            : kind === 'huge_body'
              ? { endpoint: 'token', fault: kind, bytes: 5_000_000 }
              : { endpoint: 'token', fault: kind },
      )
      await confirm(secretOf(waiting.text))
      control.clearFaults()
      await ask('GET', `/api/v1/connect-sessions/${session.id}`)
    }
    // The account lookup fails, and repeats the bearer token that it got.
    control.fault({
      endpoint: 'account',
      fault: 'error',
      error: 'invalid_token',
      error_description: 'no',
      status: 401,
    })
    const nameless = await sessionOf({
      integration,
      end_user: { id: 'u4' },
      binding: 'direct',
      return_to: 'https://app.example.com/back',
    })
    await ask('GET', await consentOf(nameless), undefined, {
      ...inPath,
      may: ({ headers }) => [headers.get('location')],
    })
    control.clearFaults()

    // Tokens that come from elsewhere, and a refresh that fails with them in its words.
    const accessToken = secret('imported access token')
    const refreshToken = secret('imported refresh token')
    const imported = await ask('POST', '/api/v1/connections', {
      integration,
      end_user: { id: 'u5' },
      tokens: {
        access_token: accessToken,
        refresh_token: refreshToken,
        expires_at: new Date(Date.now() + 60_000).toISOString(),
      },
    })
    await ask('POST', '/api/v1/connections', {
      integration,
      tokens: { access_token: [accessToken], refresh_token: refreshToken, id_token: refreshToken },
    })
    const brought = {
      access_token: secret('brought access token'),
      refresh_token: secret('brought refresh token'),
    }
    const many = await ask('POST', '/api/v1/connections/import', {
      items: [
        { key: 'one', integration, tokens: brought },
        { key: 'two', integration, tokens: { ...brought, access_token: [brought.access_token] } },
        { key: brought.access_token.repeat(9), integration, tokens: brought },
      ],
    })
    expect(many.body.data.results.map(({ result }: { result: string }) => result)).toContain('created')
    const id = imported.body.data.id
    for (const fault of [
      {
        fault: 'error',
        error: 'temporarily_unavailable',
        error_description: `${refreshToken} ${clientSecret}`,
      },
      { fault: 'error', error: refreshToken, error_description: encodeURIComponent(refreshToken) },
      {
        fault: 'status',
        status: 500,
        body: { error: { message: `${refreshToken} ${clientSecret}`, code: 500 } },
      },
      { fault: 'drop_before' },
      { fault: 'gzip_bomb', bytes: 50_000_000 },
    ] as const) {
      control.fault({ endpoint: 'token', ...fault })
      const refused = await ask('POST', `/api/v1/connections/${id}/refresh`)
      expect(refused.status).toBe(502)
      control.clearFaults()
      await ask('GET', `/api/v1/connections/${id}`)
    }
    await readToken(id)
    grantry.clock.advance(3600)
    await readToken(id)
    control.fault({
      endpoint: 'token',
      fault: 'error',
      error: 'invalid_grant',
      error_description: `${refreshToken} was revoked`,
    })
    await readToken(id)
    control.clearFaults()
    await ask('GET', `/api/v1/connections/${id}`)

    // Good reads: the access token, to whoever may have it, and nothing else.
    expect((await readToken(connection)).body.data.access_token).toContain(SECRET_MARK)
    await ask('GET', `/api/v1/token?provider=gmail&end_user=u2`, undefined, {
      key: apiKey,
      may: ({ body }) => [body.data.access_token],
    })
    expect((await ask('POST', `/api/v1/connections/${connection}/refresh`)).status).toBe(200)

    // Ended at a provider that repeats what it was sent.
    control.fault({
      endpoint: 'revoke',
      fault: 'error',
      error: 'server_error',
      error_description: refreshToken,
      status: 500,
    })
    await ask('DELETE', `/api/v1/connections/${connection}?force=true`)
    control.clearFaults()

    // A changed client secret; credentials where none belong.
    await ask('PATCH', `/api/v1/integrations/${integration}`, {
      client_secret: secondSecret,
      validate: false,
    })
    for (const misplaced of [
      apiKey,
      grantry.operatorKey,
      accessToken,
      confirmed.connect_token,
      confirmed.start_token,
    ]) {
      await ask('GET', `/api/v1/connections/${misplaced}`)
      await ask('GET', `/api/v1/account?api_key=${misplaced}`, undefined, { key: null })
      await ask('GET', `/api/v1/connections?cursor=${misplaced}`)
      await ask('POST', `/connect/${misplaced}`, {}, { key: null })
      await ask('PUT', `/api/v1/${misplaced}`)
      await ask('GET', '/api/v1/account', undefined, { key: `${misplaced}x` })
      await ask('POST', `/api/v1/connect-sessions/${confirmed.id}/finish`, {
        code: misplaced,
        end_user_id: 'u1',
      })
      await ask('POST', '/api/v1/apps', { name: { misplaced }, misplaced })
      await ask('GET', '/api/v1/account', undefined, {
        key: null,
        headers: { authorization: `Basic ${btoa(misplaced)}` },
      })
    }

    // Our own failures, with all that a debug log says of them.
    const shaken = await sessionOf({ integration, end_user: { id: 'u6' } })
    const pending = await consentOf(shaken)
    const { db } = grantry.ctx
    for (const table of [
      'integrations',
      'connections',
      'connect_sessions',
      'authorizations',
      'token_requests',
      'events',
      'api_key_secrets',
      'workspaces',
    ]) {
      await sql`alter table ${sql.table(table)} rename to ${sql.table('elsewhere')}`.execute(db)
      try {
        await ask('POST', '/api/v1/integrations', { ...gmail, client_secret: wrong, validate: false })
        await ask('POST', '/api/v1/connections', {
          integration,
          tokens: { access_token: accessToken, refresh_token: refreshToken },
        })
        await ask('GET', shaken.connect_url, undefined, {
          ...inPath,
          may: ({ headers }) => [headers.get('location')],
        })
        await ask('GET', `${pending}&again=${table}`, undefined, {
          ...inPath,
          may: ({ text }) => [secretOf(text)],
        })
        await readToken(id)
        await ask('POST', finish, { code, end_user_id: 'u2' })
        await ask(
          'POST',
          '/api/v1/api-keys',
          { name: 'k', scopes: ['admin'] },
          { may: ({ body }) => [body?.data?.secret] },
        )
      } finally {
        await sql`alter table ${sql.table('elsewhere')} rename to ${sql.table(table)}`.execute(db)
      }
    }

    // All that may be read of what there was.
    const lists = [
      'integrations',
      'connections',
      'api-keys',
      'apps',
      'workspace',
      'account',
      'providers',
      'events?limit=200',
    ]
    for (const path of lists) expect((await ask('GET', `/api/v1/${path}`)).status, path).toBe(200)
    for (const path of ['/openapi.json', '/docs', '/docs/', '/healthz', '/readyz'])
      await ask('GET', path, undefined, { key: null })

    // The search itself must be able to find: the places hold what they should.
    expect(answers.length).toBeGreaterThan(150)
    expect(secrets.size).toBeGreaterThan(60)
    expect(grantry.logs()).toContain('request failed')
    expect(
      findSecrets(new Map([['x', Buffer.from('client_secret')]]), Buffer.from(btoa('my client_secret is'))),
    ).toEqual(['x'])
    const database = await readDatabase(grantry, open.url)
    const whole = Buffer.concat([...database.values()])
    for (const there of ['canary-client', 'ada@example.com', 'integration.created'])
      expect(whole.includes(there), there).toBe(true)
    expect(database.size).toBeGreaterThan(
      dialectOf(db) === 'sqlite' ? 1 : (await tablesOf(grantry)).length - 1,
    )

    const places = new Map([
      ['the log', Buffer.from(grantry.logs())],
      ...[...database].map(([name, bytes]): [string, Buffer] => [`the database (${name})`, bytes]),
      ...[...(await readFolder(grantry.dataDir))].map(([name, bytes]): [string, Buffer] => [
        `the data folder (${name})`,
        bytes,
      ]),
      ...answers.map(({ what, bytes }, i): [string, Buffer] => [`answer ${i}: ${what}`, bytes]),
    ])
    // All at once, and only what is found anywhere is looked for in each place.
    const found = findSecrets(secrets, Buffer.concat([...places.values()]))
    const hits = found.flatMap((name) =>
      [...places].flatMap(([place, bytes]) =>
        findSecrets(new Map([[name, secrets.get(name)!]]), bytes).map(() => `${name} in ${place}`),
      ),
    )
    expect(hits).toEqual([])
    expect(clients.gmail!.client_secret).toContain(SECRET_MARK)
  })
})
