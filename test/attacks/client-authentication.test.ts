import { createHmac } from 'node:crypto'
import * as jose from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../support/databases.ts'
import { addClient, type Client, obtain, token } from '../support/partner-app.ts'
import { openPartnerScene, type PartnerScene } from './partner-scene.ts'

const bearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

eachDatabase('a client that is to prove who it is', (open) => {
  let scene: PartnerScene
  let confidential: Client
  beforeAll(async () => {
    scene = await openPartnerScene(open.url)
    confidential = await addClient(scene.grantry, { method: 'client_secret_basic' })
  })
  afterAll(() => scene?.grantry.close())

  const send = async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const body = new URLSearchParams(fields)
    const answer = await fetch(`${scene.grantry.url}${path}`, { method: 'POST', body, headers })
    const text = await answer.text()
    return {
      status: answer.status,
      body: JSON.parse(text || '{}') as Record<string, unknown>,
      headers: answer.headers,
    }
  }
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  })

  test('with no secret, a wrong one, another’s, its hash, or in two ways at once', async () => {
    const { refresh_token } = await obtain(scene.grantry, confidential, scene.browser)
    const other = await addClient(scene.grantry, { method: 'client_secret_basic' })
    const [row] = await scene.grantry.ctx.db.selectFrom('oauth_client_secrets').selectAll().execute()
    const { id, secret } = confidential
    const refresh = { grant_type: 'refresh_token', refresh_token }
    const before = await scene.issued()
    const tries: [Record<string, string>, Record<string, string>][] = [
      [{}, {}],
      [{ client_id: id }, {}],
      [{}, basic(id, '')],
      [{}, basic(id, `${secret}x`)],
      [{}, basic(id, other.secret!)],
      [{}, basic(id, row!.hash)],
      [{}, basic(id, 'stored as a hash')],
      [{}, basic(id, scene.grantry.apiKey)],
      [{ client_id: id, client_secret: secret! }, basic(id, secret!)],
      [{ client_id: scene.client.id }, basic(id, secret!)],
      [{}, { authorization: `Bearer ${secret}` }],
    ]
    for (const path of ['/v1/oauth/token', '/oauth/introspect', '/oauth/revoke', '/oauth/par'])
      for (const [fields, headers] of tries) {
        const answer = await send(path, { ...refresh, token: refresh_token, ...fields }, headers)
        const told = JSON.stringify([path, fields, headers])
        expect([400, 401], told).toContain(answer.status)
        expect(['invalid_client', 'invalid_request'], told).toContain(answer.body.error)
        expect(JSON.stringify(answer.body), told).not.toContain(secret)
      }
    expect(await scene.issued()).toEqual(before)
    // RFC 6749 §5.2: whoever tried by the header is told of it there.
    const told = await send('/v1/oauth/token', refresh, basic(id, 'wrong'))
    expect([told.status, told.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Basic/),
    ])
    expect((await token(scene.grantry.url, confidential, refresh)).status).toBe(200)
  })

  test('by an assertion: its own key, this server, once; nothing without a signature (RFC 7523)', async () => {
    const { publicKey, privateKey } = await jose.generateKeyPair('ES256')
    const stranger = await jose.generateKeyPair('ES256')
    const jwk = { ...(await jose.exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid: 'k' }
    const client = await addClient(scene.grantry, {
      method: 'private_key_jwt',
      jwks: { keys: [jwk] },
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    })
    const now = Math.floor(scene.grantry.clock.now() / 1000)
    let made = 0
    const claims = (changes: Record<string, unknown> = {}) => ({
      iss: client.id,
      sub: client.id,
      aud: scene.grantry.url,
      jti: `jti-${made++}`,
      iat: now,
      exp: now + 60,
      ...changes,
    })
    const sign = (payload: Record<string, unknown>, key = privateKey) =>
      new jose.SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'k' }).sign(key)
    const ask = (client_assertion: string) =>
      send('/v1/oauth/token', {
        grant_type: 'client_credentials',
        client_assertion_type: bearer,
        client_assertion,
      })
    const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const hmac = (payload: object, secret: string) => {
      const signed = `${text({ alg: 'HS256' })}.${text(payload)}`
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
    }

    const good = await sign(claims())
    expect((await ask(good)).status).toBe(200)
    const before = await scene.issued()
    const bad = {
      'the same again': good,
      'alg none': `${text({ alg: 'none' })}.${text(claims())}.`,
      'alg None with a signature': `${text({ alg: 'None' })}.${text(claims())}.AAAA`,
      'a signature cut off': (await sign(claims())).replace(/\.[^.]+$/, '.'),
      'an HMAC with its public key': hmac(claims(), JSON.stringify(jwk)),
      'an HMAC with nothing': hmac(claims(), ''),
      'an HMAC with what stands for a secret': hmac(claims(), 'stored as a hash'),
      'somebody else’s key': await sign(claims(), stranger.privateKey),
      'for another server': await sign(claims({ aud: 'https://as.example' })),
      'of another client': await sign(claims({ iss: confidential.id, sub: confidential.id })),
      'by one client for another': await sign(claims({ sub: confidential.id })),
      expired: await sign(claims({ iat: now - 600, exp: now - 300 })),
      'without an end': await sign(claims({ exp: undefined })),
      'without an id': await sign(claims({ jti: undefined })),
    }
    for (const [what, assertion] of Object.entries(bad)) {
      const answer = await ask(assertion)
      expect([answer.status, answer.body.error], what).toEqual([401, 'invalid_client'])
    }
    expect(await scene.issued()).toEqual(before)
  })

  test('one whose secrets have all been taken away', async () => {
    const { refresh_token } = await obtain(scene.grantry, confidential, scene.browser)
    await scene.grantry.ctx.db.deleteFrom('oauth_client_secrets').execute()
    const refresh = { grant_type: 'refresh_token', refresh_token }
    const answer = await token(scene.grantry.url, confidential, refresh)
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client'])
  })
})
