import type { webcrypto } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { ProviderError } from './errors.ts'
import { Secret } from './secret.ts'
import { verifyIdToken } from './verify-id-token.ts'

const issuer = 'https://issuer.example/tenant'
const jwks_uri = `${issuer}/keys`
const now = Date.UTC(2031, 4, 5, 12)
const seconds = now / 1000

type Pair = webcrypto.CryptoKeyPair
let ours: Pair
let theirs: Pair
let elliptic: Pair

const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
}
beforeAll(async () => {
  ours = (await crypto.subtle.generateKey(rsa, true, ['sign', 'verify'])) as Pair
  theirs = (await crypto.subtle.generateKey(rsa, true, ['sign', 'verify'])) as Pair
  elliptic = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])) as Pair
})

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const good = {
  iss: issuer,
  aud: 'client',
  sub: 'person',
  nonce: 'nonce',
  iat: seconds - 5,
  exp: seconds + 300,
}

async function sign(claims: object, header: object = {}, key: Pair = ours): Promise<string> {
  const text = `${encode({ alg: 'RS256', kid: 'one', ...header })}.${encode(claims)}`
  const algorithm = key === elliptic ? { name: 'ECDSA', hash: 'SHA-256' } : 'RSASSA-PKCS1-v1_5'
  const signature = await crypto.subtle.sign(algorithm, key.privateKey, Buffer.from(text))
  return `${text}.${Buffer.from(signature).toString('base64url')}`
}

async function verify(token: string, more: object = {}, keys?: object) {
  const asked: string[] = []
  const jwks = keys ?? {
    keys: [
      { ...(await crypto.subtle.exportKey('jwk', ours.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' },
      { ...(await crypto.subtle.exportKey('jwk', elliptic.publicKey)), kid: 'two', alg: 'ES256', use: 'sig' },
    ],
  }
  const claims = await verifyIdToken(
    async (url, init) => {
      asked.push(`${init.method} ${url} ${init.redirect}`)
      return Response.json(jwks)
    },
    new Secret(token),
    { issuer, jwks_uri, client_id: 'client', nonce: 'nonce', now, ...more },
  )
  return { claims, asked }
}

const refused = async (token: string | Promise<string>, more: object = {}, keys?: object) => {
  const error = await verify(await token, more, keys).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ProviderError)
  return (error as ProviderError).facts
}

test('a good one tells who it is; the keys are asked for by the given fetch', async () => {
  const token = await sign({ ...good, auth_time: seconds - 60, email: 'a@b.c', name: 'Ada' })
  expect(await verify(token)).toEqual({
    claims: { subject: 'person', authenticated_at: now - 60_000, email: 'a@b.c', name: 'Ada' },
    asked: [`GET ${jwks_uri} manual`],
  })
  expect((await verify(await sign({ ...good, aud: ['client'] }))).claims).toEqual({
    subject: 'person',
    authenticated_at: null,
    email: null,
    name: null,
  })
})

test('several audiences, with ours as the authorized party', async () => {
  expect(
    (await verify(await sign({ ...good, aud: ['client', 'other'], azp: 'client' }))).claims.subject,
  ).toBe('person')
})

test('an algorithm that the issuer names; RS256 where it names none', async () => {
  const token = await sign(good, { alg: 'ES256', kid: 'two' }, elliptic)
  expect((await verify(token, { algorithms: ['RS256', 'ES256'] })).claims.subject).toBe('person')
  expect((await refused(token)).error).toBe('id_token_invalid')
  expect((await refused(await sign(good), { algorithms: ['ES256'] })).error).toBe('id_token_invalid')
})

test.each<[string, object]>([
  ['another issuer', { iss: 'https://issuer.example/other' }],
  ['an issuer with a slash more', { iss: `${issuer}/` }],
  ['no issuer', { iss: undefined }],
  ['another audience', { aud: 'other' }],
  ['others only', { aud: ['other', 'another'] }],
  ['several audiences, another party', { aud: ['client', 'other'], azp: 'other' }],
  ['several audiences, no party', { aud: ['client', 'other'] }],
  ['another nonce', { nonce: 'other' }],
  ['no nonce', { nonce: undefined }],
  ['expired', { exp: seconds - 61 }],
  ['no expiry', { exp: undefined }],
  ['issued in the future', { iat: seconds + 61 }],
  ['not yet valid', { nbf: seconds + 61 }],
  ['authenticated in the future', { auth_time: seconds + 61 }],
  ['authenticated at a text', { auth_time: 'now' }],
  ['no subject', { sub: undefined }],
  ['an empty subject', { sub: '' }],
  ['a subject that is a number', { sub: 5 }],
  ['a subject with a line end', { sub: 'a\nb' }],
  ['a subject of 256', { sub: 'x'.repeat(256) }],
])('%s: refused', async (_what, claims) => {
  expect((await refused(sign({ ...good, ...claims }))).error).toBe('id_token_invalid')
})

test('clocks may be a minute apart', async () => {
  await verify(
    await sign({ ...good, exp: seconds - 59, iat: seconds + 59, nbf: seconds + 59, auth_time: seconds + 59 }),
  )
})

test('unsigned, signed by somebody else, changed, signed with the public key as a secret: refused', async () => {
  const bad = [
    `${encode({ alg: 'none' })}.${encode(good)}.`,
    `${encode({ alg: 'RS256', kid: 'one' })}.${encode(good)}.`,
    await sign(good, {}, theirs),
    await sign(good, { kid: 'unknown' }),
    (await sign(good)).replace(/\.[^.]+\./, `.${encode({ ...good, sub: 'admin' })}.`),
    await sign(good, { alg: 'HS256' }),
    'x.y.z',
    'nonsense',
  ]
  for (const token of bad)
    for (const more of [{}, { algorithms: ['RS256', 'none', 'HS256'] }])
      expect((await refused(token, more)).kind, token.slice(0, 40)).toBe('malformed')
})

test('keys that cannot be had or used', async () => {
  const token = await sign(good)
  expect((await refused(token, {}, [])).error).toBe('keys_unusable')
  expect((await refused(token, {}, { keys: [] })).error).toBe('id_token_invalid')
  const cut = await verifyIdToken(
    async () => {
      throw Object.assign(new Error('no'), { code: 'egress_refused_address', sent: false })
    },
    new Secret(token),
    { issuer, jwks_uri, client_id: 'client', nonce: 'nonce', now },
  ).catch((error: ProviderError) => error.facts)
  expect(cut).toMatchObject({ kind: 'transport', error: 'egress_refused_address', sent: false })
  const moved = await verifyIdToken(
    async () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
    new Secret(token),
    { issuer, jwks_uri, client_id: 'client', nonce: 'nonce', now },
  ).catch((error: ProviderError) => error.facts)
  expect(moved).toMatchObject({ error: 'keys_unusable' })
})
