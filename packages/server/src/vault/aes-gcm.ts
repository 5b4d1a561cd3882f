import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'

export const NONCE_BYTES = 12
export const TAG_BYTES = 16

/** AES-256-GCM (NIST SP 800-38D): nonce ‖ ciphertext ‖ tag. Under one key, no nonce may come twice. */
export function encrypt(key: KeyObject, nonce: Uint8Array, plain: Uint8Array, context: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(context)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** The plain bytes, or null where the bytes, the key or the context are not those of the encryption. */
export function decrypt(key: KeyObject, sealed: Uint8Array, context: Uint8Array): Buffer | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(context)
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES))
  try {
    // GCM gives everything in update; final only says whether it was authentic.
    decipher.final()
    return plain
  } catch {
    plain.fill(0)
    return null
  }
}
