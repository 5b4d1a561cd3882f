import { expect, test } from 'vitest'
import { assignVariant } from './assign-variant.ts'

/** UUIDs by number: the same in each run. */
const workspaces = Array.from(
  { length: 4000 },
  (_, n) => `018f0000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
)
const shares = (experiment: Parameters<typeof assignVariant>[1]) => {
  const counts: Record<string, number> = {}
  for (const workspace of workspaces) {
    const variant = assignVariant(workspace, experiment)
    counts[variant] = (counts[variant] ?? 0) + 1 / workspaces.length
  }
  return counts
}

test('is the same each time, and known from outside', () => {
  const experiment = { key: 'onboarding', variants: ['control', 'guided'] }
  expect(workspaces.slice(0, 8).map((workspace) => assignVariant(workspace, experiment))).toEqual(
    workspaces.slice(0, 8).map((workspace) => assignVariant(workspace, { ...experiment })),
  )
  // SHA-256 of "018f0000-0000-7000-8000-000000000000\nonboarding" begins with 44ff: 0.2695 of the whole.
  expect(assignVariant(workspaces[0]!, experiment)).toBe('control')
  expect(assignVariant(workspaces[0]!, { key: 'onboarding', variants: ['a', 'b', 'c', 'd'] })).toBe('b')
})

test('shares are equal, or as the weights say', () => {
  const equal = shares({ key: 'a', variants: ['x', 'y', 'z', 'w'] })
  for (const share of Object.values(equal)) expect(share).toBeCloseTo(0.25, 1)
  const weighted = shares({ key: 'b', variants: ['x', 'y', 'z'], weights: [1, 0, 9] })
  expect(weighted.x).toBeCloseTo(0.1, 1)
  expect(weighted.z).toBeCloseTo(0.9, 1)
  expect(weighted.y).toBeUndefined()
  expect(shares({ key: 'c', variants: ['x', 'y'], weights: [0, 1] })).toEqual({ y: expect.closeTo(1) })
})

test('one experiment says nothing of another', () => {
  const both = workspaces.filter(
    (workspace) =>
      assignVariant(workspace, { key: 'a', variants: ['x', 'y'] }) === 'x' &&
      assignVariant(workspace, { key: 'b', variants: ['x', 'y'] }) === 'x',
  )
  expect(both.length / workspaces.length).toBeCloseTo(0.25, 1)
})
