import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProviderError, type ProviderErrorFacts } from './errors.ts'
import { processTokenResponse, type TokenReading } from './process-token-response.ts'
import type { ProviderProfile } from './profile.ts'
import { Secret } from './secret.ts'

const now = Date.parse('2026-01-01T00:00:00Z')
type Profile = Pick<ProviderProfile, 'token_response' | 'refresh'>

type Init = {
  status?: number
  type?: string
  headers?: Record<string, string>
  profile?: Profile
} & Partial<TokenReading>

const answer = (body: unknown, { status = 200, type = 'application/json', headers = {} }: Init = {}) =>
  new Response(typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body), {
    status,
    headers: { ...(type && { 'content-type': type }), ...headers },
  })

const read = (body: unknown, init: Init = {}) =>
  processTokenResponse(init.profile ?? {}, answer(body, init), {
    now,
    ...(init.secrets && { secrets: init.secrets }),
    ...(init.requested_scopes && { requested_scopes: init.requested_scopes }),
  })

const factsOf = async (body: unknown, init: Init = {}): Promise<ProviderErrorFacts> => {
  const error = await read(body, init).then(
    () => new Error('no error'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof ProviderError) return error.facts
  throw error
}

const good = { access_token: 'ya29.a0-_~+/=', token_type: 'Bearer', expires_in: 3600 }

describe('RFC 6749 §5.1', () => {
  test('a full answer', async () => {
    const { access_token, refresh_token, id_token, ...rest } = await read({
      ...good,
      refresh_token: '1//refresh',
      refresh_expires_in: 7200,
      scope: 'read write read',
      id_token: 'a.b.c',
    })
    expect([access_token, refresh_token, id_token].map((secret) => secret!.expose())).toEqual([
      'ya29.a0-_~+/=',
      '1//refresh',
      'a.b.c',
    ])
    expect(rest).toEqual({
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_expires_in: 7200,
      scopes: ['read', 'write'],
      metadata: {},
    })
  })

  test('the least that is an answer', async () => {
    const tokens = await read({ access_token: 'a' })
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      refresh_token: null,
      expires_in: null,
      scopes: null,
      id_token: null,
    })
  })

  test('no scope means the scopes that were asked for', async () => {
    expect((await read(good, { requested_scopes: ['a'] })).scopes).toEqual(['a'])
    expect((await read({ ...good, scope: 'b' }, { requested_scopes: ['a'] })).scopes).toEqual(['b'])
  })

  test.each(['bearer', 'BEARER', 'Bearer', '', null])(
    'token_type %j is Bearer (§7.1: case does not matter)',
    async (token_type) => {
      expect((await read({ ...good, token_type })).token_type).toBe('Bearer')
    },
  )

  test('the token shows in no print of the set', async () => {
    expect(JSON.stringify(await read(good))).not.toContain('ya29')
  })
})

describe('quirks of the answer', () => {
  test('a form', async () => {
    const tokens = await read('access_token=gho_abc%2Bd&scope=repo%2Cgist&token_type=bearer', {
      type: 'application/x-www-form-urlencoded; charset=utf-8',
    })
    expect(tokens.access_token.expose()).toBe('gho_abc+d')
    expect(tokens.scopes).toEqual(['repo', 'gist'])
  })

  test.each(['text/plain', 'text/html', 'text/javascript', 'application/x-www-form-urlencoded', ''])(
    'JSON labelled %j',
    async (type) => {
      expect((await read(good, { type })).expires_in).toBe(3600)
    },
  )

  test('a form without a label, by the look and by the profile', async () => {
    expect((await read('access_token=a&expires=5', { type: '' })).access_token.expose()).toBe('a')
    const profile: Profile = { token_response: { format: 'form' } }
    expect((await read('access_token=a', { type: 'text/html', profile })).access_token.expose()).toBe('a')
  })

  test('a byte order mark', async () => {
    expect((await read(`\ufeff${JSON.stringify(good)}`)).expires_in).toBe(3600)
  })

  test('nested fields', async () => {
    const profile: Profile = {
      token_response: {
        fields: {
          access_token: 'authed_user.access_token',
          scope: 'authed_user.scope',
          token_type: 'authed_user.token_type',
        },
        token_types: ['user'],
        scope_separator: ',',
      },
    }
    const authed_user = { access_token: 'xoxp-1', scope: 'chat:write,users:read', token_type: 'user' }
    const tokens = await read({ ok: true, authed_user, access_token: 'xoxb-other' }, { profile })
    expect(tokens.access_token.expose()).toBe('xoxp-1')
    expect(tokens.scopes).toEqual(['chat:write', 'users:read'])
  })

  test('scope as an array, with junk in it', async () => {
    expect((await read({ ...good, scope: ['a', 5, 'b', null, 'c\n', ''] })).scopes).toEqual(['a', 'b'])
  })

  test('scope_separator keeps commas that belong to a scope', async () => {
    const profile: Profile = { token_response: { scope_separator: ' ' } }
    expect((await read({ ...good, scope: 'a,b c' }, { profile })).scopes).toEqual(['a,b', 'c'])
  })

  test('expires_in as a string, in milliseconds, absent, as an end', async () => {
    const lifetime = async (more: object, token_response: Profile['token_response'] = {}) =>
      (await read({ access_token: 'a', ...more }, { profile: { token_response } })).expires_in
    expect(await lifetime({ expires_in: '3600' })).toBe(3600)
    expect(await lifetime({ expires_in: 3_600_000 }, { expires_in_unit: 'ms' })).toBe(3600)
    expect(await lifetime({}, { default_expires_in: 7200 })).toBe(7200)
    expect(await lifetime({ expires_in: -1 }, { default_expires_in: 7200 })).toBe(7200)
    expect(await lifetime({ expires_at: '2026-01-01T00:10:00Z' })).toBe(600)
    expect(await lifetime({ ends: now / 1000 + 60 }, { fields: { expires_at: 'ends' } })).toBe(60)
  })

  test('a lifetime that the profile assumes is told apart from one that the provider told', async () => {
    const profile: Profile = { token_response: { default_expires_in: 7200 } }
    expect(await read({ access_token: 'a' }, { profile })).toMatchObject({ expires_in_assumed: true })
    for (const answer of [{ expires_in: 60 }, { expires_at: now / 1000 + 60 }])
      expect(await read({ access_token: 'a', ...answer }, { profile })).not.toHaveProperty(
        'expires_in_assumed',
      )
    expect(await read({ access_token: 'a' })).not.toHaveProperty('expires_in_assumed')
  })

  test('captured metadata', async () => {
    const metadata = {
      instance_url: 'instance_url',
      team: 'team.id',
      n: 'n',
      absent: 'x',
      object: 'team',
      bad: 'bad',
    }
    const body = { ...good, instance_url: 'https://eu1.example.com', team: { id: 'T1' }, n: 7, bad: 'a\nb' }
    expect((await read(body, { profile: { token_response: { metadata } } })).metadata).toEqual({
      instance_url: 'https://eu1.example.com',
      team: 'T1',
      n: '7',
    })
  })

  test('an error in a 200, where ok is false', async () => {
    const profile: Profile = {
      token_response: { error_in_200: { ok: 'ok', error: 'error' }, throttled_errors: ['ratelimited'] },
      refresh: { ended_errors: ['token_revoked'] },
    }
    expect(await factsOf({ ok: false, error: 'token_revoked' }, { profile })).toMatchObject({
      kind: 'refused',
      error: 'token_revoked',
      status: 200,
    })
    expect(await factsOf({ ok: false, error: 'ratelimited' }, { profile })).toMatchObject({
      kind: 'throttled',
    })
    expect(await factsOf({ ok: false }, { profile })).toMatchObject({
      kind: 'refused',
      error: 'unknown_error',
    })
    expect((await read({ ok: true, ...good }, { profile })).expires_in).toBe(3600)
  })

  test('an error in a 200, by its code', async () => {
    const profile: Profile = { token_response: { error_in_200: { error: 'errcode', description: 'errmsg' } } }
    expect(await factsOf({ errcode: 40029, errmsg: 'invalid code' }, { profile })).toMatchObject({
      kind: 'refused',
      error: '40029',
      description: 'invalid code',
    })
    expect((await read({ errcode: 0, errmsg: 'ok', ...good }, { profile })).expires_in).toBe(3600)
  })
})

describe('a refusal (RFC 6749 §5.2)', () => {
  test('its code and words', async () => {
    const body = { error: 'invalid_grant', error_description: 'Token has been\r\nexpired or revoked.\u0000' }
    expect(await factsOf(body, { status: 400 })).toEqual({
      kind: 'refused',
      error: 'invalid_grant',
      description: 'Token has been expired or revoked.',
      status: 400,
      retryAfterMs: null,
      sent: true,
    })
  })

  test.each([200, 201, 400, 401, 403, 404, 418, 500, 502, 503])(
    'invalid_grant is read with status %i',
    async (status) => {
      expect(await factsOf({ error: 'invalid_grant' }, { status })).toMatchObject({
        kind: 'refused',
        error: 'invalid_grant',
        status,
      })
    },
  )

  test('as a form', async () => {
    const type = 'application/x-www-form-urlencoded'
    expect(
      await factsOf('error=bad_verification_code&error_description=It+expired.', { type }),
    ).toMatchObject({
      kind: 'refused',
      error: 'bad_verification_code',
      description: 'It expired.',
    })
  })

  test('as an object', async () => {
    const facebook = { error: { message: 'Session has expired', type: 'OAuthException', code: 190 } }
    expect(await factsOf(facebook, { status: 400 })).toMatchObject({
      error: 'OAuthException',
      description: 'Session has expired',
    })
    expect(await factsOf({ error: { code: 401, status: 'UNAUTHENTICATED' } }, { status: 401 })).toMatchObject(
      {
        kind: 'refused',
        error: 'UNAUTHENTICATED',
      },
    )
    expect(await factsOf({ error: {} }, { status: 400 })).toMatchObject({
      kind: 'refused',
      error: 'unknown_error',
    })
  })

  test('an error field that says nothing is none', async () => {
    for (const error of ['', null, 0, '0', 'ok', false, { code: 0 }, { code: 'ok', message: '' }]) {
      expect((await read({ ...good, error })).expires_in, JSON.stringify(error)).toBe(3600)
    }
  })

  test('an error next to a token wins', async () => {
    expect(await factsOf({ ...good, error: 'invalid_grant' })).toMatchObject({ kind: 'refused' })
  })

  test('a code outside the grammar is not repeated', async () => {
    for (const error of ['<script>'.repeat(20), 'a"b', 'a\\b', 'é']) {
      expect(await factsOf({ error }, { status: 400 })).toMatchObject({
        kind: 'refused',
        error: 'unknown_error',
      })
    }
  })

  test('what was sent is not said again', async () => {
    const secrets = [new Secret('s3cret-of-the-client'), new Secret('the-refresh-token')]
    const body = {
      error: 'bad the-refresh-token',
      error_description: 'refresh_token the-refresh-token with s3cret-of-the-client is wrong',
    }
    const facts = await factsOf(body, { status: 400, secrets })
    expect(facts.error).toBe('bad [redacted]')
    expect(facts.description).toBe('refresh_token [redacted] with [redacted] is wrong')
  })
})

describe('throttling and outages', () => {
  test('429 with seconds, a date, nothing', async () => {
    const retry = (value: string) =>
      factsOf('slow', { status: 429, type: 'text/plain', headers: { 'retry-after': value } })
    expect(await retry('7')).toMatchObject({
      kind: 'throttled',
      error: 'too_many_requests',
      retryAfterMs: 7000,
      status: 429,
    })
    expect(await retry('Thu, 01 Jan 2026 00:01:00 GMT')).toMatchObject({ retryAfterMs: 60_000 })
    expect(await retry('86400')).toMatchObject({ retryAfterMs: 3_600_000 })
    expect(await retry('soon')).toMatchObject({ kind: 'throttled', retryAfterMs: null })
  })

  test('429 is throttling whatever it says', async () => {
    expect(await factsOf({ error: 'invalid_grant' }, { status: 429 })).toMatchObject({ kind: 'throttled' })
  })

  test('slow_down (RFC 8628 §3.5)', async () => {
    expect(await factsOf({ error: 'slow_down' }, { status: 400 })).toMatchObject({ kind: 'throttled' })
  })

  test.each([500, 502, 503, 504, 599])('%i is an outage', async (status) => {
    expect(await factsOf('<html>Bad gateway</html>', { status, type: 'text/html' })).toMatchObject({
      kind: 'unavailable',
      error: `http_${status}`,
      description: null,
      status,
    })
    expect(await factsOf({ error: 'internal_error' }, { status })).toMatchObject({ kind: 'unavailable' })
    expect(await factsOf('', { status })).toMatchObject({ kind: 'unavailable' })
  })

  test('503 with Retry-After', async () => {
    const headers = { 'retry-after': '30' }
    expect(await factsOf('', { status: 503, headers })).toMatchObject({
      kind: 'unavailable',
      retryAfterMs: 30_000,
    })
  })

  test.each(['server_error', 'temporarily_unavailable'])(
    '%s is an outage whatever the status',
    async (error) => {
      expect(await factsOf({ error }, { status: 400 })).toMatchObject({ kind: 'unavailable', error })
    },
  )

  test("a provider's own ending code counts with a 500 around it", async () => {
    const profile: Profile = { refresh: { ended_errors: ['token_dead'] } }
    expect(await factsOf({ error: 'token_dead' }, { status: 500, profile })).toMatchObject({
      kind: 'refused',
    })
  })
})

describe('hostile answers', () => {
  const kinds: [string, unknown, Init, string][] = [
    ['HTML with 200', '<!doctype html><title>Sign in</title>', { type: 'text/html' }, 'unreadable'],
    ['HTML called JSON', '<html>access_token=a</html>', {}, 'unreadable'],
    ['HTML that looks like a form', '<p>a=b</p>', { type: 'text/plain' }, 'unreadable'],
    ['a form called HTML', 'access_token=a', { type: 'text/html' }, 'unreadable'],
    ['nothing', '', {}, 'empty'],
    ['cut JSON', '{"access_token":"a"', {}, 'unreadable'],
    ['an array', '[{"access_token":"a"}]', {}, 'unreadable'],
    ['a string', '"access_token"', {}, 'unreadable'],
    ['null', 'null', {}, 'unreadable'],
    [
      'UTF-16',
      new Uint8Array(Buffer.from('{"access_token":"a"}', 'utf16le')),
      { type: 'application/json; charset=utf-16' },
      'unreadable',
    ],
    [
      'Latin-1',
      Uint8Array.of(0x7b, 0x22, 0xe9, 0x22, 0x7d),
      { type: 'application/json; charset=iso-8859-1' },
      'not_utf8',
    ],
    ['no token', { token_type: 'Bearer' }, {}, 'no_access_token'],
    ['an inherited token', '{"__proto__":{"access_token":"a"}}', {}, 'no_access_token'],
    ['a doubled form field', 'access_token=a&access_token=b', { type: 'text/plain' }, 'unreadable'],
    ...[5, true, ['a'], { a: 'b' }, 'a\r\nb', 'a b', 'a\0', 'é', '\u{1f600}', 'a\x7f'].map(
      (access_token): [string, unknown, Init, string] => [
        `access_token ${JSON.stringify(access_token)}`,
        { ...good, access_token },
        {},
        'unusable_access_token',
      ],
    ),
    ['an empty token', { ...good, access_token: '' }, {}, 'no_access_token'],
    ['a null token', { ...good, access_token: null }, {}, 'no_access_token'],
    ['a refresh token that is a number', { ...good, refresh_token: 5 }, {}, 'unusable_refresh_token'],
    ['a refresh token with a line break', { ...good, refresh_token: 'a\nb' }, {}, 'unusable_refresh_token'],
    ...['mac', 'DPoP', 'Basic', 'bearer ', 5, ['Bearer']].map(
      (token_type): [string, unknown, Init, string] => [
        `token_type ${JSON.stringify(token_type)}`,
        { ...good, token_type },
        {},
        'unusable_token_type',
      ],
    ),
    ['a redirect', '', { status: 302, headers: { location: 'https://evil.example' } }, 'redirect'],
    [
      'a redirect that would repeat the request',
      good,
      { status: 307, headers: { location: 'https://evil.example' } },
      'redirect',
    ],
    ['404 with HTML', '<html>', { status: 404, type: 'text/html' }, 'http_404'],
    ['401 without words', '', { status: 401 }, 'http_401'],
    ['a token with an error status', good, { status: 400 }, 'http_400'],
  ]

  test.each(kinds)('%s is malformed', async (_name, body, init, error) => {
    const facts = await factsOf(body, init)
    expect(facts).toMatchObject({ kind: 'malformed', error, sent: true, status: init.status ?? 200 })
  })

  test('a redirect that the fetch hides', async () => {
    const response = Response.error()
    await expect(processTokenResponse({}, response, { now })).rejects.toMatchObject({
      facts: { error: 'redirect' },
    })
  })

  test('a body that breaks off rejects as it broke', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('socket hang up')) })
    await expect(processTokenResponse({}, new Response(body), { now })).rejects.toThrow('socket hang up')
  })

  const json = fc.json({ maxDepth: 4 })
  const fields = fc.record(
    {
      access_token: fc.anything(),
      token_type: fc.oneof(fc.constant('Bearer'), fc.anything()),
      expires_in: fc.anything(),
      expires_at: fc.anything(),
      refresh_token: fc.anything(),
      scope: fc.anything(),
      error: fc.anything(),
      error_description: fc.anything(),
    },
    { requiredKeys: [] },
  )
  const asJson = fields.map((value) => {
    try {
      return JSON.stringify(value) ?? ''
    } catch {
      return '{}'
    }
  })
  const bytes = fc.uint8Array({ maxLength: 200 })
  const bodies = fc.oneof(json, asJson, fc.string({ unit: 'binary' }), bytes, fc.webQueryParameters())
  const types = fc.constantFrom(
    'application/json',
    'text/html',
    'text/plain',
    'application/x-www-form-urlencoded',
    '',
  )
  const statuses = fc.constantFrom(200, 201, 206, 302, 400, 401, 403, 404, 429, 500, 503)
  const quirks = fc.constantFrom<Profile>(
    {},
    { token_response: { format: 'json' } },
    { token_response: { format: 'form', metadata: { a: 'a' } } },
    { token_response: { error_in_200: { ok: 'ok', error: 'error' } } },
    {
      token_response: {
        fields: { access_token: 'a.b', expires_in: '__proto__.x' },
        metadata: { x: 'scope' },
      },
    },
  )

  test('whatever comes is a usable token set or a ProviderError with safe facts', async () => {
    const secret = 'canary-5f1e'
    await fc.assert(
      fc.asyncProperty(
        bodies,
        types,
        statuses,
        quirks,
        fc.string(),
        async (body, type, status, profile, retryAfter) => {
          const headers = {
            ...(type && { 'content-type': type }),
            ...(/^[\x20-\x7e]*$/.test(retryAfter) && { 'retry-after': retryAfter }),
          }
          const response = new Response(body as string, { status, headers })
          try {
            const tokens = await processTokenResponse(profile, response, {
              now,
              secrets: [new Secret(secret)],
            })
            expect(status).toBeLessThan(300)
            expect(tokens.access_token.expose()).toMatch(/^[\x21-\x7e]+$/)
            expect(tokens.token_type).toBe('Bearer')
            if (tokens.expires_in !== null) expect(tokens.expires_in).toBeGreaterThan(0)
          } catch (error) {
            expect(error).toBeInstanceOf(ProviderError)
            const { facts } = error as ProviderError
            expect(facts.error).toMatch(/^[\x20-\x7e]{1,100}$/)
            expect(facts.description ?? '').not.toMatch(/[\p{Cc}\p{Cf}]/u)
            expect((facts.description ?? '').length).toBeLessThanOrEqual(300)
            expect(facts.retryAfterMs ?? 0).toBeLessThanOrEqual(3_600_000)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('a secret that is echoed anywhere in an answer is in no fact', async () => {
    const secret = 'canary-5f1e/+'
    const forms = [secret, encodeURIComponent(secret), secret.split('').join('\u200b')]
    const text = fc.tuple(fc.string(), fc.constantFrom(...forms), fc.string()).map((parts) => parts.join(''))
    const body = fc.oneof(
      fc.record({ error: text, error_description: text }),
      fc.record({ error: fc.record({ code: text, message: text }) }),
      fc.record({ access_token: fc.constant(5), message: text }),
    )
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(200, 400, 429, 500), async (value, status) => {
        const facts = await factsOf(value, { status, secrets: [new Secret(secret)] })
        expect(JSON.stringify(facts)).not.toMatch(/canary-5f1e/)
      }),
      { numRuns: 500 },
    )
  })
})
