/** What an id names, by its prefix. */
export type IdKind =
  | 'ws'
  | 'int'
  | 'con'
  | 'att'
  | 'cs'
  | 'mcp'
  | 'key'
  | 'app'
  | 'cli'
  | 'gra'
  | 'irt'
  | 'whe'
  | 'evt'
  | 'bgl'
  | 'mem'
  | 'inv'
  | 'ses'
  | 'idp'
  | 'dk'

// Crockford's base32: sorts as the bytes do, so that ids made later sort later (UUIDv7).
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const values = new Map([...alphabet].map((letter, value) => [letter, value]))
/** 26 letters hold 130 bits, two more than a UUID has: they come first and are 0. */
const length = 26
const spareBits = 2
const hyphen = 0x2d
const nine = 0x39

/** `('con', UUID)` → `con_` and the base32 of the UUID's 128 bits. */
export function encodeId(kind: IdKind, uuid: string): string {
  let text = `${kind}_`
  let bits = 0
  let held = spareBits
  for (let i = 0; i < uuid.length; i++) {
    const code = uuid.charCodeAt(i)
    if (code === hyphen) continue
    // 0 to 9 end in 0 to 9, a to f and A to F in 1 to 6.
    bits = (bits << 4) | ((code & 0xf) + (code > nine ? 9 : 0))
    held += 4
    if (held < 5) continue
    held -= 5
    text += alphabet[bits >> held]
    bits &= (1 << held) - 1
  }
  return text
}

/** The UUID that `text` names as an id of this kind, or null for anything that is not exactly such an id. */
export function decodeId(kind: IdKind, text: string): string | null {
  const start = kind.length + 1
  if (!text.startsWith(`${kind}_`) || text.length !== start + length) return null
  let hex = ''
  let bits = 0
  let held = -spareBits
  for (let i = start; i < text.length; i++) {
    const value = values.get(text[i]!)
    if (value === undefined) return null
    bits = (bits << 5) | value
    held += 5
    if (i === start && bits >> held) return null
    while (held >= 4) {
      held -= 4
      hex += (bits >> held).toString(16)
      bits &= (1 << held) - 1
    }
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
