import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eachDatabase } from '../support/databases.ts'
import {
  addClient,
  allow,
  authorizationUrl,
  type Client,
  obtain,
  token,
  verifier,
} from '../support/partner-app.ts'
import { openPartnerScene, type PartnerScene } from './partner-scene.ts'

eachDatabase('a token request', (open) => {
  let scene: PartnerScene
  beforeAll(async () => {
    scene = await openPartnerScene(open.url)
  })
  afterAll(() => scene?.grantry.close())

  const codeFor = async (client: Client = scene.client) => {
    const back = await allow(scene.browser, authorizationUrl(scene.grantry.url, client))
    return back.searchParams.get('code')!
  }
  const fieldsOf = (code: string) => ({
    grant_type: 'authorization_code',
    code,
    redirect_uri: scene.client.redirectUri,
    code_verifier: verifier,
  })
  const redeem = (code: string, changes: Record<string, string | undefined> = {}, client = scene.client) => {
    const all = Object.entries({ ...fieldsOf(code), ...changes })
    const said = all.filter((pair): pair is [string, string] => pair[1] !== undefined)
    return token(scene.grantry.url, client, Object.fromEntries(said))
  }
  const refused = (
    answer: { status: number; body: Record<string, unknown> },
    status: number,
    error: string,
  ) => {
    expect([answer.status, answer.body.error]).toEqual([status, error])
    expect(Object.keys(answer.body).filter((name) => !/^(error(_description)?|scope)$/.test(name))).toEqual(
      [],
    )
  }

  test.each([
    [
      'another verifier',
      { code_verifier: 'another-verifier-than-the-one-of-the-challenge' },
      'invalid_grant',
    ],
    ['no verifier', { code_verifier: undefined }, 'invalid_grant'],
    ['an empty verifier', { code_verifier: '' }, 'invalid_grant'],
    ['the challenge as verifier', { code_verifier: undefined, code_challenge: verifier }, 'invalid_grant'],
    ['a verifier that is too short', { code_verifier: verifier.slice(0, 42) }, 'invalid_request'],
    ['another redirect URI', { redirect_uri: 'https://attacker.example/callback' }, 'invalid_grant'],
    ['no redirect URI', { redirect_uri: undefined }, 'invalid_request'],
    ['no code', { code: undefined }, 'invalid_request'],
    ['a grant type that is not offered', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['a grant type that is not the client’s', { grant_type: 'client_credentials' }, 'unauthorized_client'],
    ['no grant type', { grant_type: undefined }, 'invalid_request'],
  ])('with %s', async (_what, changes, error) => {
    const code = await codeFor()
    const before = await scene.issued()
    refused(await redeem(code, changes), 400, error)
    expect(await scene.issued()).toEqual(before)
    // It was no proof that the code is out: whoever has the verifier can still come.
    expect((await redeem(code)).status).toBe(200)
  })

  test('by another client than the code was given to', async () => {
    const code = await codeFor()
    const thief = await addClient(scene.grantry)
    const before = await scene.issued()
    refused(await redeem(code, {}, thief), 400, 'invalid_grant')
    expect(await scene.issued()).toEqual(before)
    expect((await redeem(code)).status).toBe(200)
  })

  test('a code comes a second time: what it gave is taken back (RFC 6749 §4.1.2)', async () => {
    const code = await codeFor()
    const first = (await redeem(code)).body
    const refreshed = await token(scene.grantry.url, scene.client, {
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token,
    })
    const { access_token, refresh_token } = refreshed.body
    expect(await scene.status(access_token)).toBe(200)
    refused(await redeem(code), 400, 'invalid_grant')
    expect([await scene.status(first.access_token), await scene.status(access_token)]).toEqual([401, 401])
    const again = await token(scene.grantry.url, scene.client, { grant_type: 'refresh_token', refresh_token })
    refused(again, 400, 'invalid_grant')
  })

  test('ten bring a code at once: at most one gets tokens, and those die', async () => {
    const code = await codeFor()
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(code)))
    const given = answers.filter(({ status }) => status === 200)
    expect(given.length).toBeLessThanOrEqual(1)
    for (const answer of answers.filter(({ status }) => status !== 200)) refused(answer, 400, 'invalid_grant')
    for (const { body } of given) {
      expect(await scene.status(body.access_token)).toBe(401)
      const { refresh_token } = body
      const again = await token(scene.grantry.url, scene.client, {
        grant_type: 'refresh_token',
        refresh_token,
      })
      refused(again, 400, 'invalid_grant')
    }
  })

  test('a code that is older than a minute', async () => {
    const code = await codeFor()
    scene.grantry.clock.advance(61)
    const before = await scene.issued()
    refused(await redeem(code), 400, 'invalid_grant')
    expect(await scene.issued()).toEqual(before)
  })

  describe('that says something twice', () => {
    test.each(['code', 'grant_type', 'redirect_uri', 'code_verifier', 'client_id'])('%s', async (name) => {
      const code = await codeFor()
      const before = await scene.issued()
      const fields: Record<string, string> = { client_id: scene.client.id, ...fieldsOf(code) }
      const body = new URLSearchParams(fields)
      body.append(name, fields[name]!)
      const answer = await fetch(`${scene.grantry.url}/v1/oauth/token`, { method: 'POST', body })
      const { error } = (await answer.json()) as { error: string }
      expect([answer.status, error]).toEqual([400, 'invalid_request'])
      expect(await scene.issued()).toEqual(before)
    })

    test('a second grant type does not open the door that takes refreshing only', async () => {
      const code = await codeFor()
      const before = await scene.issued()
      const fields = { client_id: scene.client.id, ...fieldsOf(code), grant_type: 'refresh_token' }
      for (const second of ['authorization_code', 'refresh_token']) {
        const body = new URLSearchParams(fields)
        body.append('grant_type', second)
        const answer = await fetch(`${scene.grantry.url}/v1/oauth/refresh_token`, { method: 'POST', body })
        expect(answer.status).toBe(400)
      }
      expect(await scene.issued()).toEqual(before)
    })
  })

  test('in another form than the standard’s: not read', async () => {
    const code = await codeFor()
    const before = await scene.issued()
    const fields = { client_id: scene.client.id, ...fieldsOf(code) }
    const query = new URLSearchParams(fields).toString()
    for (const path of ['/v1/oauth/token', '/v1/oauth/refresh_token']) {
      const url = `${scene.grantry.url}${path}`
      const json = { 'content-type': 'application/json' }
      const answers = [
        await fetch(url, { method: 'POST', headers: json, body: JSON.stringify(fields) }),
        await fetch(`${url}?${query}`, { method: 'POST' }),
        await fetch(`${url}?${query}`),
        await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: query }),
      ]
      for (const answer of answers) expect([400, 404, 405, 415]).toContain(answer.status)
    }
    expect(await scene.issued()).toEqual(before)
  })

  test('a refresh that wants more than was allowed', async () => {
    const { refresh_token } = await obtain(scene.grantry, scene.client, scene.browser)
    const wider = { grant_type: 'refresh_token', refresh_token, scope: 'account:read connections:write' }
    const answer = await token(scene.grantry.url, scene.client, wider)
    refused(answer, 400, 'invalid_scope')
    const elsewhere = { grant_type: 'refresh_token', refresh_token, resource: 'https://elsewhere.example' }
    refused(await token(scene.grantry.url, scene.client, elsewhere), 400, 'invalid_target')
  })
})
