import { afterAll, beforeAll, expect, test } from 'vitest'
import { scopes } from '../../packages/api/src/scopes.ts'
import { startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { expectRepelled, openScene, type Scene } from './scene.ts'

eachDatabase('a credential does no more than it may', (open) => {
  let scene: Scene
  beforeAll(async () => {
    scene = await openScene(open.url)
  })
  afterAll(() => scene?.grantry.close())

  const call = (method: string, path: string, body?: unknown, key?: string) =>
    scene.grantry.call(method, `/api/v1${path}`, body, key === undefined ? {} : { key })
  async function makeKey(fields: Record<string, unknown>) {
    const made = await call('POST', '/api-keys', { name: 'k', ...fields })
    expect(made.status, made.text).toBe(201)
    return made.body.data as { id: string; secret: string }
  }

  test('where a browser may come without a credential, one that is too weak is refused all the same', async () => {
    const weak = await makeKey({ scopes: scopes.filter((scope) => scope !== 'connections:write') })
    const minted = await call('POST', '/end-user-tokens', {
      end_user: { id: 'u1' },
      scopes: ['connections:read', 'tokens:read'],
    })
    const session = await startSession(scene.grantry, { provider: 'gmail', end_user: { id: 'u1' } })
    for (const key of [
      weak.secret,
      minted.body.data.token,
      session.connect_token,
      scene.grantry.operatorKey,
    ]) {
      const start = () => call('GET', '/credentials/auth/gmail', undefined, key)
      expect(await expectRepelled(scene, start)).toMatchObject({
        status: 403,
        body: { code: 'insufficient_scope', detail: 'This needs the scope connections:write.' },
      })
    }
    expect((await call('GET', '/credentials/auth/gmail')).status).toBe(302)
  })

  test('rotating a key is no way to one that may do more', async () => {
    const strong = await makeKey({ scopes: ['tokens:read', 'connections:read'] })
    const weak = await makeKey({ scopes: ['admin'] })
    const before = await scene.grantry.ctx.db.selectFrom('api_key_secrets').selectAll().execute()
    const taken = await call('POST', `/api-keys/${strong.id}/rotate`, {}, weak.secret)
    expect(taken).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
    expect(taken.text).not.toContain('gk_')
    expect(await scene.grantry.ctx.db.selectFrom('api_key_secrets').selectAll().execute()).toEqual(before)
    // Its own, and whatever does no more than it does.
    expect((await call('POST', `/api-keys/${weak.id}/rotate`, {}, weak.secret)).status).toBe(200)
    expect((await call('POST', `/api-keys/${strong.id}/rotate`, {})).status).toBe(200)
    // Ending a key gives nobody its powers.
    expect((await call('DELETE', `/api-keys/${strong.id}`, undefined, weak.secret)).status).toBe(200)
  })
})
