import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from '../support/browser.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import {
  addClient,
  addMember,
  allow,
  authorizationUrl,
  type Client,
  verifier,
} from '../support/partner-app.ts'

const run = promisify(execFile)

// KonPro's "Connecting Your App with OAuth 2.0": its curl commands, with the hosts changed and its capitalised words
// filled in. Printing errors of the page that are mended here: "response_type=codeYOUR_CLIENT_ID: …" and
// "state=RANDOM_STATEVerify that …" run two lines into one, and each "curl …\"Save …" ends in the sentence after it.
eachDatabase('KonPro as documented', (open) => {
  let grantry: TestGrantry
  let client: Client
  let browser: Browser
  let member: string
  let tokens: { access_token: string; refresh_token: string }

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    client = await addClient(grantry, { redirectUri: 'https://example.com/oauth/callback' })
    const added = await addMember(grantry)
    browser = added.browser
    member = added.member
  })
  afterAll(() => grantry?.close())

  /** Runs one command of the page as a shell would split it. Answers status and body. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
  async function curl(...args: string[]): Promise<{ status: number; body: any }> {
    const { stdout } = await run('curl', [
      '--silent',
      '--show-error',
      '--write-out',
      '\n%{http_code}',
      ...args,
    ])
    const at = stdout.lastIndexOf('\n')
    return { status: Number(stdout.slice(at + 1)), body: JSON.parse(stdout.slice(0, at)) }
  }
  const form = ['-H', 'Content-Type: application/x-www-form-urlencoded']

  test('Step 1 to 3: authorize with PKCE, read code and state, exchange the code', async () => {
    const address = authorizationUrl(grantry.url, client, { state: 'xyz789' })
    const back = await allow(browser, address)
    expect(back.origin + back.pathname).toBe('https://example.com/oauth/callback')
    expect(back.searchParams.get('state')).toBe('xyz789')
    const answer = await curl(
      '-X',
      'POST',
      `${grantry.url}/v1/oauth/token`,
      ...form,
      '-d',
      `code=${back.searchParams.get('code')}`,
      '-d',
      `client_id=${client.id}`,
      '-d',
      'grant_type=authorization_code',
      '-d',
      `redirect_uri=${client.redirectUri}`,
      '-d',
      `code_verifier=${verifier}`,
    )
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer' } })
    tokens = answer.body
    expect(tokens.refresh_token).toEqual(expect.any(String))
  })

  const account = (...header: string[]) =>
    curl('-X', 'GET', `${grantry.url}/v1/pacific/account.get`, ...header.flatMap((line) => ['-H', line]))

  test('Step 4: the access token as Bearer; an API token as X-API-KEY', async () => {
    expect((await account(`Authorization: Bearer ${tokens.access_token}`)).status).toBe(200)
    expect((await account(`X-API-KEY: ${grantry.apiKey}`)).status).toBe(200)
    expect((await account()).status).toBe(401)
    expect((await account('Authorization: Bearer gat_expired')).body.code).toBe('unauthenticated')
  })

  test('Step 5: refresh', async () => {
    const answer = await curl(
      '-X',
      'POST',
      `${grantry.url}/v1/oauth/refresh_token`,
      ...form,
      '-d',
      `client_id=${client.id}`,
      '-d',
      'grant_type=refresh_token',
      '-d',
      `refresh_token=${tokens.refresh_token}`,
    )
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    expect(answer.body.access_token).not.toBe(tokens.access_token)
    tokens = answer.body
    expect((await account(`Authorization: Bearer ${tokens.access_token}`)).status).toBe(200)
  })

  test('Get User’s Account Information: experiments, features, space, user and plan', async () => {
    const { id } = (await grantry.call('GET', '/api/v1/workspace')).body.data
    const plan = {
      plan: 'pro',
      plan_expires_at: '2099-12-31T00:00:00.000Z',
      quotas: { connections: 100, mcp_servers: 10, calls_per_minute: 600 },
      features: ['mcp', 'import', 'beta-editor'],
      experiments: [
        { key: 'onboarding', variants: ['control', 'guided'] },
        { key: 'pricing', variants: ['b'] },
      ],
    }
    const before = await account(`Authorization: Bearer ${tokens.access_token}`)
    expect(before.body).toMatchObject({
      experiments: [],
      features: ['mcp', 'import', 'direct_links', 'end_user_tokens'],
      user: { subscription_status: 'none' },
      plan: { tier: null, quotas: {}, expires_at: null },
    })
    await grantry.call('PATCH', `/api/v1/workspaces/${id}`, plan, { key: grantry.operatorKey })

    const { status, body } = await account(`Authorization: Bearer ${tokens.access_token}`)
    expect(status).toBe(200)
    expect(body).toEqual({
      experiments: [
        { key: 'onboarding', variant: expect.stringMatching(/^(control|guided)$/) },
        { key: 'pricing', variant: 'b' },
      ],
      features: plan.features,
      space: {
        id: '00000000-0000-7000-8000-000000000001',
        name: 'default',
        role: 'owner',
        permissions: ['account:read', 'connections:read'],
      },
      user: {
        id: member,
        email: 'ada@example.com',
        name: 'Ada Lovelace',
        registered_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        subscription_status: 'active',
      },
      plan: { tier: 'pro', quotas: plan.quotas, expires_at: plan.plan_expires_at },
    })
    // The same facts as this API tells them.
    const ours = await curl(
      `${grantry.url}/api/v1/account`,
      '-H',
      `Authorization: Bearer ${tokens.access_token}`,
    )
    expect(ours.body.data).toMatchObject({
      credential: { kind: 'oauth_client', id: client.id, scopes: body.space.permissions },
      user: { ...body.user, id: expect.stringMatching(/^mem_/) },
      workspace: { id, name: 'default', role: 'owner' },
      plan: 'pro',
      plan_expires_at: plan.plan_expires_at,
      quotas: plan.quotas,
      features: plan.features,
      experiments: body.experiments,
    })
  })

  test('an API key is its maker’s; nobody’s where none made it', async () => {
    const first = await account(`X-API-KEY: ${grantry.apiKey}`)
    expect(first.body).toMatchObject({ user: null, space: { role: null } })
    expect(first.body.space.permissions).toContain('admin')
    const made = await grantry.call('POST', '/api/v1/api-keys', {
      name: 'ada’s',
      scopes: ['connections:read'],
    })
    await grantry.ctx.db
      .updateTable('api_keys')
      .set({ created_by: member })
      .where('name', '=', 'ada’s')
      .execute()
    const theirs = await account(`X-API-KEY: ${made.body.data.secret}`)
    expect(theirs.body).toMatchObject({
      user: { id: member, email: 'ada@example.com' },
      space: { role: 'owner', permissions: ['connections:read'] },
    })
  })

  test('a plan that has run out says so', async () => {
    const { id } = (await grantry.call('GET', '/api/v1/workspace')).body.data
    const ended = { plan_expires_at: '2020-01-01T00:00:00.000Z' }
    await grantry.call('PATCH', `/api/v1/workspaces/${id}`, ended, { key: grantry.operatorKey })
    const { body } = await account(`Authorization: Bearer ${tokens.access_token}`)
    expect(body).toMatchObject({
      user: { subscription_status: 'expired' },
      plan: { expires_at: ended.plan_expires_at },
    })
  })
})
