import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeId, encodeId } from './ids.ts'

test('an id is the 128 bits of its UUID in 26 letters', () => {
  expect(encodeId('con', '00000000-0000-0000-0000-000000000000')).toBe('con_00000000000000000000000000')
  expect(encodeId('con', 'ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe('con_7zzzzzzzzzzzzzzzzzzzzzzzzz')
  expect(encodeId('ws', '00000000-0000-7000-8000-000000000001')).toBe('ws_0000000000e008000000000001')
  expect(encodeId('int', '0190a5e2-9f3b-7c41-8d2e-5f60718293a4')).toBe('int_01j2jy57svfh0rtbjzc1rr54x4')
})

test('decoding an encoded UUID gives that UUID, and ids sort as their UUIDs do', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), (one, other) => {
      expect(decodeId('evt', encodeId('evt', one))).toBe(one)
      expect(encodeId('evt', one) < encodeId('evt', other)).toBe(one < other)
    }),
  )
})

test('anything else is no id of that kind', () => {
  const good = 'con_01j2jy57svfh0rtbjzc1rr54x4'
  expect(decodeId('con', good)).not.toBeNull()
  for (const text of [
    '',
    'con_',
    good.slice(0, -1),
    `${good}0`,
    good.toUpperCase(),
    good.replace('con', 'int'),
    // Letters that look like others are not in the alphabet.
    good.replace('j', 'l'),
    // 129 bits.
    'con_80000000000000000000000000',
    'con_zzzzzzzzzzzzzzzzzzzzzzzzzz',
    `${good.slice(0, -1)}é`,
    `${good.slice(0, -1)}\0`,
  ])
    expect(decodeId('con', text), text).toBeNull()
})
