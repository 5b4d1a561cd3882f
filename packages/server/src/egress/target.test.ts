import { expect, test } from 'vitest'
import { isLocalName, parseTarget } from './target.ts'

test('takes an ordinary URL apart and leaves the fragment behind', () => {
  expect(parseTarget('HTTPS://Provider.Example:8443/token?a=%20#secret')).toEqual({
    origin: 'https://provider.example:8443',
    secure: true,
    host: 'provider.example',
    isAddress: false,
    port: 8443,
    path: '/token?a=%20',
  })
  expect(parseTarget('https://xn--mnchen-3ya.example')).toMatchObject({ port: 443, path: '/' })
})

test.each([
  ['https://0x7f.1/', '127.0.0.1'],
  ['https://2130706433/', '127.0.0.1'],
  ['https://0177.0.0.1/', '127.0.0.1'],
  ['https://127.1/', '127.0.0.1'],
  ['https://127.0.0.1./', '127.0.0.1'],
  ['https://%31%32%37.0.0.1/', '127.0.0.1'],
  ['https://①②⑦.0.0.1/', '127.0.0.1'],
  ['https://[::FFFF:7f00:1]/', '::ffff:7f00:1'],
])('sees through %s', (url, host) => {
  expect(parseTarget(url)).toMatchObject({ host, isAddress: true })
})

test.each([
  '',
  'provider.example/token',
  '//provider.example/token',
  'ftp://provider.example/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/plain,x',
  'ws://provider.example/',
  'https://user@provider.example/',
  'https://user:pass@provider.example/',
  'https://:@provider.example/',
  'https://@provider.example/',
  'https://provider.example\\@evil.example/',
  'https:\\\\provider.example\\',
  'https://provider.example/\u0000',
  'https://provider.example/a\nb',
  'https://provi\tder.example/',
  ' https://provider.example/',
  'https://provider.example./',
  'https://provider..example/',
  'https://.provider.example/',
  'https://-provider.example/',
  'https://provider-.example/',
  'https://pro!vider.example/',
  `https://${'a'.repeat(64)}.example/`,
  `https://${'a.'.repeat(130)}example/`,
  'https://provider.example:0/',
  'https://provider.example:99999/',
  'https://[::1%25lo]/',
  'https://[fe80::1%eth0]/',
  'https://1.2.3.4.5/',
  'https:///',
  'https:///provider.example/',
  'https:/provider.example/',
  'https:provider.example/',
  'https:/user@provider.example/',
  'https:///user@provider.example/',
  `https://provider.example/${'a'.repeat(20_000)}`,
])('refuses %j', (url) => {
  expect(() => parseTarget(url)).toThrow(expect.objectContaining({ code: 'egress_bad_url', sent: false }))
})

test.each(['localhost', 'a.localhost', 'intranet', 'db.internal', 'printer.local', 'nas.home.arpa'])(
  '%s is a local name',
  (host) => expect(isLocalName(host)).toBe(true),
)
test.each([
  'provider.example',
  'internal.example',
  'local.example',
  'notlocal.example',
  'mylocalhost.example',
])('%s is not', (host) => expect(isLocalName(host)).toBe(false))
