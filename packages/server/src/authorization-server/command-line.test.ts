import { memberScope } from '@grantry/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browser, createBrowser } from '../../../../test/support/browser.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addClient,
  addMember,
  authorizationUrl,
  type Client,
  firstWorkspace,
  token,
} from '../../../../test/support/partner-app.ts'
import { openSession } from '../members/open-session.ts'
import type { Role } from '../members/roles.ts'
import { hashCredential } from '../vault/credential.ts'
import { commandLineId } from './command-line.ts'
import { insertGrant, insertRecord } from './records.fixture.ts'

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const cli: Client = { id: commandLineId, secret: null, redirectUri: '' }

let grantry: TestGrantry
beforeAll(async () => {
  grantry = await startTestGrantry({ sandbox: false, world: { background: false } })
})
afterAll(() => grantry?.close())

const post = async (path: string, fields: Record<string, string>) => {
  const response = await fetch(`${grantry.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })
  const text = await response.text()
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as any }
}
const start = (client: Client = cli, more: Record<string, string> = {}) =>
  post('/oauth/device_authorization', { client_id: client.id, scope: memberScope, ...more })
const poll = (code: string) => token(grantry.url, cli, { grant_type: deviceGrant, device_code: code })
const refresh = (refreshToken: string) =>
  token(grantry.url, cli, { grant_type: 'refresh_token', refresh_token: refreshToken })

async function typeCode(browser: Browser, begun: { verification_uri: string; user_code: string }) {
  const confirm = await browser.submit(await browser.open(begun.verification_uri), {
    user_code: begun.user_code,
  })
  return browser.submit(confirm)
}

/** Signs a new member in at the command line. */
async function login(email: string, role: Role) {
  const { member, browser } = await addMember(grantry, { email, role })
  const { body: begun } = await start()
  const consent = await typeCode(browser, begun)
  const done = await browser.submit(consent, { decision: 'allow' })
  if (!done.text.includes('is connected')) throw new Error(done.text)
  const { body: tokens } = await poll(begun.device_code)
  const call = (method: string, path: string, body?: unknown) =>
    grantry.call(method, `/api/v1${path}`, body, { key: tokens.access_token })
  return { member, call, consent, tokens: tokens as { access_token: string; refresh_token: string } }
}
const newKey = { name: 'a key', scopes: ['connections:read'] }
const newApp = { name: 'an app' }

describe('signing in from a terminal', () => {
  test('an owner may there what an owner may, and the log says who it was', async () => {
    const ada = await login('ada@cli.example', 'owner')
    expect(ada.consent.text).toContain('do everything here that you may do')
    expect(ada.consent.text).toContain('Only go on if you ran “grantry login” yourself')
    const account = await ada.call('GET', '/account')
    expect(account.body.data).toMatchObject({
      credential: { kind: 'member', id: commandLineId },
      user: { email: 'ada@cli.example' },
      workspace: { role: 'owner' },
    })
    expect((await ada.call('POST', '/api-keys', newKey)).status).toBe(201)
    const events = await ada.call('GET', '/events?type=api_key.created')
    expect(events.body.data[0].actor).toMatchObject({ kind: 'member', id: expect.stringContaining('mem_') })
  })

  test('a viewer looks, and can change nothing', async () => {
    const vic = await login('vic@cli.example', 'viewer')
    expect((await vic.call('GET', '/connections')).status).toBe(200)
    for (const [path, body] of [
      ['/api-keys', newKey],
      ['/apps', newApp],
      ['/connect-sessions', { provider: 'gmail' }],
      ['/mcp-servers', { mcp_server: 'gmail', access_type: 'read', auth_method: 'oauth' }],
      ['/invitations', { email: 'x@cli.example', role: 'owner' }],
    ] as const)
      expect([path, (await vic.call('POST', path, body)).status]).toEqual([path, 403])
    expect((await vic.call('GET', '/token?provider=gmail')).status).toBe(403)
  })

  test('a role that was reduced holds at the next call; a member who was removed is nobody, and stays so', async () => {
    const ada = await login('ada2@cli.example', 'owner')
    const dev = await login('dev@cli.example', 'admin')
    const members = await ada.call('GET', '/members')
    const { id } = members.body.data.find(({ email }: { email: string }) => email === 'dev@cli.example')
    expect((await dev.call('POST', '/apps', newApp)).status).toBe(201)
    expect((await ada.call('PATCH', `/members/${id}`, { role: 'viewer' })).status).toBe(200)
    expect((await dev.call('POST', '/apps', newApp)).status).toBe(403)
    expect((await dev.call('GET', '/connections')).status).toBe(200)
    expect((await ada.call('DELETE', `/members/${id}`)).status).toBe(200)
    expect((await dev.call('GET', '/connections')).status).toBe(401)
    expect((await refresh(dev.tokens.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  })

  test('what is for the browser is not for the terminal: passwords, sessions, what apps were allowed', async () => {
    const ada = await login('ada3@cli.example', 'developer')
    const password = { current: 'x', password: 'three words in a row' }
    for (const [method, path, body] of [
      ['GET', '/session'],
      ['GET', '/sessions'],
      ['DELETE', '/sessions'],
      ['POST', '/account/password', password],
      ['GET', '/account/identities'],
      ['GET', '/authorized-apps'],
    ] as const)
      expect([path, (await ada.call(method, path, body)).status]).toEqual([path, 403])
  })

  test('tokens rotate; signing out ends them all', async () => {
    const ada = await login('ada4@cli.example', 'owner')
    const second = await refresh(ada.tokens.refresh_token)
    expect(second.status).toBe(200)
    const key = second.body.access_token
    const alive = async () => (await grantry.call('GET', '/api/v1/account', undefined, { key })).status
    expect(await alive()).toBe(200)
    const gone = await post('/oauth/revoke', { client_id: commandLineId, token: second.body.refresh_token })
    expect(gone.status).toBe(200)
    expect(await alive()).toBe(401)
    expect((await ada.call('GET', '/account')).status).toBe(401)
  })

  test('calls count against the plan, as a program’s do', async () => {
    const ada = await login('ada6@cli.example', 'owner')
    const limit = (quotas: string) =>
      grantry.ctx.invalidation.change(firstWorkspace, async (tx) => {
        await tx.updateTable('workspaces').set({ quotas }).where('id', '=', firstWorkspace).execute()
      })
    await limit('{"calls_per_minute":1000}')
    expect((await ada.call('GET', '/account')).headers.get('ratelimit-policy')).toBe('"calls";q=1000;w=60')
    await limit('{}')
  })

  test('an administrator sees it among the apps and can end it', async () => {
    const ada = await login('ada5@cli.example', 'owner')
    const vic = await login('vic5@cli.example', 'viewer')
    const apps = await ada.call('GET', `/authorized-apps?client_id=${commandLineId}`)
    const hers = apps.body.data.find(
      ({ subject }: { subject: { email: string } }) => subject.email === 'vic5@cli.example',
    )
    expect(hers.client).toMatchObject({ client_name: 'Grantry command line', origin: 'built_in' })
    expect((await ada.call('DELETE', `/authorized-apps/${hers.id}`)).status).toBe(200)
    expect((await vic.call('GET', '/account')).status).toBe(401)
  })
})

describe('nobody else gets that far', () => {
  test.each([
    ['by an administrator', () => grantry.call('POST', '/api/v1/oauth-clients', clientOf(memberScope))],
    [
      'by itself',
      () =>
        grantry.call('POST', '/oauth/register', clientOf(memberScope), {
          key: null,
        }),
    ],
  ])('no client is registered for it %s', async (_by, register) => {
    const answer = await register()
    expect([400, 422]).toContain(answer.status)
    expect(answer.text).toContain('scope')
  })

  test('a client that has it written down all the same is not given it', async () => {
    const { browser } = await addMember(grantry, { email: 'eve@cli.example' })
    const client = await addClient(grantry, {
      scope: `account:read ${memberScope}`,
      grant_types: ['authorization_code', 'refresh_token', deviceGrant],
    })
    const only = await browser.open(authorizationUrl(grantry.url, client, { scope: memberScope }))
    expect(new URL(only.url).searchParams.get('error')).toBe('invalid_scope')
    const both = await browser.open(
      authorizationUrl(grantry.url, client, { scope: `account:read ${memberScope}` }),
    )
    expect(both.text).toContain('see your account')
    expect(both.text).not.toContain('do everything')
    expect((await start(client)).body).toMatchObject({ error: 'invalid_scope' })
  })

  test('a token that says so and is not of the command line says nothing', async () => {
    const { member } = await addMember(grantry, { email: 'mal@cli.example' })
    const client = await addClient(grantry)
    const subject = { workspace: firstWorkspace, kind: 'member' as const, member }
    for (const [id, status] of [
      [client.id, 403],
      [commandLineId, 201],
    ] as const) {
      const grant = await insertGrant(grantry.ctx.db, { workspace: firstWorkspace, client: id, subject })
      const text = `gat_${id}`
      await insertRecord(grantry.ctx.db, {
        model: 'AccessToken',
        id: hashCredential(text),
        workspace: firstWorkspace,
        client: id,
        grant: grant.hash,
        payload: { accountId: grant.subject, scope: memberScope, aud: grantry.url },
      })
      expect((await grantry.call('POST', '/api/v1/apps', newApp, { key: text })).status).toBe(status)
    }
  })

  test('the command line has no other grant, and no other resource', async () => {
    const { browser } = await addMember(grantry, { email: 'eve2@cli.example' })
    const visit = await browser.open(
      authorizationUrl(grantry.url, { ...cli, redirectUri: 'http://127.0.0.1:1/cb' }, { scope: memberScope }),
    )
    expect([visit.status, visit.url]).toEqual([400, expect.stringContaining(grantry.url)])
    for (const grant_type of ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'])
      expect((await token(grantry.url, cli, { grant_type, scope: memberScope })).status).toBe(400)
    expect((await start(cli, { resource: 'https://elsewhere.example' })).status).toBe(400)
  })

  test('an end user who types the code is told that it is for members', async () => {
    const { secret } = await openSession(
      grantry.ctx,
      grantry.ctx.db,
      { workspace: firstWorkspace, kind: 'end_user', endUser: 'u1', email: 'u1@cli.example', name: null },
      { address: '127.0.0.1', userAgent: 'test', replaced: null, requestId: 'test' },
    )
    const browser = createBrowser(grantry.url, new Map([['grantry_session', secret]]))
    const { body: begun } = await start()
    const refused = await typeCode(browser, begun)
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('for members')])
    expect((await poll(begun.device_code)).body).toMatchObject({ error: 'authorization_pending' })
  })
})

const clientOf = (scope: string) => ({
  client_name: 'Partner',
  redirect_uris: ['https://partner.example/callback'],
  scope,
})
