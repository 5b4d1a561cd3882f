import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classify, isUncertain, rows, type Verdict } from './classify.ts'
import { ProviderError, type ProviderErrorFacts, type ProviderErrorKind } from './errors.ts'
import type { Fetch } from './fetch.ts'
import type { ProviderProfile } from './profile.ts'
import { requestTokens } from './request-tokens.ts'

const now = Date.parse('2026-01-01T00:00:00Z')
const url = 'https://as.example/token'
const profileOf = (quirks: Quirks): ProviderProfile => ({
  authorization_url: url,
  token_url: url,
  ...quirks,
})
type Quirks = Pick<ProviderProfile, 'token_response' | 'refresh'>

/** What becomes of a refresh that is answered so, from the bytes on. */
async function ask(fetch: Fetch, quirks: Quirks = {}): Promise<ProviderErrorFacts> {
  const profile = profileOf(quirks)
  const init = { method: 'POST', headers: {}, redirect: 'manual' as const }
  const request = { url, init, secrets: [], auth_method: null, alternative: null }
  const error = await requestTokens(fetch, profile, request, { now: () => now }).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(ProviderError)
  return (error as ProviderError).facts
}

/** Errors in 200, errors in words of its own, codes of its own for an end and for too often. */
const slackLike: Quirks = {
  token_response: {
    error_in_200: { ok: 'ok', error: 'error' },
    error_codes: {
      invalid_refresh_token: 'invalid_grant',
      bad_client_secret: 'invalid_client',
      internal_error: 'server_error',
    },
    throttled_errors: ['ratelimited'],
  },
  refresh: { ended_errors: ['token_revoked'] },
}
const githubLike: Quirks = {
  token_response: {
    error_in_200: { error: 'error' },
    error_codes: { bad_refresh_token: 'invalid_grant' },
  },
}

type Answer = { status?: number; body?: unknown; type?: string; headers?: Record<string, string> }
type Line = [
  said: string,
  answer: Answer | { thrown: object } | { cut: true },
  quirks: Quirks,
  kind: ProviderErrorKind,
  error: string,
  verdict: Verdict,
  uncertain: boolean,
]
const page = { body: '<!doctype html><title>Sign in</title>', type: 'text/html' }
const grant = { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' }
const sent = true
const uncertain = true

// Every kind of answer there is, from what is on the wire to what it does to a connection.
const lines: Line[] = [
  // The provider's word on the grant, whatever is around it.
  ['invalid_grant', { status: 400, body: grant }, {}, 'refused', 'invalid_grant', 'ended', false],
  ['invalid_grant, 200', { body: grant }, {}, 'refused', 'invalid_grant', 'ended', false],
  ['invalid_grant, 401', { status: 401, body: grant }, {}, 'refused', 'invalid_grant', 'ended', false],
  ['invalid_grant, 403', { status: 403, body: grant }, {}, 'refused', 'invalid_grant', 'ended', false],
  ['invalid_grant, 500', { status: 500, body: grant }, {}, 'refused', 'invalid_grant', 'ended', false],
  ['invalid_grant, 429', { status: 429, body: grant }, {}, 'throttled', 'invalid_grant', 'throttled', false],
  [
    'invalid_grant as a form',
    { status: 400, body: 'error=invalid_grant', type: 'application/x-www-form-urlencoded' },
    {},
    'refused',
    'invalid_grant',
    'ended',
    false,
  ],
  [
    'invalid_grant in an object',
    { status: 400, body: { error: { code: 'invalid_grant', message: 'over' } } },
    {},
    'refused',
    'invalid_grant',
    'ended',
    false,
  ],
  [
    'invalid_grant beside a token',
    { body: { ...grant, access_token: 'a' } },
    {},
    'refused',
    'invalid_grant',
    'ended',
    false,
  ],
  [
    'invalid_grant as a page would say it',
    { ...page, status: 400, body: '<p>invalid_grant</p>' },
    {},
    'malformed',
    'http_400',
    'transient',
    false,
  ],
  [
    'invalid_grant in a description',
    { status: 400, body: { error: 'oops', error_description: 'invalid_grant' } },
    {},
    'refused',
    'oops',
    'transient',
    false,
  ],
  // Ours to mend.
  ...(
    [
      'invalid_client',
      'unauthorized_client',
      'invalid_scope',
      'invalid_request',
      'unsupported_grant_type',
      'access_denied',
      'unsupported_response_type',
      'invalid_target',
    ] as const
  ).flatMap((error): Line[] =>
    [200, 400, 401, 403, 500].map(
      (status): Line => [
        `${error}, ${status}`,
        { status, body: { error } },
        {},
        'refused',
        error,
        'misconfigured',
        false,
      ],
    ),
  ),
  // Codes that nobody has explained.
  ...['computer_says_no', 'invalid_token', 'expired_token', 'constructor', '*', 'token_revoked'].map(
    (error): Line => [
      `unknown: ${error}`,
      { status: 400, body: { error } },
      {},
      'refused',
      error,
      'transient',
      false,
    ],
  ),
  ['a number', { status: 400, body: { error: 1205 } }, {}, 'refused', '1205', 'transient', false],
  [
    'a sentence',
    { status: 400, body: { error: `${'so sorry '.repeat(20)}` } },
    {},
    'refused',
    'unknown_error',
    'transient',
    false,
  ],
  [
    'unknown under 500',
    { status: 500, body: { error: 'computer_says_no' } },
    {},
    'unavailable',
    'computer_says_no',
    'transient',
    uncertain,
  ],
  // Slack's way.
  [
    'ok: false, its word for invalid_grant',
    { body: { ok: false, error: 'invalid_refresh_token' } },
    slackLike,
    'refused',
    'invalid_grant',
    'ended',
    false,
  ],
  [
    'ok: false, another end',
    { body: { ok: false, error: 'token_revoked' } },
    slackLike,
    'refused',
    'token_revoked',
    'ended',
    false,
  ],
  [
    'ok: false, its word for invalid_client',
    { body: { ok: false, error: 'bad_client_secret' } },
    slackLike,
    'refused',
    'invalid_client',
    'misconfigured',
    false,
  ],
  [
    'ok: false, ratelimited',
    { body: { ok: false, error: 'ratelimited' } },
    slackLike,
    'throttled',
    'ratelimited',
    'throttled',
    false,
  ],
  [
    'ok: false, its word for an outage',
    { body: { ok: false, error: 'internal_error' } },
    slackLike,
    'unavailable',
    'server_error',
    'transient',
    uncertain,
  ],
  [
    'ok: false, unknown',
    { body: { ok: false, error: 'not_today' } },
    slackLike,
    'refused',
    'not_today',
    'transient',
    false,
  ],
  [
    'ok: false, no word at all',
    { body: { ok: false } },
    slackLike,
    'refused',
    'unknown_error',
    'transient',
    false,
  ],
  // GitHub's way.
  [
    'error in 200, its word for invalid_grant',
    { body: { error: 'bad_refresh_token' } },
    githubLike,
    'refused',
    'invalid_grant',
    'ended',
    false,
  ],
  [
    'error in 200, as a form',
    { body: 'error=bad_refresh_token', type: 'application/x-www-form-urlencoded' },
    githubLike,
    'refused',
    'invalid_grant',
    'ended',
    false,
  ],
  [
    'error in 200 that nobody told us of',
    { body: { error: 'bad_refresh_token' } },
    {},
    'refused',
    'bad_refresh_token',
    'transient',
    false,
  ],
  // Too often.
  [
    '429',
    { status: 429, headers: { 'retry-after': '7' } },
    {},
    'throttled',
    'too_many_requests',
    'throttled',
    false,
  ],
  ['429 without a header', { status: 429 }, {}, 'throttled', 'too_many_requests', 'throttled', false],
  ['429, a page', { ...page, status: 429 }, {}, 'throttled', 'too_many_requests', 'throttled', false],
  ...['slow_down', 'rate_limited', 'rate_limit_exceeded', 'too_many_requests'].map(
    (error): Line => [
      `${error}, 400`,
      { status: 400, body: { error } },
      {},
      'throttled',
      error,
      'throttled',
      false,
    ],
  ),
  // Outages.
  ...[500, 501, 502, 503, 504, 520, 524, 599].flatMap((status): Line[] => [
    [`${status}`, { status }, {}, 'unavailable', `http_${status}`, 'transient', uncertain],
    [`${status}, a page`, { ...page, status }, {}, 'unavailable', `http_${status}`, 'transient', uncertain],
  ]),
  ...['server_error', 'temporarily_unavailable'].flatMap((error): Line[] =>
    [200, 400, 503].map(
      (status): Line => [
        `${error}, ${status}`,
        { status, body: { error } },
        {},
        'unavailable',
        error,
        'transient',
        uncertain,
      ],
    ),
  ),
  // Not as the protocol has it.
  ['a page under 200', page, {}, 'malformed', 'unreadable', 'transient', uncertain],
  ['nothing', { body: '' }, {}, 'malformed', 'empty', 'transient', uncertain],
  ['204', { status: 204 }, {}, 'malformed', 'empty', 'transient', uncertain],
  ['no JSON', { body: 'thank you' }, {}, 'malformed', 'unreadable', 'transient', uncertain],
  ['cut JSON', { body: '{"access_token":"a' }, {}, 'malformed', 'unreadable', 'transient', uncertain],
  ['a list', { body: [] }, {}, 'malformed', 'unreadable', 'transient', uncertain],
  [
    'no token',
    { body: { token_type: 'Bearer' } },
    {},
    'malformed',
    'no_access_token',
    'transient',
    uncertain,
  ],
  [
    'a token that is a number',
    { body: { access_token: 5 } },
    {},
    'malformed',
    'unusable_access_token',
    'transient',
    uncertain,
  ],
  [
    'a token type that nobody can use',
    { body: { access_token: 'a', token_type: 'mac' } },
    {},
    'malformed',
    'unusable_token_type',
    'transient',
    uncertain,
  ],
  ['400 without words', { status: 400 }, {}, 'malformed', 'http_400', 'transient', false],
  ['401, a page', { ...page, status: 401 }, {}, 'malformed', 'http_401', 'transient', false],
  ['403, a page', { ...page, status: 403 }, {}, 'malformed', 'http_403', 'transient', false],
  ['404', { status: 404, body: { message: 'Not Found' } }, {}, 'malformed', 'http_404', 'transient', false],
  ['408', { status: 408 }, {}, 'malformed', 'http_408', 'transient', false],
  [
    'a redirect',
    { status: 302, headers: { location: 'https://elsewhere.example' } },
    {},
    'malformed',
    'redirect',
    'transient',
    false,
  ],
  [
    'a redirect that says invalid_grant',
    { status: 307, body: grant },
    {},
    'malformed',
    'invalid_grant',
    'transient',
    false,
  ],
  // No answer.
  [
    'nothing was sent',
    { thrown: { code: 'ECONNREFUSED', sent: false } },
    {},
    'transport',
    'ECONNREFUSED',
    'transient',
    false,
  ],
  [
    'a time-out',
    { thrown: { code: 'egress_timeout', sent } },
    {},
    'transport',
    'egress_timeout',
    'transient',
    uncertain,
  ],
  [
    'a reset',
    { thrown: { cause: { code: 'ECONNRESET' } } },
    {},
    'transport',
    'ECONNRESET',
    'transient',
    uncertain,
  ],
  ['nobody knows what', { thrown: {} }, {}, 'transport', 'network_error', 'transient', uncertain],
  ['an answer that breaks off', { cut: true }, {}, 'transport', 'network_error', 'transient', uncertain],
]

const fetchOf = (answer: Line[1]): Fetch => {
  if ('thrown' in answer) return () => Promise.reject(Object.assign(new Error('gone'), answer.thrown))
  if ('cut' in answer)
    return async () =>
      new Response(new ReadableStream({ start: (body) => body.error(new Error('socket hang up')) }))
  const { status = 200, body, type = 'application/json', headers = {} } = answer
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  return async () => new Response(text ?? null, { status, headers: { 'content-type': type, ...headers } })
}

describe('what the provider said, and what that means', () => {
  test.each(lines)('%s', async (_said, answer, quirks, kind, error, verdict, expected) => {
    const facts = await ask(fetchOf(answer), quirks)
    expect({
      kind: facts.kind,
      error: facts.error,
      verdict: classify(facts, profileOf(quirks)),
      uncertain: isUncertain(facts),
    }).toEqual({ kind, error, verdict, uncertain: expected })
  })

  test('each row of the table has been asked for', () => {
    const missing = rows.filter(
      ([kind, code]) =>
        !lines.some((line) => {
          const first = rows.find(([of, word]) => of === line[3] && (word === '*' || word === line[4]))
          return first?.[0] === kind && first[1] === code
        }),
    )
    expect(missing).toEqual([])
  })

  test('only a refusal ends a connection, and only where its word for that is known', () => {
    for (const [, , quirks, kind, error, verdict] of lines)
      if (verdict === 'ended')
        expect([kind, ['invalid_grant', ...(quirks.refresh?.ended_errors ?? [])].includes(error)]).toEqual([
          'refused',
          true,
        ])
  })
})

describe('every kind, status and code there can be', () => {
  const kinds = fc.constantFrom<ProviderErrorKind>(
    'transport',
    'refused',
    'throttled',
    'unavailable',
    'malformed',
  )
  const codes = fc.oneof(fc.constantFrom('token_revoked', ...rows.map(([, code]) => code)), fc.string())
  const facts = fc.record({
    kind: kinds,
    error: codes,
    description: fc.constant(null),
    status: fc.option(fc.integer({ min: 100, max: 599 })),
    retryAfterMs: fc.option(fc.nat()),
    sent: fc.boolean(),
  })

  test('nothing but the provider’s word ends a connection', () => {
    fc.assert(
      fc.property(facts, (failure) => {
        const ended = failure.kind === 'refused' && failure.error === 'invalid_grant'
        expect(classify(failure) === 'ended').toBe(ended)
        const profile = { refresh: { ended_errors: ['token_revoked', 'x'] } }
        if (failure.kind !== 'refused') expect(classify(failure, profile)).toBe(classify(failure))
      }),
    )
  })

  test('what was not sent is never uncertain, nor is what the provider has decided', () => {
    fc.assert(
      fc.property(facts, (failure) => {
        if (!failure.sent || failure.kind === 'refused' || failure.kind === 'throttled')
          expect(isUncertain(failure)).toBe(false)
        else if (failure.kind !== 'malformed') expect(isUncertain(failure)).toBe(true)
      }),
    )
  })
})
