import { decodeId } from '@grantry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countRows } from '../../../../test/security/rows.ts'
import { createWorkspace } from '../../../../test/security/tenant.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { hashCredential } from '../vault/credential.ts'
import { clientSecretMatches, findClient } from './client-store.ts'
import { insertGrant, insertRecord } from './records.fixture.ts'

const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code'

eachDatabase('OAuth clients', (open) => {
  let grantry: TestGrantry
  let theirs: string
  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      sandbox: false,
      world: { background: false },
    })
    theirs = await createWorkspace(grantry, 'theirs')
  })
  afterAll(() => grantry?.close())

  const call = (method: string, path: string, body?: unknown, key?: string) =>
    grantry.call(method, `/api/v1${path}`, body, key === undefined ? {} : { key })
  const create = (body: object, key?: string) => call('POST', '/oauth-clients', body, key)
  const app = { client_name: 'Reports', redirect_uris: ['https://reports.example/cb'] }
  const make = async (body: object = {}, key?: string) => {
    const answer = await create({ ...app, ...body }, key)
    expect(answer.status, answer.text).toBe(201)
    return answer.body.data
  }
  const opens = async (clientId: string, secret: string) => {
    const client = await findClient(grantry.ctx, clientId)
    return client !== null && clientSecretMatches(client, secret)
  }

  test('are made with what RFC 7591 names, shown without their secret, changed, and deleted', async () => {
    const answer = await create({ ...app, client_uri: 'https://reports.example' })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const made = answer.body.data
    expect(made).toMatchObject({
      client_id: made.id,
      client_name: 'Reports',
      redirect_uris: ['https://reports.example/cb'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'web',
      client_uri: 'https://reports.example',
      logo_uri: null,
      origin: 'api',
      secrets: [{ ends_at: null }],
      last_used_at: null,
    })
    expect(made.scope).not.toMatch(/tokens:read|proxy:call|write/)
    expect(made.client_secret).toMatch(/^gcs_[\w-]{43}$/)
    expect(await opens(made.client_id, made.client_secret)).toBe(true)

    const { client_secret, ...shown } = made
    const got = await call('GET', `/oauth-clients/${made.id}`)
    expect(got.body.data).toEqual(shown)
    const listed = await call('GET', '/oauth-clients')
    expect(listed.body.data).toContainEqual(shown)
    expect(listed.text + got.text).not.toContain(client_secret)

    const changed = await call('PATCH', `/oauth-clients/${made.id}`, {
      client_name: 'Reports 2',
      client_uri: null,
      redirect_uris: ['https://reports.example/cb2', 'https://reports.example/cb'],
    })
    expect(changed.body.data).toMatchObject({
      client_name: 'Reports 2',
      client_uri: null,
      redirect_uris: ['https://reports.example/cb2', 'https://reports.example/cb'],
      grant_types: made.grant_types,
      scope: made.scope,
    })
    expect(await opens(made.client_id, client_secret)).toBe(true)

    expect((await call('DELETE', `/oauth-clients/${made.id}`)).body.data).toEqual({
      id: made.id,
      deleted: true,
    })
    expect((await call('GET', `/oauth-clients/${made.id}`)).status).toBe(404)
    expect(await findClient(grantry.ctx, made.client_id)).toBeNull()
    expect(
      await grantry.ctx.db
        .selectFrom('oauth_client_secrets')
        .where('client', '=', decodeId('cli', made.id)!)
        .selectAll()
        .execute(),
    ).toEqual([])
    const events = await call('GET', '/events?limit=10')
    const types = events.body.data.map(({ type }: { type: string }) => type)
    expect(types.slice(0, 3)).toEqual([
      'oauth_client.deleted',
      'oauth_client.updated',
      'oauth_client.created',
    ])
    expect(events.text).not.toContain(client_secret)
  })

  test('keep of a secret the hash alone', async () => {
    const { client_secret } = await make()
    const db = await open()
    const stored = JSON.stringify([
      await db.selectFrom('oauth_clients').selectAll().execute(),
      await db.selectFrom('oauth_client_secrets').selectAll().execute(),
      await db.selectFrom('events').selectAll().execute(),
    ])
    expect(stored).toContain(hashCredential(client_secret))
    expect(stored).not.toContain(client_secret)
    expect(grantry.logs()).not.toContain(client_secret)
  })

  test.each([
    [
      {
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        redirect_uris: ['com.example.app:/cb'],
      },
    ],
    [{ grant_types: ['client_credentials'], redirect_uris: [], scope: 'tokens:read proxy:call' }],
    [{ grant_types: ['authorization_code', tokenExchange], scope: 'tokens:read' }],
    [{ token_endpoint_auth_method: 'none', grant_types: [deviceCode, 'refresh_token'], redirect_uris: [] }],
    [{ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://reports.example/jwks' }],
    [
      {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: '1' }] },
      },
    ],
  ])('%j is taken', async (body) => {
    const made = await make(body)
    const secret = ['none', 'private_key_jwt'].includes(
      (body as { token_endpoint_auth_method?: string }).token_endpoint_auth_method ?? '',
    )
    expect([made.client_secret === null, made.secrets.length]).toEqual([secret, secret ? 0 : 1])
  })

  const native = { application_type: 'native' }
  const publicly = { token_endpoint_auth_method: 'none' }
  const refusals: [body: object, path: string][] = [
    [{ client_name: '' }, 'client_name'],
    [{ client_name: 'x'.repeat(121) }, 'client_name'],
    [{ client_name: 'a\u0007b' }, 'client_name'],
    [{ client_name: 'Grantry\u202eyrtnarG' }, 'client_name'],
    [{ redirect_uris: [] }, 'redirect_uris'],
    [{ redirect_uris: ['https://a.example/cb', 'https://a.example/cb'] }, 'redirect_uris'],
    [{ redirect_uris: ['https://a.example/cb', 'javascript:alert(1)'] }, 'redirect_uris.1'],
    [{ redirect_uris: ['https://a.example/cb#x'] }, 'redirect_uris.0'],
    [{ redirect_uris: ['com.example:/cb'] }, 'redirect_uris.0'],
    [{ redirect_uris: ['myapp:/cb'], ...native }, 'redirect_uris.0'],
    [{ redirect_uris: Array.from({ length: 21 }, (_, i) => `https://a.example/${i}`) }, 'redirect_uris'],
    [{ grant_types: [] }, 'grant_types'],
    [{ grant_types: ['implicit'] }, 'grant_types.0'],
    [{ grant_types: ['password'] }, 'grant_types.0'],
    [{ grant_types: ['refresh_token'] }, 'grant_types'],
    [{ grant_types: ['client_credentials'], ...publicly }, 'grant_types'],
    [{ grant_types: ['authorization_code', tokenExchange], ...publicly }, 'grant_types'],
    [{ scope: 'account:read tokens:read', ...publicly }, 'scope'],
    [{ scope: 'proxy:call', ...publicly }, 'scope'],
    [{ scope: 'admin' }, 'scope'],
    [{ scope: 'account:read  openid' }, 'scope'],
    [{ token_endpoint_auth_method: 'client_secret_jwt' }, 'token_endpoint_auth_method'],
    [{ token_endpoint_auth_method: 'private_key_jwt' }, 'jwks'],
    [{ jwks: { keys: [{ kty: 'oct', k: 'x' }] } }, 'jwks.keys.0'],
    [{ jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'z' }] } }, 'jwks.keys.0'],
    [{ jwks: { keys: [{ kty: 'RSA', e: 'AQAB' }] } }, 'jwks.keys.0'],
    [{ jwks: { keys: [{ kty: 'constructor' }] } }, 'jwks.keys.0'],
    [{ jwks: { keys: [{ kty: 'RSA', n: 'x'.repeat(17_000), e: 'AQAB' }] } }, 'jwks'],
    [{ jwks: { keys: [{ kty: 'RSA', n: 'x', e: 'AQAB' }] }, jwks_uri: 'https://a.example' }, 'jwks'],
    [{ jwks_uri: 'http://a.example/jwks' }, 'jwks_uri'],
    [{ logo_uri: 'javascript:alert(1)' }, 'logo_uri'],
    [{ tos_uri: 'https://user@a.example/' }, 'tos_uri'],
    [{ client_secret: 'mine' }, 'client_secret'],
    [{ client_id: 'mine' }, 'client_id'],
    [{ response_types: ['token'] }, 'response_types'],
  ]
  test.each(refusals)('%j is refused, in the making and in the changing', async (body, path) => {
    const { id } = await make()
    const before = await countRows(grantry)
    for (const answer of [
      await create({ ...app, ...body }),
      await call('PATCH', `/oauth-clients/${id}`, body),
    ]) {
      expect(answer.status, answer.text).toBe(422)
      expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path)
    }
    expect(await countRows(grantry)).toEqual(before)
  })

  test('of another workspace are not there, and a key of one app reaches none', async () => {
    const { id, client_secret, client_id } = await make()
    const paths: [string, string, unknown?][] = [
      ['GET', `/oauth-clients/${id}`],
      ['PATCH', `/oauth-clients/${id}`, { client_name: 'mine now' }],
      ['POST', `/oauth-clients/${id}/rotate-secret`, { overlap_seconds: 0 }],
      ['DELETE', `/oauth-clients/${id}`],
    ]
    const { id: app_id } = (await call('POST', '/apps', { name: 'one' })).body.data
    const narrowed = await call('POST', '/api-keys', { name: 'n', scopes: ['clients:write'], app_id })
    for (const key of [theirs, narrowed.body.data.secret])
      for (const [method, path, body] of paths)
        expect((await call(method, path, body, key)).body, `${method} ${path}`).toMatchObject({
          code: 'not_found',
        })
    expect((await call('GET', '/oauth-clients', undefined, theirs)).body.data).toEqual([])
    expect((await create(app, narrowed.body.data.secret)).status).toBe(403)
    expect((await call('GET', '/oauth-clients', undefined, narrowed.body.data.secret)).status).toBe(403)
    expect(await opens(client_id, client_secret)).toBe(true)
    const without = await call('POST', '/api-keys', { name: 'w', scopes: ['admin'] })
    expect((await create(app, without.body.data.secret)).status).toBe(403)
  })

  test('open by two secrets while a rotation overlaps, and a third ends the oldest', async () => {
    const made = await make()
    const first = made.client_secret
    const rotate = async (overlap_seconds: number) => {
      const answer = await call('POST', `/oauth-clients/${made.id}/rotate-secret`, { overlap_seconds })
      expect(answer.status, answer.text).toBe(200)
      return answer.body.data
    }
    const state = async (...secrets: string[]) =>
      Promise.all(secrets.map((secret) => opens(made.client_id, secret)))

    const { client_secret: second, ...told } = await rotate(60)
    expect(Date.parse(told.previous_secret_ends_at)).toBeGreaterThan(grantry.clock.now() + 50_000)
    expect(told.secrets).toMatchObject([{ ends_at: told.previous_secret_ends_at }, { ends_at: null }])
    expect(await state(first, second)).toEqual([true, true])
    const { client_secret: third } = await rotate(60)
    expect(await state(first, second, third)).toEqual([false, true, true])
    grantry.clock.advance(61)
    expect(await state(first, second, third)).toEqual([false, false, true])
    expect((await call('GET', `/oauth-clients/${made.id}`)).body.data.secrets).toHaveLength(1)
    const { client_secret: fourth } = await rotate(0)
    expect(await state(third, fourth)).toEqual([false, true])
  })

  test('keep two secrets at most, however many rotate them at once', async () => {
    const made = await make()
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        call('POST', `/oauth-clients/${made.id}/rotate-secret`, { overlap_seconds: 60 }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const secrets = [made.client_secret, ...answers.map(({ body }) => body.data.client_secret)]
    const open = await Promise.all(secrets.map((secret) => opens(made.client_id, secret)))
    expect(open.filter(Boolean)).toHaveLength(2)
    const client = await call('GET', `/oauth-clients/${made.id}`)
    expect(client.body.data.secrets.map(({ ends_at }: { ends_at: unknown }) => ends_at === null)).toEqual([
      false,
      true,
    ])
  })

  test('without a secret have none to rotate; one that gets a secret later starts with a rotation', async () => {
    const made = await make({ token_endpoint_auth_method: 'none' })
    const rotate = () => call('POST', `/oauth-clients/${made.id}/rotate-secret`, {})
    expect(await rotate()).toMatchObject({ status: 409, body: { code: 'conflict' } })
    await call('PATCH', `/oauth-clients/${made.id}`, { token_endpoint_auth_method: 'client_secret_post' })
    const rotated = (await rotate()).body.data
    expect(rotated.previous_secret_ends_at).toBeNull()
    expect(await opens(made.client_id, rotated.client_secret)).toBe(true)
    await call('PATCH', `/oauth-clients/${made.id}`, { token_endpoint_auth_method: 'none' })
    expect(await opens(made.client_id, rotated.client_secret)).toBe(false)
  })

  test('lose the access tokens of what they lose, and keep them otherwise', async () => {
    const made = await make({ scope: 'account:read connections:read' })
    const other = await make()
    const access = await insertRecord(grantry.ctx.db, { model: 'AccessToken', client: made.client_id })
    const own = await insertRecord(grantry.ctx.db, { model: 'ClientCredentials', client: made.client_id })
    const refresh = await insertRecord(grantry.ctx.db, { model: 'RefreshToken', client: made.client_id })
    const foreign = await insertRecord(grantry.ctx.db, { model: 'AccessToken', client: other.client_id })
    const living = async () => {
      const rows = await grantry.ctx.db.selectFrom('oauth_records').select('id_hash').execute()
      const ids = new Set(rows.map(({ id_hash }) => id_hash))
      return [access, own, refresh, foreign].map((id) => ids.has(id))
    }
    await call('PATCH', `/oauth-clients/${made.id}`, {
      client_name: 'x',
      scope: 'connections:read account:read openid',
    })
    expect(await living()).toEqual([true, true, true, true])
    await call('PATCH', `/oauth-clients/${made.id}`, { scope: 'account:read' })
    expect(await living()).toEqual([false, false, true, true])
  })

  test('take with them, when they are deleted, all that people allowed them and all their tokens', async () => {
    const db = grantry.ctx.db
    const made = await make()
    const other = await make()
    const workspace = decodeId('ws', (await call('GET', '/workspace')).body.data.id)!
    const grant = await insertGrant(db, { workspace, client: made.client_id })
    const foreign = await insertGrant(db, { workspace, client: other.client_id })
    for (const { client, hash } of [
      { client: made.client_id, hash: grant.hash },
      { client: other.client_id, hash: foreign.hash },
    ]) {
      await insertRecord(db, { model: 'Grant', id: hash, client })
      for (const model of ['AccessToken', 'RefreshToken', 'AuthorizationCode'])
        await insertRecord(db, { model, client, grant: hash, workspace })
      for (const model of ['ClientCredentials', 'DeviceCode', 'RegistrationAccessToken'])
        await insertRecord(db, { model, client })
    }
    const left = async (client: string) =>
      (await db.selectFrom('oauth_records').select('model').where('client_id', '=', client).execute()).length
    expect(await left(made.client_id)).toBe(7)
    expect((await call('DELETE', `/oauth-clients/${made.id}`)).status).toBe(200)
    expect([await left(made.client_id), await left(other.client_id)]).toEqual([0, 7])
    const grants = await db.selectFrom('oauth_grants').selectAll().execute()
    const ended = grants.filter(({ ended_at }) => ended_at !== null).map(({ id }) => id)
    expect(ended).toEqual([grant.id])
    const events = await call('GET', '/events?type=oauth_grant.ended')
    expect(events.body.data).toMatchObject([{ data: { grant: grant.id, client_id: made.client_id } }])
    expect((await call('DELETE', `/oauth-clients/${made.id}`)).status).toBe(404)
  })
})
