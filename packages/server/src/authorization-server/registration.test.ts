import { randomBytes } from 'node:crypto'
import { decodeId } from '@grantry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countRows } from '../../../../test/security/rows.ts'
import { createWorkspace } from '../../../../test/security/tenant.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { clientSecretMatches, findClient } from './client-store.ts'
import { noteClientUse } from './note-client-use.ts'
import { pruneRegistered } from './prune-registered.ts'
import { insertGrant, insertRecord } from './records.fixture.ts'

const tool = { client_name: 'A tool', redirect_uris: ['http://127.0.0.1:3334/cb'] }
const site = {
  ...tool,
  redirect_uris: ['https://tool.example/cb'],
  token_endpoint_auth_method: 'client_secret_basic',
}

eachDatabase('clients that register themselves', (open) => {
  let grantry: TestGrantry
  const start = (env: Record<string, string> = {}) =>
    startTestGrantry({
      databaseUrl: open.url,
      sandbox: false,
      world: { background: false },
      encryptionKey,
      env: { GRANTRY_BOOTSTRAP_API_KEY: apiKey, ...env },
    })
  const encryptionKey = randomBytes(32).toString('base64')
  const apiKey = 'the-same-key-for-every-server'
  beforeAll(async () => {
    grantry = await start()
  })
  afterAll(() => grantry?.close())

  const register = (
    body: unknown,
    { key = null, at = grantry }: { key?: string | null; at?: TestGrantry } = {},
  ) => at.call('POST', '/oauth/register', body, { key })
  const manage = (method: string, id: string, token: string | null, body?: unknown) =>
    grantry.call(method, `/oauth/register/${id}`, body, { key: token })

  test('are given an id and, where they keep one, a secret that is stored as a hash', async () => {
    const { status, body, headers } = await register(tool)
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toContain('no-store')
    expect(body).toMatchObject({
      client_id: expect.stringMatching(/^cli_[0-9a-z]{26}$/),
      ...tool,
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      registration_client_uri: `${grantry.url}/oauth/register/${body.client_id}`,
      registration_access_token: expect.any(String),
    })
    for (const ours of ['client_secret', 'secret_hashes', 'workspace', 'origin', 'registered_at'])
      expect(body).not.toHaveProperty(ours)
    expect(body.scope).toContain('mcp:write')
    const public_ = (await findClient(grantry.ctx, body.client_id))!
    expect(public_).toMatchObject({
      origin: 'registered',
      secretHashes: [],
      metadata: { client_name: 'A tool' },
    })

    for (const ours of ['client_secret', 'secret_hashes', 'workspace', 'origin', 'registered_at'])
      expect(public_.metadata).not.toHaveProperty(ours)

    const kept = (await register(site)).body
    expect(kept.client_secret).toMatch(/^gcs_/)
    const client = (await findClient(grantry.ctx, kept.client_id))!
    expect(clientSecretMatches(client, kept.client_secret)).toBe(true)
    const db = await open()
    const rows = JSON.stringify([
      await db.selectFrom('oauth_clients').selectAll().execute(),
      await db.selectFrom('oauth_records').selectAll().execute(),
      await db.selectFrom('events').selectAll().execute(),
    ])
    expect(rows).not.toContain(kept.client_secret)
    expect(rows).not.toContain(kept.registration_access_token)
  })

  test('are asked for by their own name, and cannot take anybody else’s place', async () => {
    const forged = {
      client_id: 'cli_mine',
      workspace: 'x',
      origin: 'api',
      registered_at: 1,
      secret_hashes: ['00'],
    }
    const { body } = await register({ ...tool, ...forged })
    expect(body.client_id).not.toBe('cli_mine')
    expect(await findClient(grantry.ctx, body.client_id)).toMatchObject({
      workspace: '00000000-0000-0000-0000-000000000000',
      origin: 'registered',
    })
  })

  test('read, change and end themselves by their own token alone (RFC 7592)', async () => {
    const made = (await register(site)).body
    const other = (await register(tool)).body
    const { client_id, registration_access_token: token, client_secret } = made
    const read = await manage('GET', client_id, token)
    expect(read.body).toMatchObject({ client_id, client_name: 'A tool', registration_access_token: token })
    for (const ours of ['client_secret', 'secret_hashes', 'workspace'])
      expect(read.body).not.toHaveProperty(ours)

    const changed = await manage('PUT', client_id, token, {
      ...site,
      client_id,
      client_secret,
      client_name: 'A better tool',
    })
    expect([changed.status, changed.body.client_name, changed.body.client_secret]).toEqual([
      200,
      'A better tool',
      undefined,
    ])
    const stored = (await findClient(grantry.ctx, client_id))!
    expect(stored.metadata.client_name).toBe('A better tool')
    expect(clientSecretMatches(stored, client_secret)).toBe(true)

    const before = await countRows(grantry)
    for (const [what, answer, error] of [
      ['no token', await manage('PUT', client_id, null, { ...site, client_id }), 'invalid_token'],
      [
        'a wrong secret',
        await manage('PUT', client_id, token, { ...site, client_id, client_secret: 'gcs_x' }),
        'invalid_request',
      ],
      [
        'the marker',
        await manage('PUT', client_id, token, { ...site, client_id, client_secret: 'stored as a hash' }),
        'invalid_request',
      ],
      [
        'another id',
        await manage('PUT', client_id, token, { ...site, client_id: other.client_id }),
        'invalid_request',
      ],
      [
        'a date',
        await manage('PUT', client_id, token, { ...site, client_id, client_id_issued_at: 1 }),
        'invalid_request',
      ],
      [
        'a script',
        await manage('PUT', client_id, token, { ...site, client_id, redirect_uris: ['javascript:1'] }),
        'invalid_redirect_uri',
      ],
      [
        'no client',
        await manage('PUT', 'cli_none', token, { ...site, client_id: 'cli_none' }),
        'invalid_token',
      ],
      ['not JSON', await manage('PUT', client_id, token, '{'), 'invalid_request'],
    ] as const)
      expect([what, answer.body.error], answer.text).toEqual([what, error])
    expect(await countRows(grantry)).toEqual(before)
    expect((await findClient(grantry.ctx, client_id))!.metadata.client_name).toBe('A better tool')
    // RFC 7592 §2.1: a token that is shown for another client ends.
    expect((await manage('GET', client_id, other.registration_access_token)).status).toBe(401)

    await insertRecord(grantry.ctx.db, { model: 'RefreshToken', client: client_id })
    expect((await manage('DELETE', client_id, token)).status).toBe(204)
    expect(await findClient(grantry.ctx, client_id)).toBeNull()
    const left = grantry.ctx.db.selectFrom('oauth_records').select('model').where('client_id', '=', client_id)
    expect(await left.execute()).toEqual([])
    expect((await manage('GET', client_id, token)).status).toBe(401)
  })

  test('get a secret when they begin to keep one, and lose it when they stop', async () => {
    const made = (await register(site)).body
    const { client_id, registration_access_token: token } = made
    const put = async (method: string) => {
      const change = { ...site, client_id, token_endpoint_auth_method: method }
      const answer = await manage('PUT', client_id, token, change)
      expect(answer.status, answer.text).toBe(200)
      return { ...answer.body, stored: (await findClient(grantry.ctx, client_id))! }
    }
    const open_ = await put('none')
    expect([open_.client_secret, open_.stored.secretHashes]).toEqual([undefined, []])
    const again = await put('client_secret_post')
    expect(clientSecretMatches(again.stored, again.client_secret)).toBe(true)
    expect(clientSecretMatches(again.stored, made.client_secret)).toBe(false)
  })

  test('that are of a workspace by its token belong to it: listed and ended there, changed by themselves', async () => {
    const theirs = await createWorkspace(grantry, 'theirs')
    const api = (method: string, path: string, body?: unknown, key = apiKey) =>
      grantry.call(method, `/api/v1${path}`, body, { key })
    const made = await api('POST', '/registration-tokens', { name: 'For our tools' })
    const { id, token } = made.body.data
    expect(made.headers.get('cache-control')).toBe('no-store')
    const { client_id } = (await register(tool, { key: token })).body
    const workspace = decodeId('ws', (await api('GET', '/workspace')).body.data.id)
    expect(await findClient(grantry.ctx, client_id)).toMatchObject({ workspace, origin: 'registered' })
    const [listed] = (await api('GET', '/oauth-clients')).body.data
    expect(listed).toMatchObject({ client_id, origin: 'registered' })
    expect((await api('GET', '/oauth-clients', undefined, theirs)).body.data).toEqual([])
    for (const [method, path] of [
      ['PATCH', ''],
      ['POST', '/rotate-secret'],
    ] as const)
      expect((await api(method, `/oauth-clients/${client_id}${path}`, {})).body.code).toBe('conflict')
    const events = await api('GET', '/events?limit=5')
    expect(events.body.data.map(({ type }: { type: string }) => type)).toContain('oauth_client.registered')

    const shown = (await api('GET', '/registration-tokens')).body
    expect(shown.data).toMatchObject([{ id, name: 'For our tools', last_used_at: expect.any(String) }])
    expect(JSON.stringify(shown)).not.toContain(token)
    expect((await api('DELETE', `/registration-tokens/${id}`, undefined, theirs)).status).toBe(404)
    expect((await api('DELETE', `/registration-tokens/${id}`)).status).toBe(200)
    const refused = await register(tool, { key: token })
    expect([refused.status, refused.body.error]).toEqual([401, 'invalid_token'])
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    expect(await findClient(grantry.ctx, client_id)).not.toBeNull()
    expect((await api('DELETE', `/oauth-clients/${client_id}`)).status).toBe(200)
  })

  test('need a token where that is set, and find nothing open where registration is off', async () => {
    const asking = await start({ GRANTRY_REGISTRATION: 'token' })
    const closed = await start({ GRANTRY_REGISTRATION: 'off' })
    try {
      const made = await asking.call(
        'POST',
        '/api/v1/registration-tokens',
        {
          name: 'short',
          expires_at: new Date(asking.clock.now() + 60_000).toISOString(),
        },
        { key: apiKey },
      )
      const { token } = made.body.data
      expect((await register(tool, { at: asking, key: token })).status).toBe(201)
      const before = await countRows(asking)
      for (const key of [null, 'gia_x', `${token}x`, apiKey])
        expect((await register(tool, { at: asking, key })).body, String(key)).toMatchObject({
          error: 'invalid_token',
        })
      asking.clock.advance(61)
      expect((await register(tool, { at: asking, key: token })).status).toBe(401)
      for (const key of [null, token])
        expect([(await register(tool, { at: closed, key })).status]).toEqual([403])
      expect(await countRows(asking)).toEqual(before)
    } finally {
      await asking.close()
      await closed.close()
    }
  })

  test('are refused as RFC 7591 says, and leave nothing behind', async () => {
    const before = await countRows(grantry)
    for (const [body, error] of [
      ['{', 'invalid_request'],
      ['', 'invalid_request'],
      ['[]', 'invalid_client_metadata'],
      [{ redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
      [{ ...tool, client_name: '\u202ex' }, 'invalid_client_metadata'],
      [{ ...tool, scope: 'tokens:read' }, 'invalid_client_metadata'],
    ] as const) {
      const answer = await register(body)
      expect([answer.status, answer.body.error], answer.text).toEqual([400, error])
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    }
    const form = { key: null, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    expect((await grantry.call('POST', '/oauth/register', 'redirect_uris=x', form)).body.error).toBe(
      'invalid_request',
    )
    expect(await countRows(grantry)).toEqual(before)
  })

  test('are forgotten after a month in which nobody allowed them anything', async () => {
    const workspace = decodeId(
      'ws',
      (await grantry.call('GET', '/api/v1/workspace', undefined, { key: apiKey })).body.data.id,
    )!
    const made = async () => (await register(tool)).body.client_id as string
    const [idle, allowed, once, used, byHand] = [await made(), await made(), await made(), await made(), null]
    expect(byHand).toBeNull()
    await insertGrant(grantry.ctx.db, { workspace, client: allowed! })
    await insertGrant(grantry.ctx.db, { workspace, client: once!, ended_at: 1 })
    const own = await grantry.call('POST', '/api/v1/oauth-clients', { ...site }, { key: apiKey })
    const living = async () => {
      const rows = await grantry.ctx.db.selectFrom('oauth_clients').select('client_id').execute()
      return [idle, allowed, once, used, own.body.data.client_id].map((id) =>
        rows.some((row) => row.client_id === id),
      )
    }
    grantry.clock.advance(29 * 86_400)
    noteClientUse(grantry.ctx, (await findClient(grantry.ctx, used!))!)
    await expect.poll(async () => (await findClient(grantry.ctx, used!))!.lastUsedAt).not.toBeNull()
    await pruneRegistered(grantry.ctx)
    expect(await living()).toEqual([true, true, true, true, true])
    grantry.clock.advance(1.01 * 86_400)
    const young = await made()
    await pruneRegistered(grantry.ctx)
    expect(await living()).toEqual([false, true, true, true, true])
    expect(await findClient(grantry.ctx, young)).not.toBeNull()
  })

  test('note when they were used, once a day', async () => {
    const { client_id } = (await register(tool)).body
    const client = async () => (await findClient(grantry.ctx, client_id))!
    noteClientUse(grantry.ctx, await client())
    await expect.poll(async () => (await client()).lastUsedAt).toBeTypeOf('number')
    const writes: unknown[] = []
    const db = { updateTable: () => writes.push(1) } as never
    noteClientUse({ ...grantry.ctx, db }, await client())
    expect(writes).toEqual([])
  })
})
