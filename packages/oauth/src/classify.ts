import type { ProviderErrorFacts, ProviderErrorKind } from './errors.ts'
import type { ProviderProfile } from './profile.ts'

/**
 * What a failed refresh means.
 * - `ended`: the provider's own word that this grant is over. The only verdict that may end a connection.
 * - `misconfigured`: the integration is wrong (credentials, scopes, endpoints); every connection of it will fail alike.
 * - `throttled`: ask later, as told.
 * - `transient`: nothing is known about the grant; ask again.
 */
export type Verdict = 'ended' | 'misconfigured' | 'throttled' | 'transient'

/** Whether the provider may have acted on a request, so that a rotated pair may be lost; `2xx`: under such a status. */
type Acted = 'no' | 'perhaps' | '2xx'

/** What the provider said (`*`: with any code), what that means, and whether it may have acted all the same. */
export type Row = readonly [kind: ProviderErrorKind, code: string, verdict: Verdict, acted: Acted]

/** The first row that fits decides. A code that nobody has explained is transient, for it must not end a connection. */
export const rows: readonly Row[] = [
  // It has decided, in the protocol's words, whatever the status around them.
  ['refused', 'invalid_grant', 'ended', 'no'], // RFC 6749 §5.2
  ['refused', 'invalid_client', 'misconfigured', 'no'],
  ['refused', 'unauthorized_client', 'misconfigured', 'no'],
  ['refused', 'invalid_scope', 'misconfigured', 'no'],
  ['refused', 'invalid_request', 'misconfigured', 'no'],
  ['refused', 'unsupported_grant_type', 'misconfigured', 'no'],
  ['refused', 'access_denied', 'misconfigured', 'no'], // RFC 6749 §4.1.2.1
  ['refused', 'unsupported_response_type', 'misconfigured', 'no'],
  ['refused', 'invalid_target', 'misconfigured', 'no'], // RFC 8707 §2
  ['refused', '*', 'transient', 'no'],
  // It would not look at the request: 429, or its own word for too often.
  ['throttled', '*', 'throttled', 'no'],
  // It broke on the way: 5xx, or its own word for an outage.
  ['unavailable', '*', 'transient', 'perhaps'],
  // Something answered, not as the protocol has it: a page, no JSON, a redirect, a 404.
  ['malformed', '*', 'transient', '2xx'],
  // No complete answer: no connection, a time-out, a cut.
  ['transport', '*', 'transient', 'perhaps'],
]

const rowOf = ({ kind, error }: Pick<ProviderErrorFacts, 'kind' | 'error'>): Row =>
  rows.find(([of, code]) => of === kind && (code === '*' || code === error))!

/** The verdict on a failure. A profile may name more codes by which its provider ends a grant. */
export function classify(facts: ProviderErrorFacts, profile: Pick<ProviderProfile, 'refresh'> = {}): Verdict {
  const ended = facts.kind === 'refused' && profile.refresh?.ended_errors?.includes(facts.error)
  return ended ? 'ended' : rowOf(facts)[2]
}

/** Whether the provider may have acted on the request although no usable answer came: a rotated pair may be lost. */
export function isUncertain(facts: ProviderErrorFacts): boolean {
  const { sent, status } = facts
  const [, , , acted] = rowOf(facts)
  return sent && (acted === 'perhaps' || (acted === '2xx' && status !== null && status < 300))
}
