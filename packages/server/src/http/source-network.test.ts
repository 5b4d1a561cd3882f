import { describe, expect, test } from 'vitest'
import { isFrom, isWithin, writeNetwork } from './source-network.ts'

test.each([
  ['203.0.113.7', '203.0.113.7/32'],
  ['203.0.113.7/24', '203.0.113.0/24'],
  ['10.1.2.3/15', '10.0.0.0/15'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:DB8:0::1/33', '2001:db8::/33'],
  ['::1', '::1/128'],
  ['::ffff:10.1.2.3/104', '10.0.0.0/8'],
  ['::ffff:10.1.2.3', '10.1.2.3/32'],
  ['::/0', '::/0'],
])('%s is kept as %s', (text, kept) => {
  expect(writeNetwork(text)).toBe(kept)
})

test.each([
  '',
  'localhost',
  '10.0.0/8',
  '127.1',
  '010.0.0.1',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  '10.0.0.0/8.0',
  '::1/129',
  'fe80::1%eth0',
  '10.0.0.0/255.0.0.0',
  ' 10.0.0.0/8',
])('%j is no network', (text) => {
  expect(writeNetwork(text)).toBeNull()
})

describe('where an address lies', () => {
  test.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/8', '::ffff:10.1.1.1', true],
    ['10.0.0.0/8', '::ffff:0b00:1', false],
    ['203.0.113.7/32', '203.0.113.7', true],
    ['203.0.113.7/32', '203.0.113.8', false],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['fe80::/10', 'fe80::1%eth0', true],
    // Not of one family, whatever their bits.
    ['0.0.0.0/0', '::1', false],
    ['::/0', '10.0.0.1', false],
    ['::/0', 'nonsense', false],
  ])('%s, %s: %s', (network, address, inside) => {
    expect(isFrom([network], address)).toBe(inside)
    expect(isFrom([], address)).toBe(false)
  })
})

test('a network lies in one that holds all of it', () => {
  expect(isWithin(['10.0.0.0/8', '192.0.2.0/24'], '10.4.0.0/16')).toBe(true)
  expect(isWithin(['10.0.0.0/8'], '10.0.0.0/8')).toBe(true)
  expect(isWithin(['10.0.0.0/8'], '10.0.0.0/7')).toBe(false)
  expect(isWithin(['10.0.0.0/8'], '0.0.0.0/0')).toBe(false)
  expect(isWithin(['10.0.0.0/9'], '10.128.0.0/9')).toBe(false)
})
