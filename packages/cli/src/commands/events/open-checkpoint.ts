import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'

/** What a checkpoint says: at that time the workspace's chain went to event `seq`, which had this hash. */
export type Checkpoint = { workspace_id: string; seq: number; hash: string; at: string }

/** Whose signatures are believed, by their thumbprints (RFC 7638). */
export type Keys = ReadonlyMap<string, KeyObject>

/** @returns what it says, or what is wrong with it: its signature is not good, or is of none of the keys */
export function openCheckpoint(jws: string, keys: Keys): Checkpoint | string {
  const [head = '', body = '', signature = '', ...more] = jws.split('.')
  const header = parse(head) as { alg?: unknown; kid?: unknown } | null
  if (header?.alg !== 'EdDSA' || typeof header.kid !== 'string' || more.length > 0)
    return 'has a checkpoint that is none'
  const key = keys.get(header.kid)
  if (!key) return `has a checkpoint that is signed by none of the keys given, but by ${header.kid}`
  if (!verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
    return 'has a checkpoint with a forged signature'
  const says = parse(body) as Checkpoint | null
  const isOne =
    typeof says?.workspace_id === 'string' && Number.isSafeInteger(says.seq) && typeof says.hash === 'string'
  return isOne ? says : 'has a checkpoint that says nothing'
}

/** @param keys `x` of each, base64url (RFC 8037): 32 bytes */
export function toKeys(keys: readonly string[]): Keys {
  return new Map(
    keys.map((x) => {
      const kid = hash('sha256', JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }), 'base64url')
      return [kid, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })]
    }),
  )
}

function parse(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
