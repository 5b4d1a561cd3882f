/** Seeded randomness (mulberry32): the same seed, the same run. */
export type Dice = {
  /** From 0 up to 1. */
  next(): number
  chance(probability: number): boolean
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  pick<Item>(items: readonly Item[]): Item
  bytes(count: number): Uint8Array
}

export function createDice(seed: number): Dice {
  let state = (seed * 0x9e3779b1 + 0x7f4a7c15) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    chance: (probability) => next() < probability,
    between,
    pick: (items) => items[between(0, items.length - 1)]!,
    bytes(count) {
      const bytes = new Uint8Array(count)
      for (let index = 0; index < count; index++) bytes[index] = between(0, 255)
      return bytes
    },
  }
}
