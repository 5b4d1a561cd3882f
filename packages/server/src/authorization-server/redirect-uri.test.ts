import { describe, expect, test } from 'vitest'
import { isNativeRedirect, judgeRedirectUri } from './redirect-uri.ts'

describe('a redirect URI', () => {
  test.each([
    'https://app.example.com',
    'https://app.example.com/',
    'https://app.example.com/callback?tenant=7',
    'https://app.example.com:8443/a/b.c',
    'https://xn--bcher-kva.example/cb',
    'https://[2001:db8::1]/cb',
    'http://127.0.0.1:3334/oauth/callback',
    'http://localhost/cb',
  ])('%s is good for a web app', (uri) => {
    expect(judgeRedirectUri(uri, 'web')).toBeNull()
  })

  test.each([
    'https://app.example.com/claimed',
    'http://127.0.0.1/',
    'http://[::1]:8080/cb',
    'http://localhost:33418',
    'com.example.app:/oauth2redirect',
    'com.example.app://callback',
    'cursor://anysphere.cursor-mcp/oauth/callback',
    'vscode://vendor.extension/cb',
  ])('%s is good for a native app', (uri) => {
    expect(judgeRedirectUri(uri, 'native')).toBeNull()
  })

  test.each([
    ['', /ASCII/],
    ['/callback', /absolute/],
    ['//app.example.com/cb', /absolute/],
    ['https://', /absolute/],
    ['https:app.example.com/cb', /as browsers read/],
    ['https:///app.example.com/cb', /as browsers read/],
    ['https:/\\app.example.com/cb', /backslashes/],
    ['https://app.example.com/cb#top', /fragment/],
    ['https://app.example.com/cb#', /fragment/],
    ['https://user@app.example.com/cb', /user/],
    ['https://user:pass@app.example.com/cb', /user/],
    ['https://@app.example.com/cb', /user/],
    ['https://app.example.com@evil.example/cb', /user/],
    ['https://*.example.com/cb', /wildcards/],
    ['https://app.example.com/*', /wildcards/],
    ['https://APP.example.com/cb', /as browsers read/],
    ['HTTPS://app.example.com/cb', /as browsers read/],
    ['https://app.example.com:443/cb', /as browsers read/],
    ['https://app.example.com/a/../cb', /as browsers read/],
    ['https://app.example.com/a/%2e%2e/cb', /as browsers read/],
    ['https://app.example.com/c b', /ASCII/],
    ['https://app.example.com/c\tb', /ASCII/],
    ['https://app.example.com/cb\r\nX: y', /ASCII/],
    ['https://app.example.com/\u202ecb', /ASCII/],
    ['https://b\u00fccher.example/cb', /ASCII/],
    [`https://app.example.com/${'a'.repeat(2048)}`, /at most/],
    ['http://app.example.com/cb', /must use https/],
    ['http://127.0.0.1.evil.example/cb', /must use https/],
    ['http://localhost.evil.example/cb', /must use https/],
    ['http://127.1/cb', /as browsers read/],
    ['http://2130706433/cb', /as browsers read/],
    ['http://0.0.0.0/cb', /must use https/],
    ['http://[::]/cb', /must use https/],
    ['javascript:alert(1)', /scheme javascript/],
    ['JavaScript:alert(1)', /scheme javascript/],
    ['javascript://app.example.com/%0aalert(1)', /scheme javascript/],
    ['data:text/html,x', /scheme data/],
    ['vbscript:x', /scheme vbscript/],
    ['file:///etc/passwd', /scheme file/],
    ['blob:https://app.example.com/x', /scheme blob/],
    ['about:blank', /scheme about/],
    ['ftp://app.example.com/cb', /scheme ftp/],
    ['urn:ietf:wg:oauth:2.0:oob', /reversed|scheme of its own/],
    ['myapp://callback', /reversed|scheme of its own/],
    ['intent://x', /reversed|scheme of its own/],
  ])('%s is refused for any app', (uri, why) => {
    expect(judgeRedirectUri(uri, 'web')).toMatch(why)
    expect(judgeRedirectUri(uri, 'native')).toMatch(why)
  })

  test('that a web app may not have, a native one may, and the other way round', () => {
    expect(judgeRedirectUri('com.example.app:/cb', 'web')).toMatch(/native/)
    expect(judgeRedirectUri('cursor://x/cb', 'web')).toMatch(/native/)
    expect(judgeRedirectUri('http://[::1]/cb', 'web')).toMatch(/127\.0\.0\.1/)
    expect(judgeRedirectUri('https://localhost/cb', 'native')).toMatch(/http for this computer/)
    expect(judgeRedirectUri('https://localhost/cb', 'web')).toBeNull()
  })

  test('shows whether the app runs on its person’s device', () => {
    for (const uri of ['http://127.0.0.1:1/', 'http://localhost/', 'com.example.app:/', 'cursor://x'])
      expect(isNativeRedirect(uri), uri).toBe(true)
    for (const uri of ['https://localhost/', 'https://app.example/', 'http://app.example/', 'no uri'])
      expect(isNativeRedirect(uri), uri).toBe(false)
  })
})
