import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { type Identity, type Recipient, Stanza } from 'age-encryption'

/** As age itself uses: about a second, and 256 MiB, for each passphrase that is tried. */
const usualFactor = 18
const highestFactor = 20

/**
 * A passphrase as a recipient and an identity of age files: the scrypt stanza of the format. The library's own computes in
 * JavaScript, which takes several seconds in which nothing else happens; this one by Node.js, beside everything else.
 * @see https://github.com/C2SP/C2SP/blob/main/age.md#the-scrypt-recipient-type
 */
export function passphraseKey(passphrase: string, factor = usualFactor): Recipient & Identity {
  return {
    async wrapFileKey(fileKey) {
      const salt = randomBytes(16)
      const cipher = createCipheriv('chacha20-poly1305', await derive(passphrase, salt, factor), noNonce, tag)
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
      return [new Stanza(['scrypt', toText(salt), String(factor)], body)]
    },
    async unwrapFileKey(stanzas) {
      const [stanza] = stanzas
      if (!stanza || stanzas.length !== 1 || stanza.args[0] !== 'scrypt') return null
      const [, salt = '', factor = ''] = stanza.args
      // The file says how much work it is: not any amount.
      if (!/^[1-9]\d?$/.test(factor) || Number(factor) > highestFactor || stanza.body.length !== 32)
        return null
      const key = await derive(passphrase, Buffer.from(salt, 'base64'), Number(factor))
      const decipher = createDecipheriv('chacha20-poly1305', key, noNonce, tag)
      decipher.setAuthTag(stanza.body.subarray(16))
      const fileKey = decipher.update(stanza.body.subarray(0, 16))
      try {
        decipher.final()
        return new Uint8Array(fileKey)
      } catch {
        return null
      }
    },
  }
}

/** The key is used once: it comes of a salt of its own. */
const noNonce = new Uint8Array(12)
const tag = { authTagLength: 16 }

const scryptAsync = promisify<string, Uint8Array, number, object, Buffer>(scrypt)

function derive(passphrase: string, salt: Uint8Array, factor: number): Promise<Buffer> {
  const N = 2 ** factor
  const labelled = Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), salt])
  return scryptAsync(passphrase, labelled, 32, { N, r: 8, p: 1, maxmem: 2 * 128 * 8 * N })
}

/** Base64 without padding, as the format's stanzas have it. */
const toText = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')
