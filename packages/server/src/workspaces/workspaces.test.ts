import { decodeId, scopes } from '@grantry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { system } from '../audit/event.ts'
import { insertApiKey } from './create-api-key.ts'

eachDatabase('workspaces, API keys, apps', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
  })
  afterAll(() => grantry?.close())

  const makeKey = async (body: Record<string, unknown>) => {
    const answer = await grantry.call('POST', '/api/v1/api-keys', { name: 'k', ...body })
    expect(answer.status).toBe(201)
    return answer.body.data as { id: string; secret: string }
  }

  test('the first workspace is called default, and its settings can be changed one by one', async () => {
    const before = await grantry.call('GET', '/api/v1/workspace')
    expect(before.body.data).toMatchObject({
      name: 'default',
      allowed_origins: [],
      allow_direct_links: false,
    })
    const changed = await grantry.call('PATCH', '/api/v1/workspace', {
      allowed_origins: ['https://App.example.com'],
    })
    expect(changed.body.data).toMatchObject({ name: 'default', allowed_origins: ['https://app.example.com'] })
    const event = await grantry.call('GET', '/api/v1/events?type=workspace.updated')
    expect(event.body.data[0]).toMatchObject({ type: 'workspace.updated', actor: { kind: 'api_key' } })
  })

  test.each([
    [{ allowed_origins: ['https://app.example.com/path'] }],
    [{ allowed_origins: ['https://*.example.com'] }],
    [{ return_urls: ['javascript:alert(1)'] }],
    [{ name: '' }],
  ])('refuses the setting %j', async (body) => {
    const answer = await grantry.call('PATCH', '/api/v1/workspace', body)
    expect(answer.status).toBe(422)
    expect(answer.body.errors[0].path).toContain(Object.keys(body)[0])
  })

  test('the operator makes a workspace, whose key reaches nothing of another, and ends it', async () => {
    const key = grantry.operatorKey
    const made = await grantry.call('POST', '/api/v1/workspaces', { name: 'Second' }, { key })
    expect(made.status).toBe(201)
    const second = made.body.data
    const account = await grantry.call('GET', '/api/v1/account', undefined, { key: second.api_key })
    expect(account.body.data).toMatchObject({ user: null, workspace: { id: second.id, name: 'Second' } })

    expect((await grantry.call('POST', '/api/v1/workspaces', { name: 'Third' })).status).toBe(403)
    const ended = await grantry.call('DELETE', `/api/v1/workspaces/${second.id}`, undefined, { key })
    expect(ended.body.data).toEqual({ id: second.id, deleted: true })
    expect((await grantry.call('GET', '/api/v1/account', undefined, { key: second.api_key })).status).toBe(
      401,
    )
    expect((await grantry.call('DELETE', `/api/v1/workspaces/${second.id}`, undefined, { key })).status).toBe(
      404,
    )
    // One that was being made while the workspace ended is in nobody's hands for anything.
    const secret = 'gk_late'
    const workspace = decodeId('ws', second.id)!
    const late = { workspace, name: 'Late', secret, scopes: [...scopes], app: null, expiresAt: null }
    await insertApiKey(grantry.ctx, grantry.ctx.db, { ...late, actor: system })
    expect((await grantry.call('GET', '/api/v1/connections', undefined, { key: secret })).status).toBe(401)
  })

  test('a key works as Bearer and as X-API-KEY, shows when it was used, and ends at once', async () => {
    const { id, secret } = await makeKey({ scopes: ['connections:read'] })
    expect((await grantry.call('GET', '/api/v1/connections', undefined, { key: secret })).status).toBe(200)
    const header = await grantry.call('GET', '/api/v1/connections', undefined, {
      key: null,
      headers: { 'x-api-key': secret },
    })
    expect(header.status).toBe(200)
    await expect
      .poll(async () => {
        const { body } = await grantry.call('GET', '/api/v1/api-keys')
        return body.data.find((key: { id: string }) => key.id === id).last_used_at
      })
      .not.toBeNull()
    await grantry.call('DELETE', `/api/v1/api-keys/${id}`)
    expect((await grantry.call('GET', '/api/v1/connections', undefined, { key: secret })).status).toBe(401)
  })

  test('the secret of a key is in no later answer and not in the database', async () => {
    const { secret } = await makeKey({ scopes: ['events:read'] })
    const listed = await grantry.call('GET', '/api/v1/api-keys')
    expect(listed.text).not.toContain(secret)
    const db = await open()
    const stored = JSON.stringify([
      await db.selectFrom('api_keys').selectAll().execute(),
      await db.selectFrom('api_key_secrets').selectAll().execute(),
    ])
    expect(stored).not.toContain(secret)
  })

  test('a rotated key opens by both secrets until the overlap ends', async () => {
    const { id, secret } = await makeKey({ scopes: ['connections:read'] })
    const rotated = await grantry.call('POST', `/api/v1/api-keys/${id}/rotate`, { overlap_seconds: 60 })
    const next = rotated.body.data.secret
    const works = async (key: string) =>
      (await grantry.call('GET', '/api/v1/connections', undefined, { key })).status === 200
    const listed = async () =>
      (await grantry.call('GET', '/api/v1/api-keys')).body.data.find((key: { id: string }) => key.id === id)
    expect([await works(secret), await works(next)]).toEqual([true, true])
    expect((await listed()).previous_secret_ends_at).toBe(rotated.body.data.previous_secret_ends_at)
    grantry.clock.advance(61)
    expect([await works(secret), await works(next)]).toEqual([false, true])
    expect(await listed()).toMatchObject({ previous_secret_ends_at: null, created_by: null })
  })

  test('a key that has expired, and one that would have more than its maker, are refused', async () => {
    const expires_at = new Date(grantry.clock.now() + 10_000).toISOString()
    const { secret } = await makeKey({ scopes: ['admin'], expires_at })
    const more = await grantry.call(
      'POST',
      '/api/v1/api-keys',
      { name: 'more', scopes: ['tokens:read'] },
      { key: secret },
    )
    expect(more).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
    grantry.clock.advance(11)
    expect((await grantry.call('GET', '/api/v1/api-keys', undefined, { key: secret })).status).toBe(401)
  })

  test('an app can be named by keys, and goes only when nothing depends on it', async () => {
    const app = (await grantry.call('POST', '/api/v1/apps', { name: 'Mobile' })).body.data
    const { secret } = await makeKey({ scopes: ['admin', 'connections:read'], app_id: app.id })
    const seen = await grantry.call('GET', '/api/v1/apps', undefined, { key: secret })
    expect(seen.body.data).toEqual([app])
    await grantry.call('POST', '/api/v1/integrations', {
      label: 'x',
      app_id: app.id,
      client_id: 'c',
      validate: false,
      authorization_url: `${grantry.sandbox!.url}/plain/authorize`,
      token_url: `${grantry.sandbox!.url}/plain/token`,
    })
    const refused = await grantry.call('DELETE', `/api/v1/apps/${app.id}`)
    expect(refused).toMatchObject({ status: 409, body: { code: 'has_connections' } })
    const { body } = await grantry.call('GET', `/api/v1/integrations?app=${app.id}`)
    await grantry.call('DELETE', `/api/v1/integrations/${body.data[0].id}`)
    expect((await grantry.call('DELETE', `/api/v1/apps/${app.id}`)).status).toBe(200)
    expect((await grantry.call('GET', '/api/v1/apps', undefined, { key: secret })).status).toBe(401)
  })

  test('lists go page by page, newest first, to a null cursor', async () => {
    for (const name of ['a', 'b', 'c']) await grantry.call('POST', '/api/v1/apps', { name })
    const first = await grantry.call('GET', '/api/v1/apps?limit=2')
    expect(first.body.data.map(({ name }: { name: string }) => name)).toEqual(['c', 'b'])
    const second = await grantry.call('GET', `/api/v1/apps?limit=2&cursor=${first.body.next_cursor}`)
    expect(second.body).toMatchObject({ data: [{ name: 'a' }], next_cursor: null })
    const forged = await grantry.call('GET', '/api/v1/apps?cursor=Zm9yZ2Vk')
    expect(forged).toMatchObject({ status: 422, body: { errors: [{ path: 'cursor' }] } })
  })
})
