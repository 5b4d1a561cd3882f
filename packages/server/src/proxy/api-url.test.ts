import { describe, expect, test } from 'vitest'
import { apiUrl, isBelow } from './api-url.ts'

const base = new URL('https://api.example/base/v1')

describe('below the base', () => {
  test.each([
    '/deals',
    '/deals/',
    '/',
    '/a//b',
    '/projects/group%2Fproject/repository',
    '/users/me@example.com',
    '/files/100%25',
    '/files/100%2525',
    '/sites/https%3A%2F%2Fexample.com%2F/rows',
    "/Products('x')",
    '/a/...',
    '/a/.hidden',
    '/a;v=1/b',
    '/%C3%BC',
    '/%FF',
    '/%C0/%FF%20x',
    '/100%25/%FF',
    '/a:b',
    '/~me/*/!$&+,=',
  ])('%s', (path) => {
    expect(apiUrl(base, path, '').href).toBe(`https://api.example/base/v1${path}`)
  })

  test('the query as it was written', () => {
    const query = 'a=1&a=2&b[]=x&empty=&flag&c=%2f&d=a+b|{}'
    expect(apiUrl(base, '/x', query).href).toBe(`https://api.example/base/v1/x?${query}`)
  })

  test('nothing asked for: the base as it was given, whatever it ends with', () => {
    expect(apiUrl(base, '', '').href).toBe('https://api.example/base/v1')
    expect(apiUrl(new URL('https://api.example'), '/x', '').href).toBe('https://api.example/x')
    expect(apiUrl(new URL('https://api.example/a/'), '/x', '').href).toBe('https://api.example/a/x')
  })
})

describe('refused', () => {
  test.each([
    ['no slash', 'deals'],
    ['a user and host', '@evil.example/'],
    ['a port', ':8080/'],
    ['a suffix of the host', '.evil.example/'],
    ['another host', '//evil.example/x'],
    ['more slashes', '///evil.example'],
    ['an absolute URL', 'https://evil.example/'],
    ['an absolute URL in the path', '/https://evil.example/'],
    ['a backslash', '/\\evil.example'],
    ['a backslash inside', '/a\\..\\b'],
    ['an encoded backslash', '/a%5C..%5Cb'],
    ['dots', '/../admin'],
    ['dots inside', '/a/../../admin'],
    ['one dot', '/./a'],
    ['dots at the end', '/a/..'],
    ['encoded dots', '/%2e%2e/admin'],
    ['half-encoded dots', '/.%2E/admin'],
    ['dots before an encoded slash', '/a/..%2Fadmin'],
    ['all of it encoded', '/a%2F%2e%2e%2F%2e%2e%2Fadmin'],
    ['twice encoded dots', '/%252e%252e/admin'],
    ['thrice encoded dots', '/%25252e%25252e/admin'],
    ['dots beside a byte that is no UTF-8', '/%FF/..%2F..%2Fadmin'],
    ['twice encoded dots beside a percent sign', '/100%25/..%252F..%252Fadmin'],
    ['a backslash beside a byte that is no UTF-8', '/%FF/..%5Cadmin'],
    ['dots in more bytes than they need', '/a/%C0%AE%C0%AE/admin'],
    ['a slash in more bytes than it needs', '/a/..%C0%AFadmin'],
    ['dots with a parameter', '/..;/admin'],
    ['dots with an encoded parameter', '/..%3Bx/admin'],
    ['a line break', '/a\r\nHost: evil'],
    ['an encoded line break', '/a%0d%0aHost:%20evil'],
    ['an encoded NUL', '/a%00'],
    ['a twice encoded NUL', '/a%2500'],
    ['a tab', '/a\tb'],
    ['an encoded delete', '/%7f'],
    ['a space', '/a b'],
    ['a fragment', '/a#b'],
    ['a query', '/a?b'],
    ['a broken escape', '/%zz'],
    ['half an escape', '/a%2'],
    ['letters past ASCII', '/ü'],
    ['without end', `/${'a'.repeat(8192)}`],
  ])('%s', (_what, path) => {
    expect(() => apiUrl(base, path, '')).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  test.each(['a#b', 'a b', 'a\r\nb', 'ü', 'a\u0000', 'a'.repeat(16_000)])('the query %j', (query) => {
    expect(() => apiUrl(base, '/x', query)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})

test('what is below', () => {
  const below = (url: string) => isBelow(base, new URL(url))
  expect(below('https://api.example/base/v1')).toBe(true)
  expect(below('https://api.example/base/v1/x')).toBe(true)
  expect(below('https://api.example/base/v11')).toBe(false)
  expect(below('https://api.example/base')).toBe(false)
  expect(below('https://api.example:444/base/v1/x')).toBe(false)
  expect(below('http://api.example/base/v1/x')).toBe(false)
})
