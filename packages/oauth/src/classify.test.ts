import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classify, isUncertain } from './classify.ts'
import type { ProviderErrorFacts, ProviderErrorKind } from './errors.ts'

const facts = (
  kind: ProviderErrorKind,
  error = 'x',
  more: Partial<ProviderErrorFacts> = {},
): ProviderErrorFacts => ({
  kind,
  error,
  description: null,
  status: null,
  retryAfterMs: null,
  sent: true,
  ...more,
})

test.each([
  ['invalid_grant', 'ended'],
  ['invalid_client', 'misconfigured'],
  ['unauthorized_client', 'misconfigured'],
  ['invalid_scope', 'misconfigured'],
  ['invalid_request', 'misconfigured'],
  ['unsupported_grant_type', 'misconfigured'],
  ['access_denied', 'misconfigured'],
  ['invalid_target', 'misconfigured'],
  ['never_heard_of', 'transient'],
  ['constructor', 'transient'],
])('a refusal with %s is %s', (error, verdict) => {
  expect(classify(facts('refused', error))).toBe(verdict)
})

test.each([
  ['transport', 'transient'],
  ['unavailable', 'transient'],
  ['malformed', 'transient'],
  ['throttled', 'throttled'],
] as const)('%s is %s, whatever code it carries', (kind, verdict) => {
  for (const error of ['x', 'invalid_grant', 'token_revoked']) {
    expect(classify(facts(kind, error), { refresh: { ended_errors: ['token_revoked'] } })).toBe(verdict)
  }
})

test('a provider’s own word for an end', () => {
  expect(classify(facts('refused', 'token_revoked'))).toBe('transient')
  expect(classify(facts('refused', 'token_revoked'), { refresh: { ended_errors: ['token_revoked'] } })).toBe(
    'ended',
  )
})

test('nothing but the provider’s word ends a connection', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<ProviderErrorKind>('transport', 'refused', 'throttled', 'unavailable', 'malformed'),
      fc.string(),
      (kind, error) => {
        if (classify(facts(kind, error)) === 'ended')
          expect([kind, error]).toEqual(['refused', 'invalid_grant'])
      },
    ),
  )
})

describe('isUncertain', () => {
  test.each([
    [facts('transport'), true],
    [facts('transport', 'x', { sent: false }), false],
    [facts('unavailable', 'x', { status: 503 }), true],
    [facts('malformed', 'x', { status: 200 }), true],
    [facts('malformed', 'x', { status: 404 }), false],
    [facts('refused', 'invalid_grant', { status: 400 }), false],
    [facts('throttled', 'x', { status: 429 }), false],
  ])('%j: %s', (failure, expected) => {
    expect(isUncertain(failure)).toBe(expected)
  })
})
