import { afterAll, beforeAll, expect, test } from 'vitest'
import { consent, startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import type { Answer } from '../support/grantry.ts'
import { codeOf, expectRepelled, openScene, returnTo, type Scene, secretOf } from './scene.ts'

eachDatabase('what works once', (open) => {
  let scene: Scene
  let people = 0
  beforeAll(async () => {
    scene = await openScene(open.url)
  })
  afterAll(() => scene?.grantry.close())

  /** A session for somebody new, and what their browser got when it came back. */
  async function cameBack(fields: Record<string, unknown> = {}) {
    const user = `u${++people}`
    const session = await startSession(scene.grantry, {
      integration: scene.gmail.id,
      end_user: { id: user },
      ...fields,
    })
    const back = await scene.browse(await consent(scene.grantry, session.connect_url))
    const connected = async () =>
      (await scene.grantry.call('GET', `/api/v1/connections?end_user=${user}`)).body.data
    const finish = (body: Record<string, unknown>, key?: string) =>
      scene.grantry.call(
        'POST',
        `/api/v1/connect-sessions/${session.id}/finish`,
        body,
        key === undefined ? {} : { key },
      )
    return { user, session, back, connected, finish }
  }

  async function oneOf(attempts: (() => Promise<Answer>)[]): Promise<Answer[]> {
    const exchanges = scene.exchanges()
    const answers = await Promise.all(attempts.map((attempt) => attempt()))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(attempts.length - 1).fill(409)])
    expect(scene.exchanges()).toBe(exchanges + 1)
    return answers
  }

  test('the confirm secret: in parallel one connects, later nothing', async () => {
    const { session, back, connected } = await cameBack()
    const secret = secretOf(back)
    await oneOf(Array.from({ length: 8 }, () => () => scene.confirm(secret)))
    expect(await connected()).toHaveLength(1)
    for (const decision of ['connect', 'cancel'] as const)
      await expectRepelled(scene, () => scene.confirm(secret, decision), [secret])
    expect((await scene.browse(session.connect_url)).status).toBe(410)
  })

  test('yes and no at once: one of them counts', async () => {
    const { back, connected } = await cameBack()
    const secret = secretOf(back)
    const answers = await Promise.all([scene.confirm(secret, 'connect'), scene.confirm(secret, 'cancel')])
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(1)
    expect(await connected()).toHaveLength(answers[0]!.status === 200 ? 1 : 0)
  })

  test('a confirm secret that is spoilt, missing, or another kind of credential', async () => {
    const { session, back } = await cameBack()
    const secret = secretOf(back)
    for (const wrong of [
      '',
      secret.slice(0, -1),
      `${secret}A`,
      secret.replace('gcf_', 'gfc_'),
      secret.replace(/.{4}$/, 'AAAA'),
      session.connect_token,
      session.start_token,
    ])
      await expectRepelled(scene, () => scene.confirm(wrong), [wrong])
    await expectRepelled(scene, () =>
      scene.grantry.call('GET', `/connect/confirm?secret=${secret}&decision=connect`, undefined, {
        key: null,
      }),
    )
    await expectRepelled(scene, () =>
      scene.grantry.call('POST', '/connect/confirm', { secret, decision: 'connect' }, { key: null }),
    )
    expect((await scene.confirm(secret)).status).toBe(200)
  })

  test('the confirm secret after the session has ended by time', async () => {
    const { back, connected } = await cameBack()
    scene.grantry.clock.advance(1801)
    const exchanges = scene.exchanges()
    const answer = await scene.confirm(secretOf(back))
    expect(answer.status).toBe(410)
    expect(scene.exchanges()).toBe(exchanges)
    expect(await connected()).toEqual([])
  })

  test('the confirm secret after the provider’s code has ended by time', async () => {
    const { back, connected, session } = await cameBack()
    scene.grantry.clock.advance(601)
    const exchanges = scene.exchanges()
    const answer = await scene.confirm(secretOf(back))
    expect(answer.status).toBe(410)
    expect(scene.exchanges()).toBe(exchanges)
    expect(await connected()).toEqual([])
    const { body } = await scene.grantry.call('GET', `/api/v1/connect-sessions/${session.id}`)
    expect(body.data).toMatchObject({ status: 'failed', error: 'expired' })
  })

  test('the finish code: in parallel one connects, by whichever credential, later nothing', async () => {
    const { user, session, back, connected, finish } = await cameBack({
      binding: 'finish',
      return_to: returnTo,
    })
    const code = codeOf(back)
    await oneOf([
      ...Array.from({ length: 4 }, () => () => finish({ code }, session.connect_token)),
      ...Array.from({ length: 4 }, () => () => finish({ code, end_user_id: user })),
    ])
    expect(await connected()).toHaveLength(1)
    for (const attempt of [
      () => finish({ code }, session.connect_token),
      () => finish({ code, end_user_id: user }),
    ]) {
      const answer = await expectRepelled(scene, attempt, [code])
      expect(answer.body.code).toBe('already_used')
    }
    expect((await scene.browse(session.connect_url)).status).toBe(410)
  })

  test('the finish code after thirty minutes', async () => {
    const { user, session, back, finish } = await cameBack({ binding: 'finish', return_to: returnTo })
    scene.grantry.clock.advance(1801)
    const code = codeOf(back)
    for (const attempt of [
      () => finish({ code }, session.connect_token),
      () => finish({ code, end_user_id: user }),
    ]) {
      const answer = await expectRepelled(scene, attempt, [code])
      expect(answer.body.code).toBe('expired')
    }
  })

  test('the finish code is not a confirm secret, and the browser gets no connection for it alone', async () => {
    const { back, connected } = await cameBack({ binding: 'finish', return_to: returnTo })
    const code = codeOf(back)
    await expectRepelled(scene, () => scene.confirm(code), [code])
    await expectRepelled(scene, () => scene.confirm(code.replace('gfc_', 'gcf_')), [code])
    await expectRepelled(scene, () => scene.browse(`/connect/${code.replace('gfc_', 'gst_')}`), [code])
    expect(await connected()).toEqual([])
  })

  test('a finish code that is spoilt, or of another session: told by its field, and the good one still works', async () => {
    const fields = { binding: 'finish', return_to: returnTo }
    const other = codeOf((await cameBack(fields)).back)
    const { user, back, finish } = await cameBack(fields)
    const code = codeOf(back)
    for (const wrong of ['x', code.slice(0, -1), code.replace(/.{4}$/, 'AAAA'), other]) {
      const attack = () => finish({ code: wrong, end_user_id: user })
      const answer = await expectRepelled(scene, attack, [wrong.length > 1 ? wrong : code])
      expect([answer.status, answer.body.errors]).toEqual([
        404,
        [{ path: 'code', message: 'is not the finish code of this session' }],
      ])
    }
    expect((await finish({ code, end_user_id: user })).status).toBe(200)
  })

  test('a connect token follows and ends its own session, no other of the workspace', async () => {
    const fields = { binding: 'finish', return_to: returnTo }
    const other = await cameBack(fields)
    const { session, back, finish } = await cameBack(fields)
    const code = codeOf(back)
    const follow = (key: string) =>
      scene.grantry.call('GET', `/api/v1/connect-sessions/${session.id}`, undefined, { key })
    for (const attack of [follow, (key: string) => finish({ code }, key)])
      expect((await expectRepelled(scene, () => attack(other.session.connect_token), [code])).status).toBe(
        404,
      )
    expect((await follow(session.connect_token)).body.data.status).toBe('awaiting_finish')
    expect((await finish({ code }, session.connect_token)).status).toBe(200)
  })

  test('the receipt of confirm: once, and for its own end user', async () => {
    const { user, session, back, finish } = await cameBack({ return_to: returnTo })
    const done = await scene.confirm(secretOf(back))
    expect(done.status).toBe(303)
    const code = codeOf(done)
    const other = await expectRepelled(scene, () => finish({ code, end_user_id: 'somebody-else' }), [code])
    expect(other.body.code).toBe('other_end_user')
    const finished = await finish({ code, end_user_id: user })
    expect(finished.status, finished.text).toBe(200)
    expect(finished.body.data.end_user.id).toBe(user)
    const again = await expectRepelled(scene, () => finish({ code }, session.connect_token), [code])
    expect(again.body.code).toBe('already_used')
  })
})
