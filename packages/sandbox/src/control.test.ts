import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  authorizationUrl,
  byRefresh,
  callApi,
  connect,
  connectGmail,
  GMAIL,
  urlsOf,
} from './client.fixture.ts'
import { SECRET_MARK } from './secret-mark.ts'
import { type Sandbox, startSandbox } from './start.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const control = async (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) => {
  const response = await fetch(`${sandbox.url}/-/control${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect in it.
  return { status: response.status, body: (await response.json()) as any }
}

it('moves the clock, on which tokens end', async () => {
  const { access_token } = await connect(sandbox, 'plain')
  const before = (await control('GET', '/clock')).body
  const moved = await control('POST', '/clock', { advance: 3600 })
  expect(moved.body.offset).toBe(3600)
  expect(Date.parse(moved.body.now) - Date.parse(before.now)).toBeGreaterThanOrEqual(3_600_000)
  expect((await callApi(sandbox, 'plain', '/echo', access_token)).status).toBe(401)
  await control('POST', '/clock', { advance: -3600 })
  expect((await callApi(sandbox, 'plain', '/echo', access_token)).status).toBe(200)
})

it('orders, lists and takes back faults', async () => {
  const { refresh_token } = await connectGmail(sandbox)
  const made = await control('POST', '/faults', {
    endpoint: 'token',
    fault: 'status',
    status: 500,
    times: 'forever',
  })
  expect(made.status).toBe(201)
  expect((await byRefresh(sandbox, 'gmail', refresh_token)).status).toBe(500)
  expect((await control('GET', '/faults')).body.faults).toMatchObject([
    { id: made.body.id, hits: 1, left: 'forever' },
  ])
  expect((await control('DELETE', `/faults/${made.body.id}`)).body.faults).toEqual([])
  expect((await control('DELETE', `/faults/${made.body.id}`)).status).toBe(404)
})

describe('names the field of a bad order', () => {
  it.each([
    [{ endpoint: 'token', fault: 'explode' }, /^fault:/],
    [{ endpoint: 'kitchen', fault: 'html' }, /^endpoint:/],
    [{ endpoint: 'token', fault: 'html', provider: 'nobody' }, /^provider:/],
    [{ endpoint: 'token', fault: 'html', times: 0 }, /^times:/],
    [{ endpoint: 'api', fault: 'missing_expires_in' }, /^endpoint:/],
    [{ endpoint: 'token', fault: 'delay' }, /^ms:/],
    [{ endpoint: 'token', fault: 'status', status: '500' }, /^status:/],
    [[], /JSON object/],
  ])('%j', async (order, detail) => {
    const answer = await control('POST', '/faults', order)
    expect(answer.status).toBe(400)
    expect(answer.body.detail).toMatch(detail)
    expect(sandbox.control.faults()).toEqual([])
  })

  it('in the other calls too', async () => {
    expect((await control('POST', '/clock', { advance: 'soon' })).body.detail).toMatch(/^advance:/)
    expect((await control('PATCH', '/settings/gmail', { speed: 9 })).body.detail).toMatch(/^speed:/)
    expect((await control('PATCH', '/settings/gmail', { expires_in: -1 })).body.detail).toMatch(
      /^expires_in:/,
    )
    expect((await control('PATCH', '/settings/nobody', {})).status).toBe(404)
    expect(
      (await control('POST', '/revoke-grant', { provider: 'gmail', account: 'eve@example.com' })).status,
    ).toBe(404)
    expect((await control('POST', '/token', { token: 'never' })).status).toBe(404)
  })
})

it('changes settings and puts them back at a reset', async () => {
  expect((await control('PATCH', '/settings/gmail', { expires_in: 5, rotates: true })).body).toMatchObject({
    expires_in: 5,
  })
  expect((await connectGmail(sandbox)).expires_in).toBe(5)
  await control('POST', '/reset')
  expect((await control('GET', '/settings')).body.gmail).toMatchObject({ expires_in: 3599, rotates: false })
})

it('drives consent from outside', async () => {
  const url = authorizationUrl(sandbox, 'gmail', { scope: GMAIL.read })
  const allowed = await control('POST', '/consent', { url, account: 'grace@example.com' })
  expect(new URL(allowed.body.location).searchParams.get('code')).toContain(SECRET_MARK)
  const denied = await control('POST', '/consent', { url, deny: true })
  expect(new URL(denied.body.location).searchParams.get('error')).toBe('access_denied')
  expect((await control('POST', '/consent', { url: 'http://localhost:1/steal' })).status).toBe(400)
  const broken = await control('POST', '/consent', {
    url: authorizationUrl(sandbox, 'gmail', { client_id: 'x' }),
  })
  expect(broken).toMatchObject({ status: 409, body: { detail: expect.stringContaining('invalid_client') } })
})

it('counts calls by what they were, and keeps no secret', async () => {
  const { refresh_token } = await connectGmail(sandbox)
  await byRefresh(sandbox, 'gmail', refresh_token)
  await byRefresh(sandbox, 'gmail', 'unknown')
  const refreshes = (await control('GET', '/calls?provider=gmail&endpoint=token&grant_type=refresh_token'))
    .body
  expect(refreshes.count).toBe(2)
  expect(refreshes.calls.map((call: { outcome: string }) => call.outcome)).toEqual([
    'ok',
    'refused:refresh_unknown',
  ])
  expect((await control('GET', '/calls?outcome=ok&endpoint=token')).body.count).toBe(2)
  const [view] = (await control('GET', '/tokens?account=ada@example.com&live=true')).body.tokens
  expect(view).toMatchObject({ provider: 'gmail', kind: 'access_token', live: true })
  for (const path of ['/calls', '/tokens', '/state', '/stats', '/faults'])
    expect(JSON.stringify((await control('GET', path)).body)).not.toContain(SECRET_MARK)
})

it('looks tokens up and ends grants', async () => {
  const given = await connect(sandbox, 'pipedrive')
  expect((await control('POST', '/token', { token: given.access_token })).body).toMatchObject({
    live: true,
    reason: null,
  })
  expect(
    (await control('POST', '/revoke-grant', { provider: 'pipedrive', account: 'ada@example.com' })).body,
  ).toEqual({ ended: 1 })
  expect((await control('POST', '/token', { token: given.refresh_token })).body).toMatchObject({
    kind: 'refresh_token',
    live: false,
    reason: 'revoked_by_person',
  })
})

it('registers clients', async () => {
  const client = {
    provider: 'plain',
    client_id: 'mine',
    client_secret: 's',
    redirect_uris: ['https://app.example/cb'],
  }
  expect((await control('POST', '/clients', client)).status).toBe(201)
  expect((await control('GET', '/clients')).body.clients).toContainEqual(
    expect.objectContaining({ client_id: 'mine' }),
  )
  expect((await control('POST', '/clients', { provider: 'plain', client_id: 'x' })).status).toBe(400)
})

describe('keeps strangers out', () => {
  it('a page of another site', async () => {
    expect((await control('POST', '/reset', {}, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await control('POST', '/reset', {}, { origin: sandbox.url })).status).toBe(200)
  })

  it('a name that was pointed here', async () => {
    const { request } = await import('node:http')
    const status = await new Promise((resolve, reject) => {
      const call = request(`${sandbox.url}/-/control/state`, {
        headers: { host: `evil.example:${new URL(sandbox.url).port}` },
      })
      call.on('response', (response) => resolve(response.statusCode)).on('error', reject)
      call.end()
    })
    expect(status).toBe(403)
  })
})

it('shows providers, people and the outbox on its front page', async () => {
  const { access_token } = await connectGmail(sandbox)
  const raw = Buffer.from('To: b@example.com\r\nSubject: <img src=x>\r\n\r\nT').toString('base64url')
  await callApi(sandbox, 'gmail', '/gmail/v1/users/me/messages/send', access_token, {
    method: 'POST',
    json: { raw },
  })
  const page = await (await fetch(sandbox.url)).text()
  for (const part of [
    'Gmail',
    'Pipedrive',
    'grace@example.com',
    urlsOf(sandbox, 'gmail').token_url,
    '&lt;img src=x&gt;',
  ])
    expect(page).toContain(part)
  expect(page).not.toContain('<img')
})

it('listens on loopback only', async () => {
  await expect(startSandbox({ host: '0.0.0.0' })).rejects.toThrow(/loopback/)
})

it('offers real providers as overrides and others as generic', () => {
  expect(Object.keys(sandbox.providers)).toHaveLength(20)
  expect(Object.keys(sandbox.generic)).toEqual(['plain', 'plain-exchange'])
  expect(sandbox.generic.plain).toMatchObject({ client_id: 'sandbox-plain', issuer: `${sandbox.url}/plain` })
  for (const urls of Object.values(sandbox.providers))
    expect(urls.token_url.startsWith(sandbox.url)).toBe(true)
})
