import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { countedArgon2, createOwned, inviteAndJoin, signIn } from '../../../../test/support/members.ts'

type Joined = Awaited<ReturnType<typeof inviteAndJoin>>

eachDatabase('roles', (open) => {
  let grantry: TestGrantry
  let people = 0
  let owned: Awaited<ReturnType<typeof createOwned>>
  let owner: string
  let admin: Joined
  let developer: Joined
  let viewer: Joined
  const mail = (who: string) => `${who}${people}@example.com`

  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      sandbox: false,
      world: { background: false, argon2: countedArgon2().argon2 },
    })
  })
  afterAll(() => grantry?.close())
  beforeEach(async () => {
    people++
    owned = await createOwned(grantry, mail('owner'))
    owner = (await owned.browser.api('GET', '/session')).body.data.member.id
    const join = (role: string) => inviteAndJoin(grantry, owned.browser, { email: mail(role), role })
    ;[admin, developer, viewer] = [await join('admin'), await join('developer'), await join('viewer')]
  })

  test('what each may do over the API', async () => {
    const tries: [string, string, unknown, number[]][] = [
      // owner, admin, developer, viewer
      ['GET', '/workspace', undefined, [200, 200, 200, 200]],
      ['GET', '/connections', undefined, [200, 200, 200, 200]],
      ['GET', '/integrations', undefined, [200, 200, 200, 200]],
      ['GET', '/events', undefined, [200, 200, 200, 200]],
      ['GET', '/mcp-servers', undefined, [200, 200, 200, 200]],
      ['GET', '/token?provider=gmail', undefined, [404, 404, 404, 403]],
      ['POST', '/connect-sessions', { provider: 'gmail' }, [404, 404, 404, 403]],
      ['POST', '/apps', { name: 'a' }, [201, 201, 403, 403]],
      ['GET', '/members', undefined, [200, 200, 403, 403]],
      ['GET', '/api-keys', undefined, [200, 200, 403, 403]],
      ['POST', '/invitations', { email: 'x@example.com', role: 'viewer' }, [201, 201, 403, 403]],
      ['GET', '/identity-providers', undefined, [200, 200, 403, 403]],
      ['PATCH', '/workspace', { name: 'w' }, [200, 200, 403, 403]],
      ['POST', '/workspaces', { name: 'w' }, [401, 401, 401, 401]],
    ]
    const all = [owned.browser, admin.browser, developer.browser, viewer.browser]
    for (const [method, path, body, expected] of tries) {
      const statuses = []
      for (const browser of all) statuses.push((await browser.api(method, path, body)).status)
      expect(statuses, `${method} ${path}`).toEqual(expected)
    }
  })

  test('another role ends the sessions of its member, and counts from then on', async () => {
    const changed = await owned.browser.api('PATCH', `/members/${developer.id}`, {
      role: 'viewer',
      name: 'Dev',
    })
    expect(changed.body.data).toMatchObject({ id: developer.id, role: 'viewer', name: 'Dev' })
    expect((await developer.browser.api('GET', '/session')).status).toBe(401)
    await signIn(developer.browser, mail('developer'))
    expect((await developer.browser.api('GET', '/token?provider=gmail')).status).toBe(403)
    const { body } = await owned.browser.api('GET', '/events?type=member.role_changed')
    expect(body.data[0]).toMatchObject({
      actor: { kind: 'member', id: owner },
      data: { from: 'developer', to: 'viewer' },
    })
  })

  test('another name ends nothing', async () => {
    await owned.browser.api('PATCH', `/members/${developer.id}`, { name: 'Dev', role: 'developer' })
    expect((await developer.browser.api('GET', '/session')).body.data.member.name).toBe('Dev')
  })

  test('who is removed is out at once, and may be invited again', async () => {
    expect((await owned.browser.api('DELETE', `/members/${developer.id}`)).status).toBe(200)
    expect((await developer.browser.api('GET', '/session')).status).toBe(401)
    expect((await signIn(developer.browser, mail('developer'))).status).toBe(403)
    const { body } = await owned.browser.api('GET', '/events?type=session.ended')
    expect(body.data[0].data).toMatchObject({ member: expect.any(String), reason: 'member_removed' })
    const back = await inviteAndJoin(grantry, owned.browser, { email: mail('developer'), role: 'viewer' })
    expect(back.id).not.toBe(developer.id)
  })

  describe('only owners make, change and remove owners', () => {
    test.each(['admin', 'key'])('not an %s', async (who) => {
      const call = (method: string, path: string, body?: unknown) =>
        who === 'admin'
          ? admin.browser.api(method, path, body)
          : grantry.call(method, `/api/v1${path}`, body, { key: owned.key })
      for (const [method, path, body] of [
        ['POST', '/invitations', { email: 'x@example.com', role: 'owner' }],
        ['PATCH', `/members/${admin.id}`, { role: 'owner' }],
        ['PATCH', `/members/${owner}`, { role: 'viewer' }],
        ['PATCH', `/members/${owner}`, { name: 'x' }],
        ['DELETE', `/members/${owner}`, undefined],
      ] as const)
        expect((await call(method, path, body)).status, `${method} ${path}`).toBe(403)
      expect((await call('PATCH', `/members/${viewer.id}`, { role: 'developer' })).status).toBe(200)
      expect((await call('DELETE', `/members/${viewer.id}`)).status).toBe(200)
    })

    test('an owner does, and the last one stays', async () => {
      for (const [method, body] of [
        ['PATCH', { role: 'admin' }],
        ['DELETE', undefined],
      ] as const) {
        const refused = await owned.browser.api(method, `/members/${owner}`, body)
        expect([refused.status, refused.body.code]).toEqual([409, 'conflict'])
      }
      expect((await owned.browser.api('PATCH', `/members/${admin.id}`, { role: 'owner' })).status).toBe(200)
      expect((await owned.browser.api('PATCH', `/members/${owner}`, { role: 'viewer' })).status).toBe(200)
    })

    test('of two owners who remove each other at once, one stays', async () => {
      await owned.browser.api('PATCH', `/members/${admin.id}`, { role: 'owner' })
      await signIn(admin.browser, mail('admin'))
      await admin.browser.api('GET', '/session')
      const answers = await Promise.all([
        owned.browser.api('DELETE', `/members/${admin.id}`),
        admin.browser.api('DELETE', `/members/${owner}`),
      ])
      // The slower one is refused: as the last owner's remover, or as one who is removed.
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      const left = await grantry.call('GET', '/api/v1/members', undefined, { key: owned.key })
      expect(left.body.data.filter(({ role }: { role: string }) => role === 'owner')).toHaveLength(1)
    })
  })

  test("another workspace's members, invitations and providers are not there", async () => {
    const stranger = await createOwned(grantry, mail('stranger'))
    const { body } = await owned.browser.api('POST', '/invitations', { email: mail('x'), role: 'viewer' })
    for (const [method, path, more] of [
      ['PATCH', `/members/${viewer.id}`, { role: 'admin' }],
      ['DELETE', `/members/${viewer.id}`, undefined],
      ['DELETE', `/invitations/${body.data.id}`, undefined],
    ] as const)
      expect((await stranger.browser.api(method, path, more)).status).toBe(404)
    expect((await stranger.browser.api('GET', '/members')).body.data).toHaveLength(1)
    expect((await stranger.browser.api('GET', '/invitations')).body.data).toEqual([])
  })

  test('a key that is narrowed to one app has nothing to do with people', async () => {
    const app = (await owned.browser.api('POST', '/apps', { name: 'a' })).body.data.id
    const made = await owned.browser.api('POST', '/api-keys', { name: 'k', scopes: ['admin'], app_id: app })
    const key = made.body.data.secret
    for (const [method, path, body] of [
      ['GET', '/members', undefined],
      ['GET', '/invitations', undefined],
      ['POST', '/invitations', { email: 'x@example.com', role: 'viewer' }],
      ['GET', '/identity-providers', undefined],
    ] as const)
      expect((await grantry.call(method, `/api/v1${path}`, body, { key })).status).toBe(403)
    expect((await grantry.call('DELETE', `/api/v1/members/${viewer.id}`, undefined, { key })).status).toBe(
      404,
    )
  })
})
