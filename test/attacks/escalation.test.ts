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
})
