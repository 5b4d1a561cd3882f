import { afterAll, beforeAll, expect, test } from 'vitest'
import { routeTokens, type TokenRouter, uuidOf } from '../../../../test/support/access-tokens.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration, importTokens } from '../../../../test/support/importing.ts'
import type { MemberFacts } from './account.ts'

eachDatabase('who a credential is', (open) => {
  const ada: MemberFacts = {
    id: '018f0000-0000-7000-8000-0000000000aa',
    email: 'ada@example.com',
    name: null,
    role: 'developer',
    created_at: Date.UTC(2026, 0, 2),
  }
  let grantry: TestGrantry
  let router: TokenRouter
  let workspace: string

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    workspace = (await grantry.call('GET', '/api/v1/workspace')).body.data.id
    router = await routeTokens(grantry, {
      readMember: async (of, id) => (of === uuidOf('ws', workspace) && id === ada.id ? ada : null),
    })
  })
  afterAll(async () => {
    await router?.app.close()
    await grantry?.close()
  })

  const ask = async (token: string, path = '/v1/pacific/account.get') =>
    (await router.call('GET', path, token)).body

  test('the member on whose behalf an app acts', async () => {
    const body = await ask(router.issue(workspace, { member: ada.id, scopes: new Set(['account:read']) }))
    expect(body.user).toEqual({
      id: ada.id,
      email: 'ada@example.com',
      name: null,
      registered_at: '2026-01-02T00:00:00.000Z',
      subscription_status: 'none',
    })
    expect(body.space).toMatchObject({ role: 'developer', permissions: ['account:read'] })
  })

  test('nobody, where the member has left', async () => {
    const gone = router.issue(workspace, { member: '018f0000-0000-7000-8000-0000000000bb' })
    expect(await ask(gone)).toMatchObject({ user: null, space: { role: null } })
    expect(await ask(router.issue(workspace))).toMatchObject({ user: null, space: { role: null } })
  })

  test('an end user by what their newest connection says, since their first', async () => {
    const { id: integration } = await addPlainIntegration(grantry)
    const of = (email: string, display_name: string, more = {}) =>
      importTokens(
        grantry,
        integration,
        { access_token: email },
        { end_user: { id: 'u1', email, display_name }, ...more },
      )
    const first = await of('old@example.com', 'Old')
    await of('new@example.com', 'New')
    const token = router.issue(workspace, { endUser: 'u1', member: ada.id })
    expect(await ask(token)).toMatchObject({
      user: { id: 'u1', email: 'new@example.com', name: 'New', registered_at: first.created_at },
      // Whatever else the token says, an end user is no member.
      space: { role: null },
    })
    expect((await ask(token, '/api/v1/account')).data.user).toMatchObject({ id: 'u1', name: 'New' })
    const stranger = router.issue(workspace, { endUser: 'u2' })
    expect((await ask(stranger)).user).toEqual({
      id: 'u2',
      email: null,
      name: null,
      registered_at: null,
      subscription_status: 'none',
    })
  })

  test('an API key that a member’s key makes is that member’s too', async () => {
    const make = async (key: string) => {
      const scopes = ['admin']
      const answer = await router.call('POST', '/api/v1/api-keys', key, { name: 'made', scopes })
      expect(answer.status, answer.text).toBe(201)
      return answer.body.data.secret as string
    }
    const first = await make(grantry.apiKey)
    expect((await ask(first)).user).toBeNull()
    await grantry.ctx.db
      .updateTable('api_keys')
      .set({ created_by: ada.id })
      .where('name', '=', 'made')
      .execute()
    // What is kept of a key ends with a change of its workspace.
    await grantry.call('PATCH', '/api/v1/workspace', { name: 'default' })
    const second = await make(first)
    expect((await ask(second)).user).toMatchObject({ id: ada.id })
    expect((await ask(second, '/api/v1/account')).data).toMatchObject({
      credential: { kind: 'api_key', id: expect.stringMatching(/^key_/) },
      user: { id: expect.stringMatching(/^mem_/) },
      workspace: { role: 'developer' },
    })
  })
})
