import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createRandomPool } from './random-pool.ts'

/** Counts instead of throwing dice, so that a byte given twice shows. */
function counting() {
  let next = 0
  const asked: number[] = []
  const source = (bytes: number) => {
    asked.push(bytes)
    return Uint8Array.from({ length: bytes }, () => 1 + (next++ % 251))
  }
  return { source, asked }
}

test('gives each byte once, in pieces of the wanted length', () => {
  const { source, asked } = counting()
  const random = createRandomPool(source)
  const pieces = Array.from({ length: 5000 }, (_each, index) => random(1 + (index % 64)))
  expect(pieces.map(({ length }) => length)).toEqual(pieces.map((_each, index) => 1 + (index % 64)))
  // What is left of a page that is too short for the next piece is not used.
  const pages = asked.length
  expect(pages).toBeLessThan(50)
  const first = pieces.slice(0, 64).flatMap((piece) => [...piece])
  expect(first).toEqual(Array.from({ length: first.length }, (_each, index) => 1 + (index % 251)))
})

test('what was given is neither changed by later pieces nor kept in the pool', () => {
  const pages: Buffer[] = []
  const random = createRandomPool((bytes) => {
    pages.push(Buffer.alloc(bytes, 7))
    return pages.at(-1)!
  })
  const key = random(32)
  random(32)
  expect([...key]).toEqual(Array(32).fill(7))
  expect(pages[0]!.slice(0, 64).every((byte) => byte === 0)).toBe(true)
  key.fill(0)
  expect([...random(4)]).toEqual([7, 7, 7, 7])
})

test('fetches long pieces directly', () => {
  const { source, asked } = counting()
  expect(createRandomPool(source)(1000)).toHaveLength(1000)
  expect(asked).toEqual([1000])
})

test('pieces of real random bytes are not alike', () => {
  const random = createRandomPool(randomBytes)
  const pieces = Array.from({ length: 2000 }, () => Buffer.from(random(10)).toString('hex'))
  expect(new Set(pieces).size).toBe(2000)
})
