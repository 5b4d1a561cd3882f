import { expect, test } from 'vitest'
import { chooseTarget, isPlain } from './choose.ts'
import type { Profiles } from './file.ts'

const file: Profiles = {
  current: 'prod',
  profiles: {
    prod: { url: 'https://prod.example', api_key: 'prod-key' },
    stage: {
      url: 'https://stage.example',
      login: { access_token: 'a', refresh_token: 'r', expires_at: 0 },
    },
    bare: { url: 'https://bare.example' },
  },
}
const none: Profiles = { current: null, profiles: {} }
const choose = (flags: object, env: Record<string, string> = {}, profiles = file) => {
  const { url, credential } = chooseTarget(profiles, env, flags)
  return [url, credential?.kind === 'api_key' ? credential.key : (credential?.profile ?? null)]
}

test.each([
  ['the profile in use', {}, {}, ['https://prod.example', 'prod-key']],
  ['a named one', { profile: 'stage' }, {}, ['https://stage.example', 'stage']],
  ['one that the environment names', {}, { GRANTRY_PROFILE: 'stage' }, ['https://stage.example', 'stage']],
  [
    'a flag above the environment',
    { profile: 'prod' },
    { GRANTRY_PROFILE: 'stage' },
    ['https://prod.example', 'prod-key'],
  ],
  ['a key of the environment above the file', {}, { GRANTRY_API_KEY: 'k' }, ['https://prod.example', 'k']],
  [
    'a named one as a whole',
    { profile: 'prod' },
    { GRANTRY_URL: 'https://e.example', GRANTRY_API_KEY: 'k' },
    ['https://prod.example', 'prod-key'],
  ],
  [
    'a key of the environment for a named one without',
    { profile: 'bare' },
    { GRANTRY_API_KEY: 'k' },
    ['https://bare.example', 'k'],
  ],
  [
    'the environment alone',
    {},
    { GRANTRY_URL: 'https://e.example', GRANTRY_API_KEY: 'k' },
    ['https://e.example', 'k'],
  ],
  ['an address with a slash', { url: 'https://prod.example/' }, {}, ['https://prod.example', 'prod-key']],
])('%s', (_what, flags, env, expected) => {
  expect(choose(flags, env)).toEqual(expected)
})

test.each([
  ['by a flag', { url: 'https://evil.example' }, {}],
  ['by the environment', {}, { GRANTRY_URL: 'https://evil.example' }],
  ['by another port', { url: 'https://prod.example:8443' }, {}],
  ['by plain http', { url: 'http://prod.example' }, {}],
])('a stored key goes to no other server: %s', (_by, flags, env) => {
  expect(choose(flags, env)[1]).toBeNull()
})

test('with nothing said, this machine', () => {
  expect(choose({}, {}, none)).toEqual(['http://localhost:7001', null])
})

test.each([
  ['http://grantry.example', true],
  ['http://localhost.example:7001', true],
  ['http://localhost:7001', false],
  ['http://my.localhost', false],
  ['http://127.0.0.1:7001', false],
  ['http://[::1]:7001', false],
  ['https://grantry.example', false],
])('a credential for %s can be read on the way: %s', (origin, plain) => {
  expect(isPlain(origin)).toBe(plain)
})
