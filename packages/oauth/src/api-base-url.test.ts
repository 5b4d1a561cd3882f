import { expect, test } from 'vitest'
import { apiBaseUrl } from './api-base-url.ts'

test('fixed, without a trailing slash', () => {
  expect(apiBaseUrl({ api: { base_url: 'https://api.example' } })).toBe('https://api.example')
  expect(apiBaseUrl({ api: { base_url: 'https://api.example/v1/' } })).toBe('https://api.example/v1')
  expect(apiBaseUrl({})).toBeNull()
})

test('of a param', () => {
  const profile = { api: { base_url: 'https://{shop}.example.com/api' }, params: { shop: { label: 'Shop' } } }
  expect(apiBaseUrl(profile, { shop: 'acme' })).toBe('https://acme.example.com/api')
  expect(() => apiBaseUrl(profile)).toThrow(expect.objectContaining({ code: 'param_missing', param: 'shop' }))
})

test('of an origin that the provider told', () => {
  const profile = { api: { base_url: '{api_domain}' }, origins: { api_domain: ['.example.com'] } }
  expect(apiBaseUrl(profile, {}, { api_domain: 'https://acme.example.com' })).toBe('https://acme.example.com')
  for (const api_domain of [
    'https://evil.com',
    'http://acme.example.com',
    'https://acme.example.com@evil.com',
  ]) {
    expect(() => apiBaseUrl(profile, {}, { api_domain }), api_domain).toThrow(
      expect.objectContaining({ name: 'UrlError' }),
    )
  }
})
