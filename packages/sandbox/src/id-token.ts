import { createSign, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

/** Signs id_tokens by RS256. The key is made at first use: it costs more than all the rest of the start. */
export type Signer = {
  sign(claims: Record<string, unknown>): Promise<string>
  jwks(): Promise<{ keys: Record<string, unknown>[] }>
}

const KEY_ID = 'sandbox-1'
const makeKeyPair = promisify(generateKeyPair)

export const createSigner = (): Signer => {
  let pair: Promise<{ publicKey: KeyObject; privateKey: KeyObject }> | undefined
  const keys = () => {
    pair ??= makeKeyPair('rsa', { modulusLength: 2048 })
    return pair
  }
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return {
    sign: async (claims) => {
      const { privateKey } = await keys()
      const input = `${part({ alg: 'RS256', kid: KEY_ID, typ: 'JWT' })}.${part(claims)}`
      return `${input}.${createSign('RSA-SHA256').update(input).sign(privateKey, 'base64url')}`
    },
    jwks: async () => {
      const { publicKey } = await keys()
      return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' }] }
    },
  }
}
