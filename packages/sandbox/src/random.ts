import { createHash, randomBytes } from 'node:crypto'

/** A source of random bytes. */
export type Random = (bytes: number) => Uint8Array

/** The operating system's randomness. */
export const systemRandom: Random = (bytes) => randomBytes(bytes)

/**
 * The same bytes for the same seed: SHA-256 over the seed and a counter. For tests and simulations only.
 * @example startSandbox({ random: seededRandom('run 7') })
 */
export const seededRandom = (seed: string): Random => {
  let counter = 0
  let rest = Buffer.alloc(0)
  return (bytes) => {
    while (rest.length < bytes) {
      const block = createHash('sha256').update(`${seed}/${counter}`).digest()
      counter += 1
      rest = Buffer.concat([rest, block])
    }
    const taken = rest.subarray(0, bytes)
    rest = rest.subarray(bytes)
    return taken
  }
}

export const randomHex = (random: Random, bytes: number): string => Buffer.from(random(bytes)).toString('hex')

export const randomBase64url = (random: Random, bytes: number): string =>
  Buffer.from(random(bytes)).toString('base64url')
