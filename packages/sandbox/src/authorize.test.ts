import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorizationUrl, CHALLENGE, connect, GMAIL, urlsOf } from './client.fixture.ts'
import { type Sandbox, startSandbox } from './start.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const open = (url: string) => fetch(url, { redirect: 'manual' })
const consent = async (url: string, wish = {}) => new URL(await sandbox.control.consent(url, wish))

describe('what must not be redirected is shown on a page', () => {
  const cases: [string, Record<string, string>, number, string][] = [
    ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client'],
    [
      'a redirect URI off loopback',
      { redirect_uri: 'https://evil.example/cb' },
      400,
      'redirect_uri_mismatch',
    ],
    [
      'a loopback look-alike',
      { redirect_uri: 'http://localhost.evil.example/cb' },
      400,
      'redirect_uri_mismatch',
    ],
    ['userinfo before loopback', { redirect_uri: 'http://x@localhost:9/cb' }, 400, 'redirect_uri_mismatch'],
    ['a scope that Google does not know', { scope: 'gmail.everything' }, 400, 'invalid_scope'],
  ]
  it.each(cases)('%s', async (_name, params, status, error) => {
    const response = await open(authorizationUrl(sandbox, 'gmail', { scope: GMAIL.read, ...params }))
    expect(response.status).toBe(status)
    expect(response.headers.get('location')).toBeNull()
    expect(await response.text()).toContain(`<code>${error}</code>`)
  })

  it('a doubled parameter', async () => {
    const response = await open(`${authorizationUrl(sandbox, 'gmail', { scope: GMAIL.read })}&state=other`)
    expect(response.status).toBe(400)
  })

  it('escapes what it repeats', async () => {
    const page = await (
      await open(authorizationUrl(sandbox, 'gmail', { redirect_uri: 'x:"><script>1</script>' }))
    ).text()
    expect(page).toContain('&lt;script&gt;')
    expect(page).not.toContain('<script')
  })
})

describe('what the client may know comes back by redirect', () => {
  it.each([
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['an unknown scope', { scope: 'read fly' }, 'invalid_scope'],
    [
      'an unknown challenge method',
      { code_challenge: CHALLENGE, code_challenge_method: 'S512' },
      'invalid_request',
    ],
    ['a short challenge', { code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
    ['prompt=none', { prompt: 'none' }, 'interaction_required'],
  ])('%s', async (_name, params, error) => {
    const location = await consent(authorizationUrl(sandbox, 'plain', params))
    expect(location.searchParams.get('error')).toBe(error)
    expect(location.searchParams.get('state')).toBe('state-1')
    expect(location.searchParams.has('code')).toBe(false)
  })

  it('a person who says no, in the words of each provider', async () => {
    const gmail = await consent(authorizationUrl(sandbox, 'gmail', { scope: GMAIL.read }), { deny: true })
    expect(gmail.searchParams.get('error')).toBe('access_denied')
    const pipedrive = await consent(authorizationUrl(sandbox, 'pipedrive'), { deny: true })
    expect(pipedrive.searchParams.get('error')).toBe('user_denied')
    expect(pipedrive.searchParams.get('state')).toBe('state-1')
  })
})

it('sends the callback as Google does: iss, scope, authuser, and the query that the redirect URI had', async () => {
  const location = await consent(
    authorizationUrl(sandbox, 'gmail', {
      scope: `email ${GMAIL.send}`,
      redirect_uri: 'http://127.0.0.1:9/cb?a=1',
    }),
  )
  expect(location.origin).toBe('http://127.0.0.1:9')
  expect(location.searchParams.get('a')).toBe('1')
  expect(location.searchParams.get('iss')).toBe(urlsOf(sandbox, 'gmail').issuer)
  expect(location.searchParams.get('scope')).toBe(
    `https://www.googleapis.com/auth/userinfo.email ${GMAIL.send}`,
  )
  expect(location.searchParams.get('authuser')).toBe('0')
})

it('gives Pipedrive no iss and asks for no response_type there', async () => {
  const location = await consent(authorizationUrl(sandbox, 'pipedrive', { response_type: undefined }))
  expect([...location.searchParams.keys()].sort()).toEqual(['code', 'state'])
})

it('holds a registered client to its exact redirect URIs', async () => {
  sandbox.control.registerClient({
    provider: 'plain',
    client_id: 'exact',
    redirect_uris: ['https://app.example/cb'],
  })
  const url = (redirect_uri: string) =>
    authorizationUrl(sandbox, 'plain', { client_id: 'exact', redirect_uri })
  expect((await open(url('https://app.example/cb'))).status).toBe(200)
  expect((await open(url('https://app.example/cb/'))).status).toBe(400)
  expect((await open(url('http://localhost:9/cb'))).status).toBe(400)
})

describe('the consent page', () => {
  it('works without script, under a nonce policy, and names accounts and scopes in words', async () => {
    const response = await open(
      authorizationUrl(sandbox, 'gmail', { scope: GMAIL.send, login_hint: 'grace@example.com' }),
    )
    const page = await response.text()
    const nonce = /style-src 'nonce-([^']+)'/.exec(response.headers.get('content-security-policy')!)![1]
    expect(page).toContain(`<style nonce="${nonce}">`)
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(page).not.toContain('<script')
    expect(page).toContain('Sandbox — no real account is touched')
    expect(page).toContain('Send email as you')
    expect(page).toMatch(/value="grace@example.com" required checked/)
    expect(page).not.toMatch(/value="ada@example.com" required checked/)
  })

  it('takes each form once', async () => {
    const url = authorizationUrl(sandbox, 'plain')
    const transaction = /name="transaction" value="([^"]+)"/.exec(await (await open(url)).text())![1]!
    const submit = () =>
      fetch(urlsOf(sandbox, 'plain').authorization_url, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ transaction, decision: 'allow', account: 'ada@example.com' }),
      })
    expect((await submit()).status).toBe(303)
    expect((await submit()).status).toBe(400)
  })

  it('does not take the form of one provider at another', async () => {
    const page = await (await open(authorizationUrl(sandbox, 'plain'))).text()
    const transaction = /name="transaction" value="([^"]+)"/.exec(page)![1]!
    const response = await fetch(urlsOf(sandbox, 'pipedrive').authorization_url, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ transaction, decision: 'allow', account: 'ada@example.com' }),
    })
    expect(response.status).toBe(400)
  })

  it('lets people leave single scopes out where the provider does', async () => {
    const scope = `${GMAIL.read} ${GMAIL.send}`
    expect((await connect(sandbox, 'gmail', { scope }, { scopes: [GMAIL.read] })).scope).toBe(GMAIL.read)
    const none = await consent(authorizationUrl(sandbox, 'gmail', { scope }), { scopes: [] })
    expect(none.searchParams.get('error')).toBe('access_denied')
  })
})

it('adds what was granted before when asked to', async () => {
  const account = { account: 'linus@example.com' }
  await connect(sandbox, 'gmail', { scope: GMAIL.read }, account)
  const alone = await connect(sandbox, 'gmail', { scope: GMAIL.send }, account)
  expect(alone.scope).toBe(GMAIL.send)
  const both = await connect(sandbox, 'gmail', { scope: GMAIL.send, include_granted_scopes: 'true' }, account)
  expect(both.scope.split(' ').sort()).toEqual([GMAIL.read, GMAIL.send].sort())
})
