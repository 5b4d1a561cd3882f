import { expect, test } from 'vitest'
import { nextPage } from './next-page.ts'

const ours = 'https://connect.example.com'

test.each([
  ['/', '/'],
  ['/oauth/authorize?client_id=x&state=%2F%2Fevil', '/oauth/authorize?client_id=x&state=%2F%2Fevil'],
  ['/a/../b', '/b'],
  ['/console#part', '/console'],
  ['/a//b', '/a//b'],
  ['/@evil.example', '/@evil.example'],
])('%s is a page of ours', (next, page) => {
  expect(nextPage(ours, next)).toBe(page)
})

test.each([
  null,
  undefined,
  '',
  'console',
  'https://evil.example/',
  `${ours}/console`,
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/ /evil.example',
  '/\n/evil.example',
  '/\r\nSet-Cookie:x=1',
  '/.//evil.example',
  '/a/..//evil.example',
  '/%2e%2e//evil.example',
  '/./\\evil.example',
  'javascript:alert(1)',
  '/\u0000',
  '/ü',
  '/\u2028',
  `/${'a'.repeat(5000)}`,
  '//',
  '/\\/',
])('%j is not: home it is', (next) => {
  expect(nextPage(ours, next)).toBe('/')
})

test.each([
  ['/%5Cevil.example', '/%5Cevil.example'],
  ['/%09/evil.example', '/%09/evil.example'],
  ['/%2F/evil.example', '/%2F/evil.example'],
])('%s stays encoded, so it stays here', (next, page) => {
  expect(nextPage(ours, next)).toBe(page)
  expect(new URL(page, ours).origin).toBe(ours)
})
