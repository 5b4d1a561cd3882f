import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UrlError } from './errors.ts'
import { fillUrl, placeholdersIn, resolveParams } from './fill-url.ts'

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof UrlError) return error.code
    throw error
  }
  return 'no error'
}

describe('a placeholder in the host', () => {
  test('takes a single label', () => {
    expect(fillUrl('https://{shop}.example.com/token', { shop: 'Acme-1' })).toBe(
      'https://acme-1.example.com/token',
    )
  })

  test.each([
    'evil.com',
    'evil.com/',
    'a/b',
    'a@b',
    'a:1',
    'a\\b',
    'a?b',
    'a#b',
    '-a',
    'a-',
    'a_b',
    'a b',
    'a\n',
    '\ta',
    '%61',
    '[::1]',
    'é',
    'a'.repeat(64),
    '..',
  ])('refuses %j', (shop) => {
    expect(codeOf(() => fillUrl('https://{shop}.example.com/', { shop }))).toBe('param_invalid')
  })

  test('never lets a value choose the host', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (shop) => {
        try {
          expect(new URL(fillUrl('https://{shop}.example.com/x', { shop })).hostname).toMatch(
            /^[^.]+\.example\.com$/,
          )
        } catch (error) {
          expect(error).toBeInstanceOf(UrlError)
        }
      }),
    )
  })
})

describe('a placeholder in the path', () => {
  test('takes one segment, percent-encoded', () => {
    expect(fillUrl('https://a.example/{tenant}/token', { tenant: 'a:ü' })).toBe(
      'https://a.example/a%3A%C3%BC/token',
    )
  })

  test.each(['..', '.', 'a/b', 'a\\b', 'a?b', 'a#b', '%2e%2e', 'a b', 'a\r\nb', '\0'])(
    'refuses %j',
    (tenant) => {
      expect(codeOf(() => fillUrl('https://a.example/{tenant}/token', { tenant }))).toBe('param_invalid')
    },
  )

  test('never lets a value leave its segment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (tenant) => {
        try {
          const url = new URL(fillUrl('https://a.example/v1/{tenant}/token', { tenant }))
          expect(url.pathname.split('/')).toHaveLength(4)
          expect(url.pathname).toMatch(/^\/v1\/[^/]+\/token$/)
          expect(url.search + url.hash).toBe('')
        } catch (error) {
          expect(error).toBeInstanceOf(UrlError)
        }
      }),
    )
  })
})

test('a placeholder in the query takes any value, encoded', () => {
  expect(fillUrl('https://a.example/t?x={x}', { x: 'a&b=c/../#' })).toBe(
    'https://a.example/t?x=a%26b%3Dc%2F..%2F%23',
  )
})

describe('a placeholder that opens the URL', () => {
  const origins = { api: ['.example.com', 'exact.example.org', '127.0.0.1:7010'] }
  const fill = (api: string) => fillUrl('{api}/v1', { api }, origins)

  test('is an origin of a declared host', () => {
    expect(fill('https://acme.example.com')).toBe('https://acme.example.com/v1')
    expect(fill('https://ACME.example.com/')).toBe('https://acme.example.com/v1')
    expect(fill('https://exact.example.org')).toBe('https://exact.example.org/v1')
    expect(fill('http://127.0.0.1:7010')).toBe('http://127.0.0.1:7010/v1')
  })

  test.each([
    ['https://evil.com', 'origin_not_allowed'],
    ['https://example.com', 'origin_not_allowed'],
    ['https://evilexample.com', 'origin_not_allowed'],
    ['https://acme.example.com.evil.com', 'origin_not_allowed'],
    ['https://sub.exact.example.org', 'origin_not_allowed'],
    ['https://acme.example.com:8443', 'origin_not_allowed'],
    ['http://127.0.0.1:7011', 'origin_not_allowed'],
    ['http://acme.example.com', 'url_invalid'],
    ['https://acme.example.com/path', 'param_invalid'],
    ['https://acme.example.com?x', 'param_invalid'],
    ['https://user@acme.example.com', 'param_invalid'],
    ['https://acme.example.com\\@evil.com', 'param_invalid'],
    ['https://acme.exam\tple.com', 'param_invalid'],
    [' https://acme.example.com', 'param_invalid'],
    ['//acme.example.com', 'param_invalid'],
    ['acme.example.com', 'param_invalid'],
    ['javascript:alert(1)', 'param_invalid'],
  ])('refuses %j', (api, code) => {
    expect(codeOf(() => fill(api))).toBe(code)
  })

  test('is refused where no host is declared', () => {
    expect(codeOf(() => fillUrl('{api}/v1', { api: 'https://acme.example.com' }))).toBe('origin_not_allowed')
  })

  test('cannot be continued by more of a host', () => {
    const params = { api: 'https://acme.example.com', x: 'x' }
    expect(codeOf(() => fillUrl('{api}.evil.com/v1', params, origins))).toBe('url_invalid')
    expect(codeOf(() => fillUrl('{api}{x}/v1', params, origins))).toBe('url_invalid')
  })
})

test('only https, and http for this machine', () => {
  expect(fillUrl('http://localhost:1/x')).toBe('http://localhost:1/x')
  expect(fillUrl('http://[::1]:1/x')).toBe('http://[::1]:1/x')
  for (const url of [
    'http://a.example',
    'http://127.0.0.1.evil.com',
    'http://localhost.evil.com',
    'ftp://a.example',
    'x',
  ]) {
    expect(
      codeOf(() => fillUrl(url)),
      url,
    ).toBe('url_invalid')
  }
  expect(codeOf(() => fillUrl('https://user:secret@a.example'))).toBe('url_invalid')
})

test('a misspelt placeholder is no URL', () => {
  for (const url of [
    'https://{a.example',
    'https://a.example/{1}',
    'https://a.example/{}',
    'https://a.example/{a b}',
  ]) {
    expect(
      codeOf(() => fillUrl(url, { a: 'a' })),
      url,
    ).toBe('url_invalid')
  }
})

test('a placeholder without a value says which', () => {
  expect(() => fillUrl('https://{shop}.example.com', {})).toThrow(
    expect.objectContaining({ code: 'param_missing', param: 'shop' }),
  )
  expect(codeOf(() => fillUrl('https://a.example/{constructor}', {}))).toBe('param_missing')
  expect(codeOf(() => fillUrl('https://{shop}.example.com', { shop: '' }))).toBe('param_missing')
})

test('params win over metadata, metadata over defaults', () => {
  const profile = {
    params: {
      a: { label: 'A', default: 'default' },
      b: { label: 'B', default: 'default' },
      c: { label: 'C' },
    },
  }
  expect({ ...resolveParams(profile, { a: 'param' }, { a: 'meta', b: 'meta' }) }).toEqual({
    a: 'param',
    b: 'meta',
  })
  expect(placeholdersIn('{a}/{b-c}{a}')).toEqual(['a', 'b-c', 'a'])
})
