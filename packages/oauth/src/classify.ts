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

const byKind: Record<Exclude<ProviderErrorKind, 'refused'>, Verdict> = {
  transport: 'transient',
  throttled: 'throttled',
  unavailable: 'transient',
  malformed: 'transient',
}

const byRefusal: Record<string, Verdict> = {
  // RFC 6749 §5.2
  invalid_grant: 'ended',
  invalid_client: 'misconfigured',
  unauthorized_client: 'misconfigured',
  invalid_scope: 'misconfigured',
  invalid_request: 'misconfigured',
  unsupported_grant_type: 'misconfigured',
  // RFC 6749 §4.1.2.1
  access_denied: 'misconfigured',
  unsupported_response_type: 'misconfigured',
  // RFC 8707 §2
  invalid_target: 'misconfigured',
}

/** The verdict on a failure; a code that nobody has explained is transient, for it must not end a connection. */
export function classify(facts: ProviderErrorFacts, profile: Pick<ProviderProfile, 'refresh'> = {}): Verdict {
  if (facts.kind !== 'refused') return byKind[facts.kind]
  if (profile.refresh?.ended_errors?.includes(facts.error)) return 'ended'
  return Object.hasOwn(byRefusal, facts.error) ? byRefusal[facts.error]! : 'transient'
}

/** Whether the provider may have acted on the request although no usable answer came: a rotated pair may be lost. */
export const isUncertain = ({ kind, sent, status }: ProviderErrorFacts): boolean =>
  sent &&
  (kind === 'transport' ||
    kind === 'unavailable' ||
    (kind === 'malformed' && status !== null && status < 300))
