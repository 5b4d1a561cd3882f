import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { runDueRevocations } from '../../packages/server/src/connections/revocation-queue.ts'
import { consent, startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { addPlainIntegration, importTokens, mintTokens, passTime } from '../support/importing.ts'
import { openScene, type Scene, secretOf } from './scene.ts'

// Whoever may edit integrations must not come by what was given to the provider that was there before: the endpoints are
// moved to another server, with a client secret that is made up.
eachDatabase('endpoints that move', (open) => {
  let scene: Scene
  beforeAll(async () => {
    scene = await openScene(open.url)
  })
  afterAll(() => scene?.grantry.close())
  beforeEach(() => scene.grantry.sandbox!.control.clearFaults())

  const elsewhere = () => scene.grantry.sandbox!.generic['plain-exchange']!
  const reached = () => scene.grantry.sandbox!.control.calls({ provider: 'plain-exchange' })
  const patch = (id: string, fields: Record<string, unknown>) =>
    scene.grantry.call('PATCH', `/api/v1/integrations/${id}`, {
      client_secret: 'made-up',
      validate: false,
      ...fields,
    })
  const moved = () => ({
    authorization_url: elsewhere().authorization_url,
    token_url: elsewhere().token_url,
    revocation_url: elsewhere().revocation!.url,
  })

  test('while a token waits to be revoked: refused, and the token goes nowhere else', async () => {
    const { id } = await addPlainIntegration(scene.grantry)
    const connection = await importTokens(scene.grantry, id, await mintTokens(scene.grantry), {
      expiresIn: 3600,
    })
    expect((await patch(id, {})).status).toBe(200)
    const ended = await scene.grantry.call('DELETE', `/api/v1/connections/${connection.id}`)
    expect(ended.body.data.revoked_upstream).toBe('pending')
    expect(await patch(id, moved())).toMatchObject({ status: 409, body: { code: 'has_connections' } })
    const { client_secret } = scene.grantry.sandbox!.generic.plain!
    expect((await patch(id, { client_secret })).status).toBe(200)
    const queue = async () => {
      passTime(scene.grantry, 60)
      await runDueRevocations(scene.grantry.ctx)
      return scene.grantry.ctx.db.selectFrom('revocations').selectAll().execute()
    }
    await expect.poll(queue).toEqual([])
    expect(reached()).toEqual([])
    expect((await patch(id, moved())).status).toBe(200)
  })

  test('while a code waits for the person: the session fails, and the code goes nowhere else', async () => {
    const { id } = await addPlainIntegration(scene.grantry)
    const session = await startSession(scene.grantry, { integration: id, end_user: { id: 'u1' } })
    const page = await scene.browse(await consent(scene.grantry, session.connect_url))
    expect((await patch(id, moved())).status).toBe(200)
    const answer = await scene.confirm(secretOf(page))
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(reached()).toEqual([])
    const { body } = await scene.grantry.call('GET', `/api/v1/connect-sessions/${session.id}`)
    expect(body.data).toMatchObject({ status: 'failed', error: 'conflict', connection_id: null })
  })

  test('while the exchange is under way: nothing is connected to the new endpoints', async () => {
    const { id } = await addPlainIntegration(scene.grantry)
    const session = await startSession(scene.grantry, { integration: id, end_user: { id: 'u1' } })
    const page = await scene.browse(await consent(scene.grantry, session.connect_url))
    const { control } = scene.grantry.sandbox!
    control.fault({ fault: 'hold', endpoint: 'token', provider: 'plain', after: true })
    const confirming = scene.confirm(secretOf(page))
    await expect.poll(() => control.held()).toBe(1)
    expect((await patch(id, moved())).status).toBe(200)
    control.release()
    expect((await confirming).status).toBe(409)
    const { body } = await scene.grantry.call('GET', `/api/v1/connections?integration=${id}`)
    expect(body.data).toEqual([])
    expect(reached()).toEqual([])
  })

  test('two changes at once: one of them is refused, and nothing is put back', async () => {
    const { id } = await addPlainIntegration(scene.grantry)
    const { control } = scene.grantry.sandbox!
    control.fault({ fault: 'hold', endpoint: 'token', provider: 'plain' })
    // Read before the move, written after it.
    const { client_secret } = scene.grantry.sandbox!.generic.plain!
    const slow = patch(id, { label: 'Slow', client_secret, validate: true })
    await expect.poll(() => control.held()).toBe(1)
    expect((await patch(id, moved())).status).toBe(200)
    control.release()
    expect(await slow).toMatchObject({ status: 409, body: { code: 'conflict' } })
    const { body } = await scene.grantry.call('GET', `/api/v1/integrations/${id}`)
    expect(body.data).toMatchObject({ label: 'Plain', token_url: elsewhere().token_url })
  })
})
