/** What an id names, by its prefix. */
export type IdKind = 'ws' | 'int' | 'con' | 'cs' | 'mcp' | 'key' | 'app' | 'cli' | 'whe' | 'evt'

// Crockford's base32: sorts as the bytes do, so that ids made later sort later (UUIDv7).
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const values = new Map([...alphabet].map((letter, value) => [letter, BigInt(value)]))
const length = 26

/** `('con', UUID)` → `con_` and the base32 of the UUID's 128 bits. */
export function encodeId(kind: IdKind, uuid: string): string {
  let bits = BigInt(`0x${uuid.replaceAll('-', '')}`)
  let text = ''
  for (let i = 0; i < length; i++) {
    text = alphabet[Number(bits & 31n)] + text
    bits >>= 5n
  }
  return `${kind}_${text}`
}

/** The UUID that `text` names as an id of this kind, or null for anything that is not exactly such an id. */
export function decodeId(kind: IdKind, text: string): string | null {
  const prefix = `${kind}_`
  if (!text.startsWith(prefix) || text.length !== prefix.length + length) return null
  let bits = 0n
  for (const letter of text.slice(prefix.length)) {
    const value = values.get(letter)
    if (value === undefined) return null
    bits = (bits << 5n) | value
  }
  if (bits >> 128n) return null
  const hex = bits.toString(16).padStart(32, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
