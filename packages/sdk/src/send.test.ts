import { expect, test } from 'vitest'
import {
  ConnectionFailedError,
  GrantryError,
  InvalidRequestError,
  NeedsReauthError,
  RateLimitedError,
  UnavailableError,
} from './errors.ts'
import { createSend, type Transport } from './send.ts'

const failed = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error) => error,
  )

type Step = Response | Error | (() => Promise<Response>)

/** A transport that answers these one after the other, and keeps what it was asked and how long it waited. */
function play(steps: Step[], options: Partial<Transport> = {}) {
  const requests: { url: string; init: RequestInit }[] = []
  const waits: number[] = []
  const send = createSend({
    url: 'https://grantry.example',
    credential: async () => 'sk_geheim',
    fetch: async (url, init) => {
      requests.push({ url: String(url), init: init ?? {} })
      const step = steps.shift()
      if (step === undefined) throw new Error('asked once too often')
      if (step instanceof Error) throw step
      return step instanceof Response ? step : step()
    },
    signal: undefined,
    timeout: 30,
    retries: 2,
    random: () => 0.5,
    sleep: async (seconds) => void waits.push(seconds),
    ...options,
  })
  return { send, requests, waits }
}

const ok = () => Response.json({ data: 1 })
const refusal = (status: number, headers: Record<string, string> = {}, problem: object = {}) =>
  new Response(
    JSON.stringify({ code: 'some_code', detail: 'What happened.', request_id: 'req_1', ...problem }),
    {
      status,
      headers: { 'content-type': 'application/problem+json', ...headers },
    },
  )
const fault = (code: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })

test('a read is tried again after an answer that passes, longer each time', async () => {
  const { send, waits } = play([refusal(503), refusal(502), ok()])
  expect(await send('GET', '/x')).toEqual({ data: 1 })
  expect(waits).toEqual([0.125, 0.25])
})

test('Retry-After says how long to wait, in seconds or as a date', async () => {
  const inAMinute = new Date(Date.now() + 10_000).toUTCString()
  const { send, waits } = play([
    refusal(429, { 'retry-after': '3' }),
    refusal(503, { 'retry-after': inAMinute }),
    ok(),
  ])
  await send('GET', '/x')
  expect(waits[0]).toBe(3.25)
  expect(waits[1]).toBeGreaterThan(8)
  expect(waits[1]).toBeLessThan(11)
})

test('after the last try it is the error', async () => {
  const { send, requests } = play([refusal(503), refusal(503), refusal(503, { 'retry-after': '7' })])
  const error = await failed(send('GET', '/x'))
  expect(error).toBeInstanceOf(UnavailableError)
  expect(error).toMatchObject({ code: 'some_code', status: 503, requestId: 'req_1', retryAfter: 7 })
  expect(requests.length).toBe(3)
})

test('no wait goes past the time that the call has', async () => {
  const { send, waits } = play([refusal(429, { 'retry-after': '60' })])
  const error = await failed(send('GET', '/x'))
  expect(error).toBeInstanceOf(RateLimitedError)
  expect(error.retryAfter).toBe(60)
  expect(waits).toEqual([])
})

test.each(['POST', 'PATCH'])('%s is not sent again where it may have arrived', async (method) => {
  await expect(play([refusal(503), ok()]).send(method, '/x', { body: {} })).rejects.toThrow(UnavailableError)
  const lost = play([fault('ECONNRESET'), ok()])
  await expect(lost.send(method, '/x', { body: {} })).rejects.toThrow(ConnectionFailedError)
  expect(lost.requests.length).toBe(1)
})

test.each(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT'])(
  'POST is sent again after %s',
  async (code) => {
    const { send, requests } = play([fault(code), ok()])
    expect(await send('POST', '/x', { body: { a: 1 } })).toEqual({ data: 1 })
    expect(requests.map(({ init }) => init.body)).toEqual(['{"a":1}', '{"a":1}'])
  },
)

test('a lost connection is named with the host, not with the credential', async () => {
  const { send } = play([fault('ECONNREFUSED'), fault('ECONNREFUSED'), fault('ECONNREFUSED')])
  const error = await failed(send('GET', '/x'))
  expect(error).toBeInstanceOf(ConnectionFailedError)
  expect(error).toMatchObject({ code: 'no_answer', status: null })
  expect(error.message).toContain('https://grantry.example')
  expect(error.message).not.toContain('geheim')
})

test('an answer that breaks off is no answer', async () => {
  const body = new ReadableStream({
    pull(controller) {
      controller.error(new TypeError('terminated'))
    },
  })
  const { send, requests } = play([new Response(body, { headers: { 'content-type': 'application/json' } })])
  const error = await failed(send('GET', '/x'))
  expect(error).toBeInstanceOf(ConnectionFailedError)
  expect(error.detail).toContain('broke off')
  expect(requests.length).toBe(1)
})

test('what goes wrong with the credential is not taken for the network', async () => {
  const fault = new TypeError('no credential')
  const { send, requests } = play([ok()], { credential: () => Promise.reject(fault) })
  await expect(send('GET', '/x')).rejects.toBe(fault)
  expect(requests.length).toBe(0)
})

test('no answer in time is an error of its own', async () => {
  const forever = (init: RequestInit | undefined) =>
    new Promise<Response>((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  const { send } = play([], { fetch: (_url, init) => forever(init) })
  const error = await failed(send('GET', '/x', { timeout: 0.02 }))
  expect(error).toBeInstanceOf(ConnectionFailedError)
  expect(error.code).toBe('timeout')
})

test('whoever gives a signal gets its reason, in a call and in a wait', async () => {
  const early = new AbortController()
  const reason = new Error('the user left')
  early.abort(reason)
  await expect(play([ok()]).send('GET', '/x', { signal: early.signal })).rejects.toBe(reason)

  const late = new AbortController()
  const waiting = play([refusal(503), ok()], {
    sleep: async (_seconds, signal) => {
      late.abort(reason)
      signal.throwIfAborted()
    },
  })
  await expect(waiting.send('GET', '/x', { signal: late.signal })).rejects.toBe(reason)
  expect(waiting.requests.length).toBe(1)

  const whole = play([ok()], { signal: early.signal })
  await expect(whole.send('GET', '/x')).rejects.toBe(reason)
})

test('a token that is a function is asked before each try', async () => {
  const tokens = ['one', 'two']
  const { send, requests } = play([refusal(503), ok()], { credential: async () => tokens.shift()! })
  await send('GET', '/x')
  expect(requests.map(({ init }) => (init.headers as Record<string, string>).authorization)).toEqual([
    'Bearer one',
    'Bearer two',
  ])
})

test('a connection that needs its person says where to send them', async () => {
  const members = {
    code: 'connection_needs_reauth',
    connection_id: 'con_1',
    connect_url: 'https://c',
    reason: 'x',
  }
  const error = await failed(play([refusal(409, {}, members)]).send('GET', '/x'))
  expect(error).toBeInstanceOf(NeedsReauthError)
  expect(error).toMatchObject({ connectionId: 'con_1', connectUrl: 'https://c', members: { reason: 'x' } })
})

test('each status is the error that tells what to do', async () => {
  const errorOf = (status: number) =>
    play([refusal(status)])
      .send('POST', '/x')
      .catch((error) => error.name)
  const named = await Promise.all([400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 501].map(errorOf))
  expect(named).toEqual([
    'InvalidRequestError',
    'UnauthenticatedError',
    'ForbiddenError',
    'NotFoundError',
    'GrantryError',
    'GrantryError',
    'InvalidRequestError',
    'InvalidRequestError',
    'RateLimitedError',
    'UnavailableError',
    'UnavailableError',
  ])
  expect(
    await play([refusal(422)])
      .send('POST', '/x')
      .catch((error) => error),
  ).toBeInstanceOf(InvalidRequestError)
})

test("a gateway's page is told by its status", async () => {
  const page = new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } })
  const error = await failed(play([page]).send('POST', '/x'))
  expect(error).toBeInstanceOf(GrantryError)
  expect(error).toMatchObject({ code: 'unexpected_answer', status: 502 })
  expect(error.message).not.toContain('<h1>')
})

test('an answer that is no JSON, and a redirect, say that the URL may be wrong', async () => {
  const html = new Response('<h1>Welcome</h1>', { headers: { 'content-type': 'text/html' } })
  await expect(play([html]).send('GET', '/x')).rejects.toThrow('Does the URL lead to Grantry?')
  const moved = new Response(null, { status: 308, headers: { location: 'https://other.example/x?secret=1' } })
  const { send, requests } = play([moved])
  await expect(send('GET', '/x')).rejects.toThrow('redirects to https://other.example.')
  expect(requests[0]!.init.redirect).toBe('manual')
})

test('what is undefined or null is not sent', async () => {
  const { send, requests } = play([ok()])
  await send('GET', '/x', { query: { a: undefined, b: null, c: false, d: 0, e: 'f g' } })
  expect(requests[0]!.url).toBe('https://grantry.example/x?c=false&d=0&e=f+g')
})

test('headers of one’s own go along, and are no way to another credential or content', async () => {
  const { send, requests } = play([ok()])
  await send('POST', '/mcp/mcp_1', {
    body: {},
    headers: {
      accept: 'application/json, text/event-stream',
      'mcp-method': 'tools/list',
      authorization: 'Bearer x',
    },
  })
  expect(requests[0]!.init.headers).toEqual({
    accept: 'application/json, text/event-stream',
    'mcp-method': 'tools/list',
    'content-type': 'application/json',
    authorization: 'Bearer sk_geheim',
  })
})

test('of a stream of events the last is the answer', async () => {
  const events = 'event: message\ndata: {"id":0}\n\nevent: message\ndata: {"id":1}\n\n'
  const { send } = play([new Response(events, { headers: { 'content-type': 'text/event-stream' } })])
  expect(await send('POST', '/mcp/mcp_1', { body: {} })).toEqual({ id: 1 })
})
