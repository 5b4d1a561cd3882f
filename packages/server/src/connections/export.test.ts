import { decodeId } from '@grantry/api'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  eventsOf,
  importTokens,
  mintTokens,
} from '../../../../test/support/importing.ts'
import { goodPassword, openBrowser, type TestBrowser } from '../../../../test/support/members.ts'

eachDatabase('a sealed export', (database) => {
  let grantry: TestGrantry
  let owner: TestBrowser
  let admin: TestBrowser
  let identity: string
  let recipient: string
  let integration: string

  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: database.url,
      env: { GRANTRY_BOOTSTRAP_OWNER: `owner@example.com:${goodPassword}` },
      world: { background: false },
    })
    owner = await signIn('owner@example.com', goodPassword)
    admin = await invite('admin')
    identity = await generateIdentity()
    recipient = await identityToRecipient(identity)
    integration = (await addPlainIntegration(grantry)).id
  })
  afterAll(() => grantry?.close())

  async function signIn(email: string, password: string): Promise<TestBrowser> {
    const browser = openBrowser(grantry)
    const { status } = await browser.post('/sign-in', { email, password })
    expect(status).toBe(303)
    return browser
  }
  async function invite(role: 'admin'): Promise<TestBrowser> {
    const invited = await grantry.call('POST', '/api/v1/invitations', { email: `${role}@example.com`, role })
    const browser = openBrowser(grantry)
    await browser.post(invited.body.data.link, { name: role, password: goodPassword })
    return browser
  }
  const soon = () => new Date(grantry.clock.now() + 3_600_000).toISOString()
  const newKey = (more: Record<string, unknown> = {}) => ({
    name: 'leaving',
    scopes: ['connections:export'],
    expires_at: soon(),
    ...more,
  })
  const exportKey = async (more: Record<string, unknown> = {}): Promise<string> =>
    (await owner.api('POST', '/api-keys', newKey(more))).body.data.secret

  async function takeAlong(key: string, body: Record<string, unknown> = {}) {
    const response = await fetch(`${grantry.url}/api/v1/connections/export`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ recipients: [recipient], ...body }),
    })
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) }
  }
  type Line = { key: string; tokens: Record<string, string>; [name: string]: unknown }
  async function open(bytes: Uint8Array): Promise<Line[]> {
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    const text = await decrypter.decrypt(bytes, 'text')
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line)
  }

  test('everything of each connection that has tokens, sealed; each is written down before it leaves', async () => {
    const tokens = await mintTokens(grantry)
    const fields = {
      scopes: ['read'],
      metadata: { team: 'blue' },
      end_user: { id: 'u1', email: 'u@example.com' },
    }
    const { id } = await importTokens(grantry, integration, tokens, { expiresIn: 1800, ...fields })
    const ended = await importTokens(grantry, integration, await mintTokens(grantry))
    await grantry.call('DELETE', `/api/v1/connections/${ended.id}`)

    const { response, bytes } = await takeAlong(await exportKey())
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/vnd.age')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(Buffer.from(bytes).toString('latin1')).not.toContain('sandboxcanary')
    const [line, ...more] = await open(bytes)
    expect(more).toEqual([])
    const { access_token, refresh_token } = tokens
    expect(line).toMatchObject({
      key: id,
      integration,
      provider: null,
      client_id: grantry.sandbox!.generic.plain!.client_id,
      end_user: { id: 'u1', email: 'u@example.com' },
      status: 'active',
      tokens: { access_token, refresh_token, expires_at: expect.any(String) },
      scopes: ['read'],
      metadata: { team: 'blue' },
    })
    expect(await eventsOf(grantry, id)).toEqual(['connection.imported', 'token.exported'])
    const { body } = await grantry.call('GET', '/api/v1/events?type=connections.exported')
    expect(body.data[0]).toMatchObject({ data: { connections: 1 }, actor: { kind: 'api_key' } })
    const started = await grantry.call('GET', '/api/v1/events?type=connections.export_started')
    expect(started.body.data[0].data).toEqual({ recipients: [recipient] })
    expect(grantry.logs()).not.toContain('sandboxcanary')
  })

  test('no key has it by itself, and none gives it: not the first one, not an admin, not a key that has it', async () => {
    const { response } = await takeAlong(grantry.apiKey)
    expect(response.status).toBe(403)
    const byKey = await grantry.call('POST', '/api/v1/api-keys', newKey())
    expect([byKey.status, byKey.body.code]).toEqual([403, 'insufficient_scope'])
    const byAdmin = await admin.api('POST', '/api-keys', newKey())
    expect([byAdmin.status, byAdmin.body.code]).toEqual([403, 'insufficient_scope'])
    const both = await exportKey({ scopes: ['connections:export', 'admin'] })
    const passedOn = await grantry.call('POST', '/api/v1/api-keys', newKey(), { key: both })
    expect([passedOn.status, passedOn.body.code]).toEqual([403, 'insufficient_scope'])
    const minted = await grantry.call('POST', '/api/v1/end-user-tokens', {
      end_user: { id: 'u1' },
      scopes: ['connections:read', 'connections:write', 'tokens:read'],
    })
    expect((await takeAlong(minted.body.data.token)).response.status).toBe(403)
  })

  test('a key for it lives a day at most', async () => {
    for (const expires_at of [undefined, new Date(grantry.clock.now() + 86_400_000 * 2).toISOString()]) {
      const answer = await owner.api('POST', '/api-keys', newKey({ expires_at }))
      expect([answer.status, answer.body.errors[0].path]).toEqual([422, 'expires_at'])
    }
  })

  test("a key of an app takes that app's along; one integration's where that is asked; never another workspace's", async () => {
    const app = (await grantry.call('POST', '/api/v1/apps', { name: 'one' })).body.data.id
    const inApp = await importTokens(grantry, integration, await mintTokens(grantry), { app_id: app })
    const keys = async (key: string, body = {}) =>
      (await open((await takeAlong(key, body)).bytes)).map(({ key }) => key)
    expect(await keys(await exportKey({ app_id: app }))).toEqual([inApp.id])
    const other = (await addPlainIntegration(grantry)).id
    const there = await importTokens(grantry, other, await mintTokens(grantry))
    expect(await keys(await exportKey(), { integration: other })).toEqual([there.id])

    const theirs = await grantry.call(
      'POST',
      '/api/v1/workspaces',
      { name: 't' },
      { key: grantry.operatorKey },
    )
    const as = { ...grantry, call: callAs(theirs.body.data.api_key) }
    const foreign = (await addPlainIntegration(as)).id
    const notOurs = await importTokens(as, foreign, await mintTokens(grantry))
    const refused = await takeAlong(await exportKey(), { integration: foreign })
    expect(refused.response.status).toBe(404)
    const all = await keys(await exportKey())
    expect(all).toContain(inApp.id)
    expect(all).toContain(there.id)
    expect(all).not.toContain(notOurs.id)
  })

  test('page after page, also where some of a page have no tokens', async () => {
    const { id } = await addPlainIntegration(grantry)
    const items = Array.from({ length: 450 }, (_, n) => ({
      key: `many-${n}`,
      integration: id,
      tokens: { access_token: `access-${n}`, expires_at: '2099-01-01T00:00:00Z' },
    }))
    const { body } = await grantry.call('POST', '/api/v1/connections/import', { items })
    const made: string[] = body.data.results.map(
      ({ connection_id }: { connection_id: string }) => connection_id,
    )
    const waiting = made.filter((_, n) => n % 100 === 0)
    for (const each of waiting)
      await grantry.ctx.db
        .updateTable('connections')
        .set({ status: 'pending', token_request_id: null })
        .where('id', '=', decodeId('con', each)!)
        .execute()
    const lines = await open((await takeAlong(await exportKey(), { integration: id })).bytes)
    expect(lines.map(({ key }) => key).sort()).toEqual(made.filter((each) => !waiting.includes(each)).sort())
  })

  const callAs =
    (key: string): TestGrantry['call'] =>
    (method, path, body) =>
      grantry.call(method, path, body, { key })

  test.each([
    ['none', [], 'recipients'],
    ['a secret key in its place', ['AGE-SECRET-KEY-1QQQQ'], 'recipients.0'],
    [
      'one that is broken',
      ['age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq'],
      'recipients.0',
    ],
  ])('recipients: %s: refused, and nothing is opened', async (_name, recipients, path) => {
    const before = await grantry.call('GET', '/api/v1/events?type=connections.export_started&limit=200')
    const { response, bytes } = await takeAlong(await exportKey(), { recipients })
    expect(response.status).toBe(422)
    expect(JSON.parse(Buffer.from(bytes).toString()).errors[0].path).toBe(path)
    expect(Buffer.from(bytes).toString()).not.toContain('SECRET')
    const after = await grantry.call('GET', '/api/v1/events?type=connections.export_started&limit=200')
    expect(after.body.data.length).toBe(before.body.data.length)
  })

  /** The disk is full for events of this type. @returns what mends it */
  async function refuseEvents(type: string): Promise<() => Promise<unknown>> {
    const run = (text: string) => sql.raw(text).execute(grantry.ctx.db)
    if (database.dialect === 'sqlite') {
      await run(
        `create trigger full_disk before insert on events when new.type = '${type}' begin select raise(abort, 'full'); end`,
      )
      return () => run('drop trigger full_disk')
    }
    await run(`create function full_disk() returns trigger language plpgsql as $$
      begin raise exception 'full' using errcode = 'disk_full'; end $$`)
    await run(`create trigger full_disk before insert on events for each row when (new.type = '${type}')
      execute function full_disk()`)
    return () => run('drop function full_disk() cascade')
  }

  test.each(['token.exported', 'connections.exported'])(
    'where %s cannot be written down, the file ends short and does not open',
    async (type) => {
      await importTokens(grantry, integration, await mintTokens(grantry))
      const key = await exportKey()
      const mended = await refuseEvents(type)
      try {
        await expect(takeAlong(key).then(({ bytes }) => open(bytes))).rejects.toThrow()
      } finally {
        await mended()
      }
      expect((await open((await takeAlong(key)).bytes)).length).toBeGreaterThan(0)
    },
  )

  test('where its beginning cannot be written down nothing is opened: 503', async () => {
    const key = await exportKey()
    const mended = await refuseEvents('connections.export_started')
    try {
      expect((await takeAlong(key)).response.status).toBe(503)
    } finally {
      await mended()
    }
  })
})
