/**
 * Why a call to a provider gave no token set.
 * - `transport`: no complete answer (refused connection, time-out, cut body). `sent` says whether the request may have reached the provider.
 * - `refused`: the provider said no in the protocol's words; `error` is its code (`invalid_grant`, `access_denied`, …).
 * - `throttled`: 429, or the profile's equivalent.
 * - `unavailable`: 5xx.
 * - `malformed`: an answer that is not what the protocol allows (HTML, wrong types, an unusable token_type, a redirect).
 */
export type ProviderErrorKind = 'transport' | 'refused' | 'throttled' | 'unavailable' | 'malformed'

export type ProviderErrorFacts = {
  kind: ProviderErrorKind
  /** The provider's error code, or a code of ours for the other kinds. */
  error: string
  /** The provider's own words, length-capped, control characters removed, never holding what we sent. */
  description: string | null
  status: number | null
  /** Milliseconds, from Retry-After (seconds or date), clamped to an hour. */
  retryAfterMs: number | null
  /** False only when it is certain that nothing was sent. */
  sent: boolean
}

/** A provider's call failed; the facts are safe to show, the cause is for the log only. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly facts: ProviderErrorFacts

  constructor(facts: ProviderErrorFacts, options?: ErrorOptions) {
    super(facts.description ? `${facts.error}: ${facts.description}` : facts.error, options)
    this.facts = facts
  }
}
