import { createHash } from 'node:crypto'
import type { Experiment } from '@grantry/api'

/**
 * Which variant of an experiment a workspace has: by the SHA-256 of both, so that it is the same in every process and
 * after every start, and no other experiment changes it. Changing variants or weights may.
 */
export function assignVariant(workspace: string, { key, variants, weights }: Experiment): string {
  const shares = weights ?? variants.map(() => 1)
  const whole = shares.reduce((sum, share) => sum + share, 0)
  // 48 bits are exact in a number, and finer than any share.
  const drawn = createHash('sha256').update(`${workspace}\n${key}`).digest().readUIntBE(0, 6) / 2 ** 48
  let left = drawn * whole
  const chosen = variants.find((_, i) => {
    left -= shares[i] ?? 0
    return left < 0
  })
  return chosen ?? variants.at(-1)!
}
