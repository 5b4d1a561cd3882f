import { decodeId, encodeId } from '@grantry/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorkspace } from '../../../../test/security/tenant.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addClient, addMember, firstWorkspace, obtain, token } from '../../../../test/support/partner-app.ts'
import { toRow } from '../audit/record.ts'
import { endGrant, endGrantsOf } from './end-grant.ts'
import { insertGrant, insertRecord } from './records.fixture.ts'

const system = { kind: 'system', id: null, requestId: null }

eachDatabase('authorised apps', (open) => {
  let grantry: TestGrantry
  let theirs: string
  let ada: Awaited<ReturnType<typeof addMember>>
  let bob: Awaited<ReturnType<typeof addMember>>
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    theirs = await createWorkspace(grantry, 'theirs')
    ada = await addMember(grantry)
    bob = await addMember(grantry, { email: 'bob@example.com', role: 'viewer' as 'owner' })
  })
  afterAll(() => grantry?.close())

  const api = (method: string, path: string, key?: string) =>
    grantry.call(method, `/api/v1/authorized-apps${path}`, undefined, key === undefined ? {} : { key })
  /** As a signed-in person's console calls it. */
  async function as(who: typeof ada, method: string, path: string) {
    const cookie = `grantry_session=${[...who.browser.cookies.values()][0]}`
    const session = await grantry.call('GET', '/api/v1/session', undefined, {
      key: null,
      headers: { cookie },
    })
    return grantry.call(method, `/api/v1/authorized-apps${path}`, undefined, {
      key: null,
      headers: { cookie, origin: grantry.url, 'x-csrf-token': session.body.data.csrf },
    })
  }
  const idsIn = ({ body }: { body: { data: { id: string }[] } }) => body.data.map(({ id }) => id)
  const member = (who: typeof ada) => ({
    workspace: firstWorkspace,
    kind: 'member' as const,
    member: who.member,
  })
  const endUser = (id: string) => ({ workspace: firstWorkspace, kind: 'end_user' as const, endUser: id })
  const give = async (
    subject = member(ada) as ReturnType<typeof member | typeof endUser>,
    more: object = {},
  ) => {
    const client = await addClient(grantry)
    const grant = await insertGrant(grantry.ctx.db, {
      workspace: firstWorkspace,
      client: client.id,
      subject,
      ...more,
    })
    return { ...grant, client: client.id, shown: encodeId('gra', grant.id) }
  }
  const endUserToken = async (id: string, scopes: string[]) => {
    const made = await grantry.call('POST', '/api/v1/end-user-tokens', { end_user: { id }, scopes })
    return made.body.data.token as string
  }

  test('say who, what app, what it may in words, with which connections, and what it did last', async () => {
    const client = grantry.sandbox!.clients.gmail!
    const integration = await grantry.call('POST', '/api/v1/integrations', {
      label: 'Gmail',
      provider: 'gmail',
      validate: false,
      ...client,
    })
    const connection = await grantry.call('POST', '/api/v1/connections', {
      integration: integration.body.data.id,
      end_user: { id: 'u1' },
      tokens: { access_token: 'an-access-token' },
    })
    const con = connection.body.data.id
    const app = await addClient(grantry, {
      scope: 'account:read connections:read',
      client_uri: 'https://partner.example',
    })
    const { access_token } = await obtain(
      grantry,
      app,
      ada.browser,
      { scope: 'account:read connections:read' },
      {
        connection: uuid(con),
      },
    )
    await grantry.call('GET', `/api/v1/connections/${con}`, undefined, { key: access_token })
    const [listed] = (await api('GET', `?client_id=${app.id}`)).body.data
    expect(listed).toMatchObject({
      client: {
        client_id: app.id,
        client_name: 'Partner',
        client_uri: 'https://partner.example',
        origin: 'api',
      },
      subject: { kind: 'member', id: encodeId('mem', ada.member), email: 'ada@example.com' },
      scopes: [
        { scope: 'account:read', description: expect.stringContaining('account') },
        { scope: 'connections:read', description: expect.stringContaining('accounts') },
      ],
      resources: [grantry.url],
      connections: [{ id: con, provider: 'gmail', end_user_id: 'u1' }],
      ended_at: null,
    })
    // What it did is told by the grant as the actor.
    const grantId = (
      await grantry.ctx.db
        .selectFrom('oauth_grants')
        .select('id')
        .where('client_id', '=', app.id)
        .executeTakeFirstOrThrow()
    ).id
    const act = (type: 'connection.refreshed' | 'token.read', id = grantId) => {
      const actor = { kind: 'oauth_client', id, requestId: null }
      const event = { workspace: firstWorkspace, type, actor, connection: uuid(con) }
      return grantry.ctx.db.insertInto('events').values(toRow(grantry.ctx, event)).execute()
    }
    for (let n = 0; n < 20; n++) await act('connection.refreshed')
    // Ids of one millisecond are in no order.
    grantry.clock.advance(1)
    await act('token.read')
    grantry.clock.advance(1)
    await act('connection.refreshed', (await give()).id)
    const { data } = (await api('GET', `/${listed.id}`)).body
    expect(data.recent).toHaveLength(20)
    expect(data.recent[0]).toMatchObject({ type: 'token.read', connection_id: con })
  })

  test('are everyone’s for an administrator, and for anybody else their own', async () => {
    const [mine, bobs, u1, u2] = [
      await give(),
      await give(member(bob)),
      await give(endUser('u1')),
      await give(endUser('u.2/ü')),
    ]
    const all = [u2, u1, bobs, mine].map(({ shown }) => shown)
    const among = (answer: Parameters<typeof idsIn>[0]) => all.filter((id) => idsIn(answer).includes(id))
    expect(among(await api('GET', '?limit=200'))).toEqual(all)
    // An owner is an administrator; a viewer is not.
    expect(among(await as(ada, 'GET', '?limit=200'))).toEqual(all)
    expect(idsIn(await as(bob, 'GET', '?limit=200'))).toEqual([bobs.shown])
    expect(idsIn(await api('GET', '', await endUserToken('u.2/ü', ['connections:read'])))).toEqual([u2.shown])
    expect(idsIn(await api('GET', `?member=${encodeId('mem', bob.member)}`))).toEqual([bobs.shown])
    expect(among(await api('GET', '?end_user=u1'))).toEqual([u1.shown])
    expect(idsIn(await as(bob, 'GET', '?end_user=u1'))).toEqual([])
    expect(idsIn(await api('GET', `?client_id=${mine.client}`))).toEqual([mine.shown])
    expect((await api('GET', '?member=mem_x')).status).toBe(404)
    expect((await api('GET', `?end_user=u1&member=${encodeId('mem', bob.member)}`)).status).toBe(422)
    expect(idsIn(await api('GET', '', theirs))).toEqual([])
    const first = await api('GET', '?limit=1')
    const second = await api('GET', `?limit=1&cursor=${first.body.next_cursor}`)
    expect(idsIn(second)[0]).not.toBe(idsIn(first)[0])
  })

  test('of somebody else are not there, to be seen or to be ended', async () => {
    const { shown, hash } = await give()
    const made = async (body: object) =>
      (await grantry.call('POST', '/api/v1/api-keys', { name: 'k', ...body })).body.data.secret
    const app_id = (await grantry.call('POST', '/api/v1/apps', { name: 'one' })).body.data.id
    const record = await insertRecord(grantry.ctx.db, { model: 'RefreshToken', grant: hash })
    const calls = [
      ['another workspace', (method: string) => api(method, `/${shown}`, theirs), 404],
      ['another member', (method: string) => as(bob, method, `/${shown}`), 404],
      [
        'an end user',
        async (method: string) => api(method, `/${shown}`, await endUserToken('u1', ['connections:write'])),
        404,
      ],
      [
        'a key of one app',
        async (method: string) => api(method, `/${shown}`, await made({ scopes: ['admin'], app_id })),
        404,
      ],
      [
        'a key without admin',
        async (method: string) => api(method, `/${shown}`, await made({ scopes: ['connections:write'] })),
        403,
      ],
      [
        'nobody',
        (method: string) =>
          grantry.call(method, `/api/v1/authorized-apps/${shown}`, undefined, { key: null }),
        401,
      ],
      ['no id', (method: string) => api(method, '/gra_x'), 404],
    ] as const
    for (const [who, call, status] of calls)
      for (const method of ['GET', 'DELETE'])
        expect((await call(method)).status, `${who} ${method}`).toBe(status)
    const left = grantry.ctx.db.selectFrom('oauth_records').select('id_hash').where('id_hash', '=', record)
    expect(await left.executeTakeFirst()).toBeDefined()
    // An app in somebody's name neither sees nor ends what they allowed to others.
    const app = await addClient(grantry, { scope: 'account:read' })
    const { access_token } = await obtain(grantry, app, ada.browser, { scope: 'account:read' })
    expect((await api('GET', '', access_token)).status).toBe(403)
    const reading = await endUserToken('u1', ['connections:read'])
    const own = await give(endUser('u1'))
    expect((await api('DELETE', `/${own.shown}`, reading)).body).toMatchObject({ code: 'insufficient_scope' })
    expect(
      (await api('DELETE', `/${own.shown}`, await endUserToken('u1', ['connections:write']))).status,
    ).toBe(200)
  })

  test('end in one call with all their tokens, at once; to end them again is no error', async () => {
    const app = await addClient(grantry, { scope: 'account:read offline_access' })
    const other = await addClient(grantry, { scope: 'account:read' })
    const tokens = await obtain(grantry, app, bob.browser, { scope: 'account:read offline_access' })
    const kept = await obtain(grantry, other, bob.browser, { scope: 'account:read' })
    const account = (key: string) => grantry.call('GET', '/api/v1/account', undefined, { key })
    expect((await account(tokens.access_token)).status).toBe(200)
    const [{ id }] = (await as(bob, 'GET', `?client_id=${app.id}`)).body.data
    expect((await as(bob, 'DELETE', `/${id}`)).body.data).toEqual({ id, ended: true })
    expect((await account(tokens.access_token)).status).toBe(401)
    const refreshed = await token(grantry.url, app, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    })
    expect(refreshed.body.error).toBe('invalid_grant')
    expect((await account(kept.access_token)).status).toBe(200)
    const rows = grantry.ctx.db.selectFrom('oauth_records').select('model').where('client_id', '=', app.id)
    expect(await rows.execute()).toEqual([])
    expect(idsIn(await as(bob, 'GET', ''))).not.toContain(id)
    expect((await as(bob, 'GET', `/${id}`)).body.data.ended_at).toEqual(expect.any(String))

    const events = () => grantry.call('GET', '/api/v1/events?type=oauth_grant.ended&limit=200')
    const [event] = (await events()).body.data
    expect(event).toMatchObject({ actor: { kind: 'member' }, data: { client_id: app.id } })
    const before = (await events()).body.data.length
    expect((await as(bob, 'DELETE', `/${id}`)).status).toBe(200)
    expect((await events()).body.data).toHaveLength(before)
    // Whoever allows it again starts anew.
    const again = await obtain(grantry, app, bob.browser, { scope: 'account:read' })
    expect((await account(again.access_token)).status).toBe(200)
  })

  test('end once, however many end them at once', async () => {
    const { id, shown } = await give()
    const ended = { workspace: firstWorkspace, id, actor: system }
    await Promise.all(Array.from({ length: 5 }, () => endGrant(grantry.ctx, ended)))
    const events = await grantry.call('GET', '/api/v1/events?type=oauth_grant.ended&limit=200')
    expect(
      events.body.data.filter(({ data }: { data: { grant: string } }) => data.grant === id),
    ).toHaveLength(1)
    expect(shown).toMatch(/^gra_/)
  })

  describe('go with', () => {
    const living = async (...grants: { id: string; hash: string }[]) => {
      const db = grantry.ctx.db
      const rows = await db.selectFrom('oauth_grants').select(['id', 'ended_at']).execute()
      const records = await db
        .selectFrom('oauth_records')
        .select(['grant_hash', 'id_hash', 'model'])
        .execute()
      return grants.map(({ id, hash }) => [
        rows.find((row) => row.id === id)?.ended_at === null,
        records.some((row) => row.grant_hash === hash || (row.model === 'Grant' && row.id_hash === hash)),
      ])
    }
    const withTokens = async (...given: Parameters<typeof give>) => {
      const grant = await give(...given)
      await insertRecord(grantry.ctx.db, { model: 'Grant', id: grant.hash })
      await insertRecord(grantry.ctx.db, { model: 'AccessToken', grant: grant.hash })
      return grant
    }
    const endOf = (of: Parameters<typeof endGrantsOf>[2]) =>
      grantry.ctx.invalidation.change(firstWorkspace, (tx) => endGrantsOf(grantry.ctx, tx, of, system))

    test('an end user, and no other', async () => {
      const [one, two] = [await withTokens(endUser('gone')), await withTokens(endUser('gone2'))]
      expect(await endOf({ subject: endUser('gone') })).toEqual([firstWorkspace])
      expect(await living(one, two)).toEqual([
        [false, false],
        [true, true],
      ])
    })

    test('a member who is removed', async () => {
      const carol = await addMember(grantry, { email: 'carol@example.com' })
      const [hers, adas] = [await withTokens(member(carol)), await withTokens()]
      const gone = await grantry.call('DELETE', `/api/v1/members/${encodeId('mem', carol.member)}`)
      expect(gone.status, gone.text).not.toBe(200)
      const viewer = await addMember(grantry, { email: 'dora@example.com', role: 'viewer' as 'owner' })
      const doras = await withTokens(member(viewer))
      expect((await grantry.call('DELETE', `/api/v1/members/${encodeId('mem', viewer.member)}`)).status).toBe(
        200,
      )
      expect(await living(hers, adas, doras)).toEqual([
        [true, true],
        [true, true],
        [false, false],
      ])
    })

    test('a client, in every workspace', async () => {
      const one = await withTokens()
      const other = await uuidOfWorkspace(theirs)
      const two = await insertGrant(grantry.ctx.db, { workspace: other, client: one.client })
      expect((await endOf({ client: one.client })).sort()).toEqual([firstWorkspace, other].sort())
      expect(await living(one, two)).toEqual([
        [false, false],
        [false, false],
      ])
    })

    test('a workspace, whose clients’ own tokens go too', async () => {
      const key = await createWorkspace(grantry, 'short-lived')
      const workspace = await uuidOfWorkspace(key)
      const client = await addClient(grantry, { workspace })
      const grant = await insertGrant(grantry.ctx.db, { workspace, client: client.id })
      await insertRecord(grantry.ctx.db, { model: 'AccessToken', grant: grant.hash, workspace })
      const own = await insertRecord(grantry.ctx.db, { model: 'ClientCredentials', client: client.id })
      const ended = await grantry.call(
        'DELETE',
        `/api/v1/workspaces/${encodeId('ws', workspace)}`,
        undefined,
        { key: grantry.operatorKey },
      )
      expect(ended.status).toBe(200)
      const db = grantry.ctx.db
      expect(await living(grant)).toEqual([[false, false]])
      expect(
        await db.selectFrom('oauth_records').select('model').where('id_hash', '=', own).execute(),
      ).toEqual([])
      expect(
        await db.selectFrom('oauth_clients').select('id').where('workspace_id', '=', workspace).execute(),
      ).toEqual([])
    })
  })

  const uuid = (con: string) => decodeId('con', con)!
  async function uuidOfWorkspace(key: string) {
    return decodeId('ws', (await grantry.call('GET', '/api/v1/workspace', undefined, { key })).body.data.id)!
  }
})
