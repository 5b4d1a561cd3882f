import { expect, test } from 'vitest'
import { isAllowed, parseEgressAllow } from './allow.ts'

test('reads hosts and addresses, for all workspaces or for one', () => {
  expect(
    parseEgressAllow(' localhost:9000, ws_abc234@LDAP.corp.internal:443,[0:0::1]:8080 ,10.0.0.5:1,'),
  ).toEqual([
    { workspace: null, host: 'localhost', port: 9000 },
    { workspace: 'ws_abc234', host: 'ldap.corp.internal', port: 443 },
    { workspace: null, host: '::1', port: 8080 },
    { workspace: null, host: '10.0.0.5', port: 1 },
  ])
  expect(parseEgressAllow('')).toEqual([])
})

test.each([
  'localhost',
  'localhost:0',
  'localhost:65536',
  'localhost:http',
  'https://localhost:1',
  'localhost:1/path',
  '*.example.com:443',
  '10.0.0.0/8:443',
  'acme@localhost:1',
  'ws_@localhost:1',
  '@localhost:1',
  '::1:80',
  '[::1',
  '[zz]:80',
  'a b:80',
  '1.2.3.400:80',
])('names the item that is wrong: %s', (item) => {
  expect(() => parseEgressAllow(`localhost:1,${item}`)).toThrow(`"${item}"`)
})

test.each([
  '169.254.169.254:80',
  '2852039166:80',
  'ws_a@[fd00:ec2::254]:80',
  '[::ffff:169.254.169.254]:80',
  'metadata.google.internal:80',
])('refuses cloud metadata: %s', (item) => {
  expect(() => parseEgressAllow(item)).toThrow(`"${item}" is a cloud metadata address`)
})

test('a rule opens its own host, port and workspace only', () => {
  const rules = parseEgressAllow('localhost:1,ws_a@localhost:2')
  expect(isAllowed(rules, 'ws_b', 'localhost', 1)).toBe(true)
  expect(isAllowed(rules, 'ws_a', 'localhost', 2)).toBe(true)
  expect(isAllowed(rules, 'ws_b', 'localhost', 2)).toBe(false)
  expect(isAllowed(rules, 'ws_a', 'localhost', 3)).toBe(false)
  expect(isAllowed(rules, 'ws_a', '127.0.0.1', 1)).toBe(false)
})
