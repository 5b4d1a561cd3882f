import { describe, expect, test } from 'vitest'
import type { Client } from './client.ts'
import { codeRequest } from './code-request.ts'
import { ProviderError } from './errors.ts'
import type { Fetch } from './fetch.ts'
import { requestTokens } from './request-tokens.ts'
import { Secret } from './secret.ts'

const profile = { authorization_url: 'https://as.example/authorize', token_url: 'https://as.example/token' }
const now = () => Date.parse('2026-01-01T00:00:00Z')
const good = { access_token: 'a', token_type: 'Bearer' }

/** A token endpoint that gives these answers, or throws these errors, one after the other. */
function endpoint(...answers: (Response | Error)[]) {
  const calls: { basic: boolean; body: URLSearchParams; init: RequestInit }[] = []
  const fetch: Fetch = async (_url, init) => {
    const headers = new Headers(init.headers)
    calls.push({ basic: headers.has('authorization'), body: new URLSearchParams(init.body as string), init })
    const answer = answers[calls.length - 1]
    if (!answer) throw new Error('one call too many')
    if (answer instanceof Error) throw answer
    return answer
  }
  return { fetch, calls }
}
const says = (body: object, status = 200, headers = {}) => Response.json(body, { status, headers })

async function run(fetch: Fetch, auth_method: Client['auth_method'] = 'auto') {
  const client = { client_id: 'id', client_secret: new Secret('s3cret'), auth_method }
  const code = new Secret('the-code')
  const redirect_uri = 'https://grantry.example/callback'
  const request = await codeRequest({ profile, client, code, redirect_uri, code_verifier: null })
  return requestTokens(fetch, profile, request, { now, requested_scopes: ['read'] })
}
const factsOf = async (...args: Parameters<typeof run>) => {
  const error = await run(...args).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ProviderError)
  return error as ProviderError
}

describe('auto', () => {
  test('is Basic where that works', async () => {
    const { fetch, calls } = endpoint(says(good))
    const { tokens, auth_method } = await run(fetch)
    expect(tokens.access_token.expose()).toBe('a')
    expect(tokens.scopes).toEqual(['read'])
    expect(auth_method).toBe('client_secret_basic')
    expect(calls).toMatchObject([{ basic: true }])
    expect(calls[0]!.init.redirect).toBe('manual')
  })

  test.each([
    ['invalid_client', says({ error: 'invalid_client' }, 401)],
    ['invalid_client with 400', says({ error: 'invalid_client' }, 400)],
    [
      'a missing client_id',
      says({ error: 'invalid_request', error_description: 'client_id is required' }, 400),
    ],
    ['a bare 401', new Response('', { status: 401 })],
  ])('goes on to the body after %s', async (_name, refusal) => {
    const { fetch, calls } = endpoint(refusal, says(good))
    expect((await run(fetch)).auth_method).toBe('client_secret_post')
    expect(calls.map(({ basic, body }) => [basic, body.get('client_secret'), body.get('code')])).toEqual([
      [true, null, 'the-code'],
      [false, 's3cret', 'the-code'],
    ])
  })

  test.each([
    ['invalid_grant', says({ error: 'invalid_grant' }, 400)],
    ['invalid_grant with 401', says({ error: 'invalid_grant' }, 401)],
    ['an outage', new Response('', { status: 503 })],
    ['throttling', new Response('', { status: 429 })],
    ['HTML', new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['a lost answer', new Error('reset')],
  ])('asks once only after %s', async (_name, answer) => {
    const { fetch, calls } = endpoint(answer, says(good))
    const error = await factsOf(fetch)
    expect(calls).toHaveLength(1)
    expect(error.facts.auth_method).toBe('client_secret_basic')
  })

  test('ends after both were refused, with the last word', async () => {
    const { fetch, calls } = endpoint(
      says({ error: 'invalid_client', error_description: 'first' }, 401),
      says({ error: 'invalid_client', error_description: 'second' }, 401),
    )
    expect((await factsOf(fetch)).facts).toMatchObject({
      description: 'second',
      auth_method: 'client_secret_post',
    })
    expect(calls).toHaveLength(2)
  })

  test('tells the method that worked also where the grant was refused', async () => {
    const { fetch } = endpoint(says({ error: 'invalid_client' }, 401), says({ error: 'invalid_grant' }, 400))
    expect((await factsOf(fetch)).facts).toMatchObject({
      error: 'invalid_grant',
      auth_method: 'client_secret_post',
    })
  })
})

test('a chosen method is not left', async () => {
  const { fetch, calls } = endpoint(says({ error: 'invalid_client' }, 401), says(good))
  expect((await factsOf(fetch, 'client_secret_basic')).facts.error).toBe('invalid_client')
  expect(calls).toHaveLength(1)
})

describe('what fails on the way', () => {
  const thrown = (more: object = {}) =>
    Object.assign(new Error('https://as.example/token?client_secret=s3cret'), more)

  test('may have been sent, unless it is said not to be', async () => {
    const { facts } = await factsOf(endpoint(thrown({ code: 'ECONNRESET' })).fetch)
    expect(facts).toEqual({
      kind: 'transport',
      error: 'ECONNRESET',
      description: null,
      status: null,
      retryAfterMs: null,
      sent: true,
      auth_method: 'client_secret_basic',
    })
    expect(
      (await factsOf(endpoint(thrown({ sent: false, code: 'address_refused' })).fetch)).facts,
    ).toMatchObject({
      kind: 'transport',
      error: 'address_refused',
      sent: false,
    })
    expect((await factsOf(endpoint(thrown({ sent: 'false' })).fetch)).facts).toMatchObject({
      error: 'network_error',
      sent: true,
    })
  })

  test('names the code of its cause', async () => {
    const { facts } = await factsOf(endpoint(thrown({ cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } })).fetch)
    expect(facts.error).toBe('UND_ERR_CONNECT_TIMEOUT')
  })

  test('shows no text of the error, which may hold a URL', async () => {
    const error = await factsOf(endpoint(thrown({ code: 'https://as.example?s3cret' })).fetch)
    expect(JSON.stringify(error.facts) + error.message).not.toContain('s3cret')
    expect((error.cause as Error).message).toContain('s3cret')
  })

  test.each([undefined, null, 'text', 5])('is anything: %j', async (value) => {
    const error = await factsOf(() => Promise.reject(value))
    expect(error.facts).toMatchObject({ kind: 'transport', error: 'network_error', sent: true })
  })

  test('a body that breaks off was sent, whatever the error says', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.error(thrown({ sent: false, code: 'body_too_large' })),
    })
    const { facts } = await factsOf(endpoint(new Response(body)).fetch)
    expect(facts).toMatchObject({ kind: 'transport', error: 'body_too_large', sent: true })
  })

  test('what was sent is not in what the provider echoes', async () => {
    const echo = 'code the-code, secret s3cret, header aWQ6czNjcmV0'
    const { fetch } = endpoint(says({ error: 'invalid_grant', error_description: echo }, 400))
    expect((await factsOf(fetch)).facts.description).toBe(
      'code [redacted], secret [redacted], header [redacted]',
    )
  })

  test('Retry-After counts from now', async () => {
    const { fetch } = endpoint(says({}, 429, { 'retry-after': 'Thu, 01 Jan 2026 00:00:05 GMT' }))
    expect((await factsOf(fetch)).facts.retryAfterMs).toBe(5000)
  })
})
