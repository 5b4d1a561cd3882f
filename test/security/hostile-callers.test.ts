import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorCatalogue } from '../../packages/api/src/errors.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { goodPassword, openBrowser } from '../support/members.ts'
import { contract, routeOf } from './endpoints.ts'
import { type RawAnswer, sendRaw } from './raw-http.ts'
import { exampleOf, kindOf } from './requests.ts'
import { countRows } from './rows.ts'
import { furnish, type Tenant } from './tenant.ts'

/** Stands in each value that may be a secret, so that an answer that repeats one is seen. */
const canary = 'callercanary'
const seed = 20_260_101

/** 10 MB, made once: hundreds of requests carry them. */
const large = Buffer.from(`{"name":"${'x'.repeat(10_000_000)}"}`)
const chunks = Buffer.from(`${`ffff\r\n${'x'.repeat(0xffff)}\r\n`.repeat(160)}0\r\n\r\n`)

/** What `fc.string({ unit: 'binary' })` draws; that one first lists every code point to find its way back from one. */
const anyText = fc.string({
  unit: fc
    .integer({ min: 0, max: 0x10ffff - 0x800 })
    .map((point) => String.fromCodePoint(point < 0xd800 ? point : point + 0x800)),
  maxLength: 40,
})

eachDatabase('hostile callers', (open) => {
  let grantry: TestGrantry
  let tenant: Tenant & { appKey: string }
  let before: Record<string, number>
  let calls: number
  let csrf: string
  let exportKey: string

  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      env: { GRANTRY_BOOTSTRAP_OWNER: `owner@example.com:${goodPassword}` },
      world: { background: false },
    })
    tenant = await furnish(grantry, grantry.apiKey, { name: 'ours', inApp: false })
    csrf = (await tenant.browser.api('GET', '/session')).body.data.csrf
    const owner = openBrowser(grantry)
    await owner.post('/sign-in', { email: 'owner@example.com', password: goodPassword })
    const exporting = await owner.api('POST', '/api-keys', {
      name: 'export',
      scopes: ['connections:export'],
      expires_at: new Date(grantry.clock.now() + 3_600_000).toISOString(),
    })
    expect(exporting.status, exporting.text).toBe(201)
    exportKey = exporting.body.data.secret
    before = await countRows(grantry)
    calls = grantry.sandbox!.control.stats().calls
  })
  afterAll(() => grantry?.close())

  const json = 'Content-Type: application/json'
  /** What is refused before a database is asked is tried beside one of the two. */
  const beforeDatabase = open.dialect === 'postgres'
  const keyOf = ({ access }: (typeof contract)[number]) =>
    access.includes('operator')
      ? grantry.operatorKey
      : access.includes('connections:export')
        ? exportKey
        : grantry.apiKey
  /** What only people do comes from a browser in which one is signed in. */
  const credentialOf = (endpoint: (typeof contract)[number]) =>
    endpoint.access.every((needed) => needed === 'member')
      ? [
          `Cookie: grantry_session=${tenant.browser.jar.get('grantry_session')}`,
          'Sec-Fetch-Site: same-origin',
          `X-CSRF-Token: ${csrf}`,
        ]
      : [`Authorization: Bearer ${keyOf(endpoint)}`]

  function send(
    endpoint: (typeof contract)[number],
    path: string,
    lines: string[] = [],
    body: Uint8Array | string = '',
  ) {
    const length = lines.some((line) => /^(content-length|transfer-encoding):/i.test(line))
      ? []
      : [`Content-Length: ${Buffer.byteLength(body)}`]
    const head = [`${endpoint.method} ${path} HTTP/1.1`, ...credentialOf(endpoint), ...length, ...lines]
    return sendRaw(grantry.url, head, body)
  }

  /** Refused for a reason with a stable code, told in a problem document that repeats no secret. */
  function expectRefusal(answer: RawAnswer, what: string, statuses?: number[]) {
    expect([answer.status, answer.headers.get('content-type')], `${what}: ${answer.text}`).toEqual([
      expect.toSatisfy((status: number) => status >= 400 && status < 500),
      'application/problem+json',
    ])
    if (statuses) expect(statuses, `${what}: ${answer.text}`).toContain(answer.status)
    const { code, status, detail, request_id } = answer.body as Record<string, string>
    expect(errorCatalogue, what).toHaveProperty(code!)
    expect([status, typeof detail, request_id], what).toEqual([
      answer.status,
      'string',
      expect.stringMatching(/^req_/),
    ])
    expect(answer.text, what).not.toContain(canary)
    expect(answer.text, what).not.toContain(grantry.apiKey)
    expect(answer.text, what).not.toMatch(/node_modules|\.ts:\d|SQLITE|syntax error/i)
  }

  async function expectNothingHappened() {
    expect(await countRows(grantry)).toEqual(before)
    expect(grantry.sandbox!.control.stats().calls).toBe(calls)
    expect(grantry.logs()).not.toContain('request failed')
  }

  const withBody = contract.filter(({ body }) => body)
  const withId = contract.filter(({ path }) => kindOf(path))

  describe.skipIf(beforeDatabase).each(withBody.map((endpoint) => ({ route: routeOf(endpoint), endpoint })))(
    '$route',
    ({ endpoint }) => {
      const example = () => exampleOf(endpoint, tenant)
      const good = () => JSON.stringify(example().body)

      test('bodies that are not JSON, or not UTF-8: 400', async () => {
        const text = good()
        for (const [what, body] of Object.entries({
          truncated: text.slice(0, -1),
          'cut in a string': text.slice(0, text.length / 2),
          'two values': `${text}${text}`,
          'trailing comma': `${text.slice(0, -1)},}`,
          'not JSON': 'name=x',
          'byte order mark of UTF-16': Buffer.from(`\ufeff${text}`, 'utf16le'),
          'broken UTF-8': Buffer.concat([
            Buffer.from('{"name":"'),
            Buffer.of(0xc3, 0x28, 0xff),
            Buffer.from('"}'),
          ]),
          'overlong UTF-8': Buffer.concat([
            Buffer.from('{"name":"'),
            Buffer.of(0xc0, 0xaf),
            Buffer.from('"}'),
          ]),
          'NUL byte': '{"name":"\0"}',
          __proto__: `{"__proto__":{"scopes":["admin"]},${text.slice(1)}`,
          'nested __proto__': `{"a":{"__proto__":null},${text.slice(1)}`,
          'constructor.prototype': `{"constructor":{"prototype":{}},${text.slice(1)}`,
        }))
          expectRefusal(await send(endpoint, example().path, [json], body), what, [400])
        await expectNothingHappened()
      })

      test('JSON of another shape: 422 that names the field', async () => {
        const fields = Object.keys(example().body as object)
        for (const [what, body] of Object.entries({
          array: `[${good()}]`,
          'empty array': '[]',
          null: 'null',
          text: '"x"',
          number: '1e400',
          'deep array': `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
          'deep object': `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
          nothing: '',
        }))
          expectRefusal(await send(endpoint, example().path, [json], body), what, [400, 422])
        for (const field of fields) {
          for (const value of [[canary, [[]]], { $ne: null }, -1e308, { a: canary }]) {
            // Its items are judged and answered each by itself.
            if (endpoint.name === 'importConnections' && Array.isArray(value)) continue
            // They are judged by the tool's own schema, in its answer.
            if (endpoint.name === 'runMcpServerTool' && typeof value === 'object' && !Array.isArray(value))
              continue
            const body = JSON.stringify({ ...(example().body as object), [field]: value })
            const answer = await send(endpoint, example().path, [json], body)
            expectRefusal(answer, `${field}: ${body}`, [422])
            const paths = (answer.body!.errors as { path: string }[]).map(({ path }) => path)
            expect(
              paths.some((path) => path === field || path.startsWith(`${field}.`)),
              answer.text,
            ).toBe(true)
          }
        }
        await expectNothingHappened()
      })

      test('unknown fields: 422 that names one', async () => {
        for (const field of [
          'workspace_id',
          'workspace',
          'created_by',
          'constructor',
          'toString',
          'hasOwnProperty',
        ]) {
          const body = JSON.stringify({ ...(example().body as object), [field]: canary })
          const answer = await send(endpoint, example().path, [json], body)
          expectRefusal(answer, field, [422])
          expect(answer.text).toContain(field)
        }
        await expectNothingHappened()
      })

      test('other content types, or none: 415', async () => {
        for (const type of [
          'text/plain',
          'text/json',
          'application/x-www-form-urlencoded',
          'multipart/form-data; boundary=x',
          'application/jsonx',
          'application/json, text/plain',
          '*/*',
          '',
        ])
          expectRefusal(
            await send(endpoint, example().path, [`Content-Type: ${type}`], good()),
            type,
            [400, 415],
          )
        expectRefusal(await send(endpoint, example().path, [], good()), 'none', [415])
        expectRefusal(
          await send(
            endpoint,
            example().path,
            [json, 'Content-Encoding: gzip'],
            Buffer.from([0x1f, 0x8b, 8, 0]),
          ),
          'gzip',
          [400, 415],
        )
        await expectNothingHappened()
      })

      test('10 MB, announced or not: 413', async () => {
        expectRefusal(await send(endpoint, example().path, [json], large), 'announced', [413])
        expectRefusal(
          await send(endpoint, example().path, [json, 'Transfer-Encoding: chunked'], chunks),
          'chunked',
          [413],
        )
        await expectNothingHappened()
      })
    },
  )

  describe.each(withId.map((endpoint) => ({ route: routeOf(endpoint), endpoint })))(
    '$route',
    ({ endpoint }) => {
      test('ids that are none: 4xx, the same for everyone', async () => {
        const { path, body } = exampleOf(endpoint, tenant)
        const id = tenant.ids[kindOf(endpoint.path) as keyof Tenant['ids']]
        const lines = body === undefined ? [] : [json]
        const text = body === undefined ? '' : JSON.stringify(body)
        for (const hostile of [
          '..%2F..%2Fworkspace',
          '%2e%2e%2f%2e%2e%2f',
          '%252e%252e%252f',
          `${id}%00`,
          `${id}%0d%0aX-Injected:%201`,
          `${id}%20`,
          `${id};x=1`,
          id.toUpperCase(),
          id.slice(0, -1),
          `${id}0`,
          id.replace(/_./, '_z'),
          id.replace(/^[a-z]+_/, 'zzz_'),
          `x'%20or%20'1'='1`,
          '%F0%9F%92%A9',
          '%ff%fe',
          '%zz',
          '%',
          'null',
          'undefined',
          '__proto__',
          '0',
          '-1',
          'a'.repeat(65),
          'a'.repeat(513),
          'a'.repeat(9000),
          '00000000-0000-7000-8000-000000000001',
        ]) {
          const answer = await send(endpoint, path.replace(id, hostile), lines, text)
          expectRefusal(answer, hostile.slice(0, 80), [400, 404, 422])
          expect(answer.headers.get('x-injected')).toBeNull()
        }
        await expectNothingHappened()
      })
    },
  )

  describe.skipIf(beforeDatabase).each(contract.map((endpoint) => ({ route: routeOf(endpoint), endpoint })))(
    '$route',
    ({ endpoint }) => {
      test('query parameters that are unknown, doubled or polluting: 4xx that names one', async () => {
        const { path, body } = exampleOf(endpoint, tenant)
        const lines = body === undefined ? [] : [json]
        const text = body === undefined ? '' : JSON.stringify(body)
        const and = path.includes('?') ? '&' : '?'
        for (const [query, status] of [
          [`nonsense=${canary}`, 422],
          ['workspace_id=x', 422],
          ['__proto__=x', 422],
          ['__proto__[scopes]=x', 422],
          ['constructor=x', 422],
          [`provider=${canary}&provider=b`, 400],
          ['limit=1&limit=2', 400],
          ['a=1&a=1&a=1', 400],
        ] as const) {
          const answer = await send(endpoint, `${path}${and}${query}`, lines, text)
          expectRefusal(answer, query, [status])
          expect((answer.body!.errors as { path: string }[])[0]!.path, query).toBe(query.split('=')[0])
        }
        await expectNothingHappened()
      })

      test.runIf(!endpoint.body && endpoint.method !== 'GET')('a body where none belongs: 4xx', async () => {
        const { path } = exampleOf(endpoint, tenant)
        for (const body of ['{"force":true}', '{', '[]', '"x"', '1'])
          expectRefusal(await send(endpoint, path, [json], body), body, [400, 422])
        expectRefusal(await send(endpoint, path, ['Content-Type: text/plain'], 'x'), 'text', [415])
        await expectNothingHappened()
      })
    },
  )

  test('fields at and past their limits, and what no database can hold: 422 that names the field', async () => {
    const { ids } = tenant
    const authorization_url = grantry.sandbox!.generic.plain!.authorization_url
    const base = { label: 'x', provider: 'gmail', client_id: 'x', validate: false }
    const generic = { label: 'x', client_id: 'x', validate: false, authorization_url }
    const tokens = { access_token: 'x' }
    const cases: [path: string, body: unknown, field: string][] = [
      ['POST /apps', { name: '' }, 'name'],
      ['POST /apps', { name: 'x'.repeat(121) }, 'name'],
      ['POST /apps', { name: 'a\0b' }, 'name'],
      ['POST /apps', { name: 'a\r\nb' }, 'name'],
      ['POST /apps', { name: '\ud800' }, 'name'],
      ['POST /api-keys', { name: 'k', scopes: [] }, 'scopes'],
      ['POST /api-keys', { name: 'k', scopes: ['admin', 'root'] }, 'scopes.1'],
      ['POST /api-keys', { name: 'k', scopes: ['admin'], expires_at: '2001-01-01T00:00:00Z' }, 'expires_at'],
      ['POST /api-keys', { name: 'k', scopes: ['admin'], expires_at: 'tomorrow' }, 'expires_at'],
      ['POST /api-keys', { name: 'k', scopes: ['admin'], expires_at: '2040-02-30T00:00:00Z' }, 'expires_at'],
      [`POST /api-keys/${ids.key}/rotate`, { overlap_seconds: -1 }, 'overlap_seconds'],
      [`POST /api-keys/${ids.key}/rotate`, { overlap_seconds: 1e300 }, 'overlap_seconds'],
      [`POST /api-keys/${ids.key}/rotate`, { overlap_seconds: 0.5 }, 'overlap_seconds'],
      ['POST /integrations', { ...base, client_secret: `${canary}\ud800` }, 'client_secret'],
      ['POST /integrations', { ...base, client_secret: `${canary}\n` }, 'client_secret'],
      ['POST /integrations', { ...base, client_secret: canary.repeat(500) }, 'client_secret'],
      ['POST /integrations', { ...base, provider: 'nobody' }, 'provider'],
      ['POST /integrations', { ...base, provider: '__proto__' }, 'provider'],
      ['POST /integrations', { ...base, grant_type: 'password' }, 'grant_type'],
      [
        'POST /integrations',
        { ...base, extra_authorize_params: { 'a b': 'x' } },
        'extra_authorize_params.a b',
      ],
      ...['state', 'scope', 'redirect_uri', 'code_challenge_method', 'request_uri'].map(
        (name): [string, unknown, string] => [
          'POST /integrations',
          { ...base, extra_authorize_params: { prompt: 'consent', [name]: 'x' } },
          `extra_authorize_params.${name}`,
        ],
      ),
      ['POST /integrations', { ...base, redirect_uri: 'https://evil.example/cb' }, 'redirect_uri'],
      ['POST /integrations', { ...generic, token_url: 'javascript:alert(1)' }, 'token_url'],
      ['POST /integrations', { ...generic, token_url: 'data:text/plain,x' }, 'token_url'],
      ['POST /integrations', { ...generic, token_url: 'file:///etc/passwd' }, 'token_url'],
      ['POST /integrations', { ...generic, token_url: `https://u:${canary}@a.example/t` }, 'token_url'],
      ['POST /integrations', { ...generic, token_url: 'https://a.example\\@evil.example/t' }, 'token_url'],
      ['POST /integrations', { ...generic, token_url: 'https://a.example/\0' }, 'token_url'],
      ['POST /integrations', { ...generic, token_url: 'https://a.example/\t' }, 'token_url'],
      [
        'POST /integrations',
        { ...generic, token_url: 'http://169.254.169.254/latest/meta-data' },
        'token_url',
      ],
      ['POST /integrations', { ...generic, token_url: 'https://[::ffff:169.254.169.254]/' }, 'token_url'],
      ['POST /integrations', { ...generic, token_url: 'https://127.0.0.1:1/token' }, 'token_url'],
      ['POST /integrations', { ...generic, token_url: 'https://2130706433/token' }, 'token_url'],
      ['POST /integrations', { ...generic, token_url: 'https://[/' }, 'token_url'],
      ['POST /connections', { integration: ids.int, tokens: {} }, 'tokens'],
      [
        'POST /connections',
        { integration: ids.int, tokens: { access_token: `${canary}\ud800` } },
        'tokens.access_token',
      ],
      [
        'POST /connections',
        { integration: ids.int, tokens: { access_token: `${canary}\r\n` } },
        'tokens.access_token',
      ],
      ['POST /connections', { integration: ids.int, tokens: { refresh_token: '' } }, 'tokens.refresh_token'],
      ['POST /connections', { integration: ids.int, tokens: { ...tokens, scope: '\0' } }, 'tokens.scope'],
      ['POST /connections', { integration: ids.int, tokens, metadata: { a: '\0' } }, 'metadata.a'],
      ['POST /connections', { integration: ids.int, tokens, end_user: { id: '\0' } }, 'end_user.id'],
      [
        'POST /connections',
        { integration: ids.int, tokens, end_user: { id: 'u', email: 'x' } },
        'end_user.email',
      ],
      ['POST /connect-sessions', { integration: ids.int, providers: ['gmail'] }, 'integrations'],
      ['POST /connect-sessions', { providers: [] }, 'providers'],
      ['POST /manage-links', {}, 'end_user'],
      ['POST /manage-links', { end_user: { id: '' } }, 'end_user.id'],
      ['POST /manage-links', { end_user: { id: 'u1', email: 'a@example.com' } }, 'end_user'],
      ['POST /connect-sessions', { provider: '\0' }, 'provider'],
      ['POST /connect-sessions', { integration: ids.int, state: 'a\0' }, 'state'],
      ['POST /connect-sessions', { integration: ids.int, state: '\udc00' }, 'state'],
      ['POST /connect-sessions', { integration: ids.int, scopes: ['a b'] }, 'scopes.0'],
      ['POST /connect-sessions', { integration: ids.int, binding: 'none' }, 'binding'],
      ...[
        'javascript:alert(1)',
        'data:text/html,x',
        '//evil.example/',
        '/\\evil.example',
        'https://evil.example/',
        'http://localhost:7001@evil.example/',
        `${'http://localhost'}.evil.example/`,
        'http://localhost%2eevil.example/',
        'https://app.example.com/\r\nSet-Cookie: a=b',
        '\thttps://app.example.com/',
        'not a url',
      ].map((return_to): [string, unknown, string] => [
        'POST /connect-sessions',
        { integration: ids.int, return_to },
        'return_to',
      ]),
      ['POST /connect-sessions', { integration: ids.int, origin: 'https://evil.example' }, 'origin'],
      ['POST /connect-sessions', { integration: ids.int, origin: 'null' }, 'origin'],
      ['POST /connect-sessions', { integration: ids.int, origin: '*' }, 'origin'],
      ['PATCH /workspace', { allowed_origins: ['https://a:99999'] }, 'allowed_origins.0'],
      ['PATCH /workspace', { allowed_origins: ['https://*.example.com'] }, 'allowed_origins.0'],
      ['PATCH /workspace', { allowed_origins: ['https://a.example/path'] }, 'allowed_origins.0'],
      ['PATCH /workspace', { return_urls: ['javascript:alert(1)'] }, 'return_urls.0'],
      ['PATCH /workspace', { return_urls: ['https://['] }, 'return_urls.0'],
      ['PATCH /workspace', { return_urls: ['https://a.example@evil.example/'] }, 'return_urls.0'],
    ]
    for (const [route, body, field] of cases) {
      const [method = '', path] = route.split(' ')
      const answer = await grantry.call(method, `/api/v1${path}`, body)
      const what = `${route} ${JSON.stringify(body).slice(0, 200)}: ${answer.text.slice(0, 400)}`
      expect([answer.status, answer.headers.get('content-type')], what).toEqual([
        422,
        'application/problem+json',
      ])
      expect(
        answer.body.errors?.map(({ path }: { path: string }) => path),
        what,
      ).toContain(field)
      expect(answer.text, what).not.toContain(canary)
    }
    await expectNothingHappened()
  })

  test('queries at and past their limits, forged cursors: 422 that names the parameter', async () => {
    const cursor = (text: string) => Buffer.from(text).toString('base64url')
    for (const [path, field] of [
      ['/connections?limit=0', 'limit'],
      ['/connections?limit=201', 'limit'],
      ['/connections?limit=1e99', 'limit'],
      ['/connections?limit=', 'limit'],
      ['/connections?limit=ten', 'limit'],
      ['/connections?limit=1.5', 'limit'],
      ['/connections?limit=9007199254740993', 'limit'],
      ['/connections?status=deleted', 'status'],
      ['/connections?provider=%00', 'provider'],
      ['/connections?end_user=%00', 'end_user'],
      [`/connections?cursor=${cursor('1')}`, 'cursor'],
      [`/connections?cursor=${cursor("' or 1=1 --")}`, 'cursor'],
      [`/connections?cursor=${'A'.repeat(257)}`, 'cursor'],
      ['/connections?cursor=%00', 'cursor'],
      ['/connections?cursor=', 'cursor'],
      [`/apps?cursor=${cursor('__proto__')}`, 'cursor'],
      [`/api-keys?cursor=${cursor('x')}`, 'cursor'],
      [`/events?cursor=${cursor('x')}`, 'cursor'],
      [`/integrations?cursor=${cursor('x')}`, 'cursor'],
      [`/providers?cursor=${cursor('__proto__')}`, 'cursor'],
      ['/events?since=yesterday', 'since'],
      ['/events?since=2026-13-01T00:00:00Z', 'since'],
      ['/events?actor=x', 'actor'],
      [`/connections/${tenant.ids.con}/token?min_valid=-1`, 'min_valid'],
      [`/connections/${tenant.ids.con}/token?min_valid=86401`, 'min_valid'],
      [`/connections/${tenant.ids.con}/token?min_valid=NaN`, 'min_valid'],
      ['/token', 'provider'],
      [`/token?provider=gmail&integration=${tenant.ids.int}`, 'provider'],
      [`/integrations/${tenant.ids.int}?force=yes`, 'force', 'DELETE'],
      [`/connections/${tenant.ids.con}?force=1`, 'force', 'DELETE'],
    ] as [string, string, string?][]) {
      const method = path.includes('force=') ? 'DELETE' : 'GET'
      const answer = await grantry.call(method, `/api/v1${path}`)
      expect([answer.status, answer.body.errors?.[0].path], `${path}: ${answer.text}`).toEqual([422, field])
    }
    await expectNothingHappened()
  })

  test('what is hardly HTTP: 4xx and a problem document', async () => {
    const get = 'GET /api/v1/account HTTP/1.1'
    const bearer = `Authorization: Bearer ${grantry.apiKey}`
    for (const head of [
      ['GET'],
      ['NONSENSE /api/v1/account HTTP/1.1'],
      ['GET /api/v1/account HTTP/9.9'],
      [get, 'no colon'],
      [get, bearer, 'Content-Length: -1'],
      [get, bearer, 'Content-Length: 1', 'Content-Length: 2'],
      ['POST /api/v1/apps HTTP/1.1', bearer, 'Content-Length: 2', 'Transfer-Encoding: chunked'],
      [get, bearer, `X-Large: ${'x'.repeat(40_000)}`],
      [get, bearer, 'X-Folded: a', ' b'],
      [get, 'Authorization: Bearer \0'],
      ['GET //evil.example/api/v1/apps HTTP/1.1', bearer],
      ['GET /api/v1/../../etc/passwd HTTP/1.1', bearer],
      ['GET /api/v1/%2e%2e/apps HTTP/1.1', bearer],
      ['GET /API/V1/APPS HTTP/1.1', bearer],
      ['GET /api/v1/apps/ HTTP/1.1', bearer],
      ['TRACE /api/v1/account HTTP/1.1', bearer],
      ['HEAD /api/v1/workspaces HTTP/1.1', bearer],
      ['PUT /api/v1/workspace HTTP/1.1', bearer],
    ]) {
      const answer = await sendRaw(grantry.url, head)
      if (head[0]!.startsWith('HEAD')) expect(answer.status).toBe(404)
      else expectRefusal(answer, head.join(' | ').slice(0, 120))
    }
    await expectNothingHappened()
  })

  test('the callback, the link and the form take anything, and start nothing', async () => {
    const callback = '/api/v1/credentials/auth/callback/gmail'
    const state = Buffer.alloc(150, 7).toString('base64url')
    const form = 'Content-Type: application/x-www-form-urlencoded'
    for (const [line, lines, body] of [
      [`GET ${callback}`],
      [`GET ${callback}?state=${state}&code=${canary}`],
      [`GET ${callback}?state=${state}&state=${state}&code=${canary}`],
      [`GET ${callback}?state=%00&code=%00`],
      [`GET ${callback}?state=${'A'.repeat(2000)}`],
      [`GET ${callback}?state=${state}&code=${canary}&error=%3Cscript%3E`],
      ['GET /api/v1/credentials/auth/callback/__proto__?state=x'],
      ['GET /api/v1/credentials/auth/callback/%00?state=x'],
      [`GET /connect/gst_${canary}`],
      [`GET /connect/${tenant.connectToken}`],
      [`GET /connect/${tenant.startToken.slice(0, -1)}${tenant.startToken.endsWith('A') ? 'B' : 'A'}`],
      ['GET /connect/%00'],
      ['POST /connect/confirm', [form], `secret=gcf_${canary}&decision=connect`],
      ['POST /connect/confirm', [form], ''],
      ['POST /connect/confirm', [form], 'secret=&secret=&decision=connect'],
      ['POST /connect/confirm', [form], `secret=${'x'.repeat(20_000)}`],
      ['POST /connect/confirm', [json], '{"secret":{}}'],
      ['POST /connect/confirm', [], ''],
    ] as [string, string[]?, string?][]) {
      const head = [`${line} HTTP/1.1`, ...(lines ?? [])]
      if (body !== undefined) head.push(`Content-Length: ${body.length}`)
      const answer = await sendRaw(grantry.url, head, body)
      expect(answer.status, line).toBeGreaterThanOrEqual(400)
      expect(answer.status, line).toBeLessThan(500)
      expect(answer.text, line).not.toMatch(/<script>alert|callercanary/)
      expect(answer.headers.get('content-security-policy'), line).toMatch(
        /default-src 'none'.*frame-ancestors 'none'/,
      )
      expect(answer.headers.get('referrer-policy'), line).toBe('no-referrer')
    }
    await expectNothingHappened()
  })

  test('random paths, queries and bodies never end in a 5xx', async () => {
    const value = fc.anything({
      maxDepth: 3,
      key: anyText,
      values: [
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        anyText,
        fc.constant(null),
      ],
    })
    const odd = fc.oneof(
      anyText,
      fc.constantFrom(
        '\0',
        '\ud800',
        '../',
        '%2e%2e',
        '__proto__',
        'null',
        '-0',
        '1e999',
        '\r\n',
        "' or 1=1 --",
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...contract),
        fc.dictionary(
          fc.oneof(odd, fc.constantFrom('limit', 'cursor', 'provider', 'end_user', 'app', 'type')),
          odd,
          {
            maxKeys: 3,
          },
        ),
        odd,
        fc.option(fc.tuple(fc.nat(), fc.oneof(value, odd)), { nil: undefined }),
        async (endpoint, query, id, change) => {
          const example = exampleOf(endpoint, tenant)
          const kind = kindOf(endpoint.path) as keyof Tenant['ids'] | null
          const parameters = new URLSearchParams(
            Object.entries(query).map(([k, v]): [string, string] => [k.toWellFormed(), v.toWellFormed()]),
          )
          const path = kind
            ? example.path.replace(tenant.ids[kind], encodeURIComponent(id.toWellFormed()) || '_')
            : example.path
          let body = example.body as Record<string, unknown> | undefined
          if (body && change) {
            const fields = Object.keys(body)
            body = { ...body, [fields[change[0] % fields.length]!]: change[1] }
          }
          // A good request would be served: something must be wrong with each.
          if (!kind && parameters.size === 0) parameters.set('nonsense', '1')
          const answer = await send(
            endpoint,
            `${path}${path.includes('?') ? '&' : '?'}${parameters}`,
            body ? [json] : [],
            body ? JSON.stringify(body) : '',
          )
          expect(answer.status, answer.text).toBeLessThan(500)
          if (answer.status >= 400) expectRefusal(answer, path)
        },
      ),
      { seed, numRuns: 400 },
    )
    expect(grantry.logs()).not.toContain('request failed')
    expect(grantry.sandbox!.control.stats().calls).toBe(calls)
    await grantry.ctx.db.selectFrom('workspaces').select('id').execute()
  })
})
