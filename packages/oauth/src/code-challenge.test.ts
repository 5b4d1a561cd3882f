import { expect, test } from 'vitest'
import { encodeBase64Url } from './base64url.ts'
import { codeChallenge, codeVerifier } from './code-challenge.ts'
import { Secret } from './secret.ts'

// RFC 7636 Appendix B.
const octets = Uint8Array.of(
  116,
  24,
  223,
  180,
  151,
  153,
  224,
  37,
  79,
  250,
  96,
  125,
  216,
  173,
  187,
  186,
  22,
  212,
  37,
  77,
  105,
  214,
  191,
  240,
  91,
  88,
  5,
  88,
  83,
  132,
  141,
  121,
)

test('RFC 7636 Appendix B', async () => {
  const verifier = codeVerifier(octets)
  expect(verifier.expose()).toBe('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
  expect(await codeChallenge(verifier)).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
})

test.each(['', 'short', 'a'.repeat(42), 'a'.repeat(129), `${'a'.repeat(43)} `, `${'a'.repeat(43)}ü`])(
  'a verifier outside §4.1 is refused: %j',
  async (text) => {
    await expect(codeChallenge(new Secret(text))).rejects.toMatchObject({ code: 'invalid_code_verifier' })
  },
)

test('too little randomness is refused', () => {
  expect(() => codeVerifier(octets.slice(1))).toThrow('32 random bytes')
})

test('base64url (RFC 4648 §5)', () => {
  expect(encodeBase64Url(Uint8Array.of(0xfb, 0xff, 0xfe))).toBe('-__-')
  expect(encodeBase64Url(Uint8Array.of(0))).toBe('AA')
  expect(encodeBase64Url(new Uint8Array())).toBe('')
})
