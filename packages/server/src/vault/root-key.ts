import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { Secret } from '@grantry/oauth'
import { decrypt, encrypt, NONCE_BYTES } from './aes-gcm.ts'
import { contextBytes } from './context-bytes.ts'
import { VaultError } from './errors.ts'

export const KEY_BYTES = 32

/** Wraps data keys. Asynchronous because the key may be in a KMS, which does not give it out. */
export type RootKey = {
  /** Tells keys apart and says nothing about them. */
  id: string
  wrap(plain: Uint8Array, purpose: readonly string[]): Promise<Uint8Array>
  /** Null when this key did not wrap these bytes for this purpose. */
  unwrap(wrapped: Uint8Array, purpose: readonly string[]): Promise<Uint8Array | null>
}

/** @param source how the operator knows the key, for messages: a variable's name or a file's path */
export function localRootKey(text: Secret, source: string, random: (bytes: number) => Uint8Array): RootKey {
  const bytes = readKey(text.expose(), source)
  // The root key itself encrypts nothing: the wrapping key and the public id are derived apart (RFC 5869).
  const key = createSecretKey(derived(bytes, 'grantry root key: wrapping', KEY_BYTES))
  const id = derived(bytes, 'grantry root key: id', 8).toString('hex')
  bytes.fill(0)
  return { id, ...wrapping(key, random) }
}

function wrapping(key: KeyObject, random: (bytes: number) => Uint8Array): Pick<RootKey, 'wrap' | 'unwrap'> {
  const context = (purpose: readonly string[]) => contextBytes('grantry wrapped key 1', ...purpose)
  return {
    wrap: async (plain, purpose) => encrypt(key, random(NONCE_BYTES), plain, context(purpose)),
    unwrap: async (wrapped, purpose) => decrypt(key, wrapped, context(purpose)),
  }
}

function derived(bytes: Buffer, info: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', bytes, '', info, length))
}

function readKey(text: string, source: string): Buffer {
  const refuse = (what: string): never => {
    throw new VaultError('root_key_invalid', `${source} ${what}. Make one with: openssl rand -base64 32`)
  }
  const trimmed = text.trim()
  const bytes = Buffer.from(trimmed, 'base64')
  const isBase64 = bytes.toString('base64').replace(/=+$/, '') === trimmed.replace(/=+$/, '')
  if (trimmed === '') return refuse('is empty; the root key is 32 random bytes in base64')
  if (!isBase64) return refuse('is not base64; the root key is 32 random bytes in base64')
  if (bytes.length !== KEY_BYTES)
    return refuse(`holds ${bytes.length} bytes in base64; the root key has exactly 32`)
  if (isWeak(bytes)) return refuse('is not random')
  return bytes
}

/** Equal or evenly counting bytes, or few different ones: 32 random bytes have fewer than 16 once in 10¹⁶ keys. */
function isWeak(bytes: Buffer): boolean {
  const step = (bytes[1]! - bytes[0]!) & 0xff
  const counts = bytes.every((byte, index) => index === 0 || ((byte - bytes[index - 1]!) & 0xff) === step)
  return counts || new Set(bytes).size < 16
}
