import type { TokenAuthMethod } from './profile.ts'

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
  /** How the client had authenticated in the request that failed last; absent where it had not. */
  auth_method?: Exclude<TokenAuthMethod, 'auto'>
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

export type CallbackErrorCode =
  | 'duplicate_parameter'
  | 'invalid_parameter'
  | 'issuer_missing'
  | 'issuer_mismatch'

/** What came back to the redirect URI is not an authorization response that may be used. */
export class CallbackError extends Error {
  override readonly name = 'CallbackError'
  readonly code: CallbackErrorCode
  readonly parameter: string

  constructor(code: CallbackErrorCode, parameter: string) {
    super(`${code}: ${parameter}`)
    this.code = code
    this.parameter = parameter
  }
}

export type UrlErrorCode = 'param_missing' | 'param_invalid' | 'origin_not_allowed' | 'url_invalid'

/** A URL of a profile cannot be built from these params and this metadata. `param` is the placeholder at fault. */
export class UrlError extends Error {
  override readonly name = 'UrlError'
  readonly code: UrlErrorCode
  readonly param: string | null

  constructor(code: UrlErrorCode, param: string | null, message: string) {
    super(message)
    this.code = code
    this.param = param
  }
}

export type RequestErrorCode =
  | 'no_refresh'
  | 'refresh_token_missing'
  | 'access_token_missing'
  | 'invalid_profile'
  | 'unusable_private_key'
  | 'invalid_code_verifier'

/** A request cannot be built: the profile and what is at hand do not go together. Nothing was sent. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: RequestErrorCode

  constructor(code: RequestErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
