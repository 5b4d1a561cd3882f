import { createHash, randomUUID, type webcrypto } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { createTestClock } from '../../../../test/support/grantry.ts'
import { ApiError } from '../errors.ts'
import { checkPresentation, pruneProofs } from './dpop-proof.ts'
import type { Presented } from './principal.ts'

type Keys = { privateKey: webcrypto.CryptoKey; jwk: JWK; privateJwk: JWK; thumbprint: string }

async function makeKeys(algorithm: string): Promise<Keys> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(publicKey)
  return {
    privateKey,
    jwk,
    privateJwk: await exportJWK(privateKey),
    thumbprint: await calculateJwkThumbprint(jwk),
  }
}

eachDatabase('DPoP proofs', (open) => {
  const token = 'gat_a-token'
  const url = 'https://connect.example.com/api/v1/account'
  const clock = createTestClock()
  let keys: Keys
  let others: Keys
  let ctx: Parameters<typeof checkPresentation>[0]

  beforeAll(async () => {
    keys = await makeKeys('ES256')
    others = await makeKeys('ES256')
    ctx = { db: await open(), clock }
  })

  type Changes = {
    claims?: Record<string, unknown>
    header?: Record<string, unknown>
    key?: webcrypto.CryptoKey
    age?: number
  }
  const makeProof = ({ claims = {}, header = {}, key = keys.privateKey, age = 0 }: Changes = {}) =>
    new SignJWT({
      jti: randomUUID(),
      htm: 'GET',
      htu: url,
      iat: Math.floor(clock.now() / 1000) - age,
      ath: createHash('sha256').update(token).digest('base64url'),
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: keys.jwk, ...header })
      .sign(key)

  const present = (
    proof: string | null,
    more: Partial<Presented> = {},
    thumbprint: string | null = keys.thumbprint,
  ) =>
    checkPresentation(ctx, thumbprint, token, {
      scheme: 'dpop',
      proof,
      method: 'GET',
      from: '127.0.0.1',
      url,
      ...more,
    })

  async function refusal(attempt: Promise<void>): Promise<string> {
    const error = await attempt.then(
      () => 'nothing was refused',
      (reason: unknown) => reason,
    )
    if (!(error instanceof ApiError)) throw error
    expect([error.code, error.challenge?.scheme]).toEqual(['unauthenticated', 'DPoP'])
    expect(error.message).not.toContain(token)
    return `${error.challenge!.error}: ${error.message}`
  }

  test('a good proof is taken, once', async () => {
    const proof = await makeProof()
    await present(proof)
    expect(await refusal(present(proof))).toMatch(/invalid_dpop_proof: .*been used/)
    await present(await makeProof())
  })

  test('of 20 that come at once with one proof, one is let in', async () => {
    const proof = await makeProof()
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => present(proof)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('the same jti of another key is another proof', async () => {
    const claims = { jti: 'the-same' }
    await present(await makeProof({ claims }))
    const header = { jwk: others.jwk }
    await present(await makeProof({ claims, header, key: others.privateKey }), {}, others.thumbprint)
  })

  test.each(['ES384', 'Ed25519', 'EdDSA', 'PS256', 'RS256'])('%s signs too', async (alg) => {
    const { privateKey, jwk, thumbprint } = await makeKeys(alg)
    await present(await makeProof({ header: { alg, jwk }, key: privateKey }), {}, thumbprint)
  })

  test.each([
    ['query and fragment of htu do not count', { htu: `${url}?a=1#b` }],
    ['nor does how it is written', { htu: 'HTTPS://Connect.Example.com:443/api/v1/x/../account' }],
  ])('%s', async (_, claims) => present(await makeProof({ claims })))

  const minute = 60
  test.each<[string, () => Promise<string> | string, RegExp]>([
    ['another method', () => makeProof({ claims: { htm: 'POST' } }), /htm/],
    ['the method in small letters', () => makeProof({ claims: { htm: 'get' } }), /htm/],
    ['no method', () => makeProof({ claims: { htm: undefined } }), /htm/],
    ['another path', () => makeProof({ claims: { htu: `${url}/x` } }), /htu/],
    ['another host', () => makeProof({ claims: { htu: url.replace('connect.', 'c.') } }), /htu/],
    ['plain http', () => makeProof({ claims: { htu: url.replace('https', 'http') } }), /htu/],
    ['user info in its URL', () => makeProof({ claims: { htu: url.replace('//', '//a@') } }), /htu/],
    ['a URL that is none', () => makeProof({ claims: { htu: '/api/v1/account' } }), /htu/],
    ['another token', () => makeProof({ claims: { ath: 'x' } }), /ath/],
    ['no token', () => makeProof({ claims: { ath: undefined } }), /ath/],
    ['no jti', () => makeProof({ claims: { jti: undefined } }), /jti/],
    ['an empty jti', () => makeProof({ claims: { jti: '' } }), /jti/],
    ['a jti that is a number', () => makeProof({ claims: { jti: 7 } }), /jti/],
    ['a long jti', () => makeProof({ claims: { jti: 'j'.repeat(257) } }), /jti/],
    ['an old one', () => makeProof({ age: minute + 2 }), /iat/],
    ['one of the future', () => makeProof({ age: -minute - 2 }), /iat/],
    ['no iat', () => makeProof({ claims: { iat: undefined } }), /iat/],
    [
      'one that has expired',
      () => makeProof({ claims: { exp: Math.floor(clock.now() / 1000) - 90 } }),
      /JWT/,
    ],
    ['another type', () => makeProof({ header: { typ: 'JWT' } }), /JWT/],
    ['no type', () => makeProof({ header: { typ: undefined } }), /JWT/],
    ['no key', () => makeProof({ header: { jwk: undefined } }), /JWT/],
    ['a private key in it', () => makeProof({ header: { jwk: keys.privateJwk } }), /JWT/],
    ['a signature of another key', () => makeProof({ key: others.privateKey }), /JWT/],
    [
      'another key than the token’s',
      () => makeProof({ key: others.privateKey, header: { jwk: others.jwk } }),
      /another key/,
    ],
    ['no signature', () => new UnsecuredJWT({ jti: 'x' }).encode(), /JWT/],
    [
      'a shared secret for a key',
      () =>
        new SignJWT({ jti: 'x' })
          .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk: { kty: 'oct', k: 'c2VjcmV0' } as JWK })
          .sign(Buffer.from('secret'.padEnd(32))),
      /JWT/,
    ],
    ['no JWT', () => 'nonsense', /JWT/],
  ])('%s is refused', async (_, make, why) => {
    const rows = () => ctx.db.selectFrom('dpop_proofs').selectAll().execute()
    const before = (await rows()).length
    expect(await refusal(present(await make()))).toMatch(why)
    expect((await rows()).length).toBe(before)
  })

  test('a short RSA key is refused', async () => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(
      {
        name: 'RSASSA-PKCS1-v1_5',
        modulusLength: 1024,
        publicExponent: new Uint8Array([1, 0, 1]),
        hash: 'SHA-256',
      },
      true,
      ['sign', 'verify'],
    )
    const jwk = await exportJWK(publicKey)
    const input = [
      { alg: 'RS256', typ: 'dpop+jwt', jwk },
      {
        jti: 'short',
        htm: 'GET',
        htu: url,
        iat: Math.floor(clock.now() / 1000),
        ath: createHash('sha256').update(token).digest('base64url'),
      },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, Buffer.from(input))
    const proof = `${input}.${Buffer.from(signature).toString('base64url')}`
    expect(await refusal(present(proof, {}, await calculateJwkThumbprint(jwk)))).toMatch(/JWT/)
  })

  test('a bound token is no bearer token, and a bearer token needs no proof', async () => {
    const proof = await makeProof()
    expect(await refusal(present(proof, { scheme: 'bearer' }))).toMatch(/invalid_token: .*bound to a key/)
    expect(await refusal(present(null))).toMatch(/invalid_dpop_proof: A DPoP header/)
    await present(null, { scheme: 'bearer' }, null)
    await expect(present(proof, {}, null)).rejects.toThrow(/bound to no key/)
  })

  test('is forgotten only once it is too old to be taken', async () => {
    const proof = await makeProof({ age: -minute + 1 })
    await present(proof)
    clock.advance(minute)
    await pruneProofs(ctx)
    expect(await refusal(present(proof))).toMatch(/been used/)
    clock.advance(2 * minute)
    await pruneProofs(ctx)
    expect(await ctx.db.selectFrom('dpop_proofs').selectAll().execute()).toEqual([])
  })
})
