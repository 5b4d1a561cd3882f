import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CallbackError } from './errors.ts'
import { checkIssuer, readCallback } from './read-callback.ts'

const read = (query: string, callback = {}) => readCallback({ callback }, new URLSearchParams(query))
const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof CallbackError) return `${error.code} ${error.parameter}`
    throw error
  }
  return 'no error'
}

describe('RFC 6749 §4.1.2', () => {
  test('a code', () => {
    const { code, ...rest } = read('code=abc&state=s%20t')
    expect(code?.expose()).toBe('abc')
    expect(rest).toEqual({ state: 's t', error: null, error_description: null, iss: null, metadata: {} })
  })

  test('a refusal (§4.1.2.1)', () => {
    expect(read('error=access_denied&error_description=The+person%00+said%0D%0Ano&state=s')).toEqual({
      state: 's',
      code: null,
      error: 'access_denied',
      error_description: 'The person said no',
      iss: null,
      metadata: {},
    })
  })

  test('an error code outside the grammar is not repeated', () => {
    expect(read('error=%C3%A9%0A&state=s').error).toBe('invalid_error')
    expect(read(`error=${'a'.repeat(101)}`).error).toBe('invalid_error')
  })

  test('a code and an error together are neither', () => {
    expect(codeOf(() => read('code=a&error=b'))).toBe('invalid_parameter code')
  })

  test.each(['code', 'state', 'iss'])('control characters in %s', (name) => {
    expect(codeOf(() => read(`${name}=a%0D%0Ab`))).toBe(`invalid_parameter ${name}`)
    expect(codeOf(() => read(`${name}=${'a'.repeat(8193)}`))).toBe(`invalid_parameter ${name}`)
  })

  test.each(['code=a&code=b', 'state=a&code=c&state=a', 'iss=a&iss=b', 'other=1&other=2&code=c'])(
    'a doubled parameter (§3.1): %s',
    (query) => {
      expect(codeOf(() => read(query))).toMatch(/^duplicate_parameter /)
    },
  )

  test('whatever comes, it is read or refused by name', () => {
    const names = fc.constantFrom('code', 'state', 'error', 'error_description', 'iss', 'x', '__proto__')
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.string({ unit: 'binary' }))), (pairs) => {
        try {
          const callback = readCallback(
            { callback: { metadata: ['__proto__', 'x'] } },
            new URLSearchParams(pairs),
          )
          expect(Object.getPrototypeOf(callback.metadata)).toBe(Object.prototype)
        } catch (error) {
          expect(error).toBeInstanceOf(CallbackError)
        }
      }),
    )
  })
})

describe('quirks', () => {
  test('other names', () => {
    const named = read('authCode=abc&st=s&code=other', { code_parameter: 'authCode', state_parameter: 'st' })
    expect(named.code?.expose()).toBe('abc')
    expect(named.state).toBe('s')
  })

  test('metadata in the query', () => {
    const query = 'code=a&realmId=123&accounts-server=https%3A%2F%2Fa.example&bad=%00&more=1'
    expect(read(query, { metadata: ['realmId', 'accounts-server', 'bad', 'absent'] }).metadata).toEqual({
      realmId: '123',
      'accounts-server': 'https://a.example',
    })
  })
})

describe('RFC 9207 §2.4', () => {
  const issuer = 'https://as.example'

  test('iss is the issuer, character by character', () => {
    expect(codeOf(() => checkIssuer({ issuer }, issuer))).toBe('no error')
    for (const iss of ['https://as.example/', 'https://AS.example', 'https://evil.example', 'as.example']) {
      expect(
        codeOf(() => checkIssuer({ issuer }, iss)),
        iss,
      ).toBe('issuer_mismatch iss')
    }
  })

  test('iss may be absent unless it was promised', () => {
    expect(codeOf(() => checkIssuer({ issuer }, null))).toBe('no error')
    expect(codeOf(() => checkIssuer({ issuer, iss_parameter_supported: true }, null))).toBe(
      'issuer_missing iss',
    )
  })

  test('nothing is compared where the issuer is unknown', () => {
    expect(codeOf(() => checkIssuer({}, 'https://anything.example'))).toBe('no error')
  })

  test('an issuer of a tenant', () => {
    const profile = { issuer: 'https://{tenant}.as.example/v2', params: { tenant: { label: 'Tenant' } } }
    expect(codeOf(() => checkIssuer(profile, 'https://acme.as.example/v2', { tenant: 'acme' }))).toBe(
      'no error',
    )
    expect(codeOf(() => checkIssuer(profile, 'https://acme.as.example/v2', { tenant: 'other' }))).toMatch(
      'mismatch',
    )
    expect(codeOf(() => checkIssuer(profile, 'https://acme.as.example/v2'))).toMatch('mismatch')
  })
})
