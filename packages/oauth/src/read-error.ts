import { cleanText } from './clean-text.ts'
import { ProviderError, type ProviderErrorFacts } from './errors.ts'
import type { ProviderProfile } from './profile.ts'
import type { Answer } from './read-answer.ts'
import { readPath } from './read-path.ts'
import { readRetryAfter } from './retry-after.ts'
import type { Secret } from './secret.ts'

export type ErrorProfile = Pick<ProviderProfile, 'token_response' | 'refresh'>

export type Reading = {
  /** What the request carried; it is taken out of the provider's words. */
  secrets?: Secret[]
  /** Milliseconds since the epoch, when the answer came. */
  now: number
}

/** Codes by which a provider decides about a request, whatever the status around them (RFC 6749 §4.1.2.1 and §5.2, RFC 7009 §2.2.1, RFC 8707 §2). */
const definite = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
  'unsupported_token_type',
  'invalid_scope',
  'invalid_target',
  'invalid_token',
  'access_denied',
])
const unavailable = new Set(['server_error', 'temporarily_unavailable'])
const throttled = new Set(['slow_down', 'rate_limited', 'rate_limit_exceeded', 'too_many_requests'])

/**
 * The provider's no, or null when the answer holds none. The `error` field is read whatever the status; without one
 * the status decides: 3xx is never followed, 429 is throttling, 5xx an outage, any other 4xx malformed.
 */
export function readError(
  profile: ErrorProfile,
  response: Response,
  answer: Answer,
  { secrets = [], now }: Reading,
): ProviderError | null {
  const { status } = response
  const said = answer.is === 'object' ? findError(profile, answer.value, status) : null
  const own = said && (cleanCode(said.code, secrets) ?? 'unknown_error')
  const words = profile.token_response?.error_codes ?? {}
  const code = own && Object.hasOwn(words, own) ? words[own]! : own
  const facts = (kind: ProviderErrorFacts['kind'], fallback: string): ProviderError =>
    new ProviderError({
      kind,
      error: code ?? fallback,
      // A translated code is still worth showing to whoever looks it up at the provider.
      description: said && (cleanText(said.description, secrets) ?? (code === own ? null : own)),
      status,
      retryAfterMs: readRetryAfter(response.headers.get('retry-after'), now),
      sent: true,
    })

  if (isRedirect(response)) return facts('malformed', 'redirect')
  const quirks = profile.token_response ?? {}
  const isThrottled = code !== null && (throttled.has(code) || !!quirks.throttled_errors?.includes(code))
  if (status === 429 || isThrottled) return facts('throttled', 'too_many_requests')
  const isDefinite = code !== null && (definite.has(code) || !!profile.refresh?.ended_errors?.includes(code))
  if ((status >= 500 && !isDefinite) || (code !== null && unavailable.has(code)))
    return facts('unavailable', `http_${status}`)
  if (code !== null) return facts('refused', code)
  return status >= 200 && status < 300 ? null : facts('malformed', `http_${status}`)
}

/** A redirect, also as a browser-like fetch reports one that it was told not to follow. */
export const isRedirect = (response: Response): boolean =>
  response.type === 'opaqueredirect' ||
  response.status === 0 ||
  (response.status >= 300 && response.status < 400)

type Said = { code: unknown; description: unknown }

function findError(profile: ErrorProfile, value: Record<string, unknown>, status: number): Said | null {
  const quirk = profile.token_response?.error_in_200
  if (quirk) {
    const code = readPath(value, quirk.error)
    const failed = quirk.ok
      ? [false, 'false', 0].includes(readPath(value, quirk.ok) as boolean)
      : isCode(code)
    if (failed) return { code, description: quirk.description && readPath(value, quirk.description) }
  }
  const { error } = value
  if (isCode(error)) return { code: error, description: value.error_description ?? value.message }
  if (typeof error === 'object' && error !== null) {
    const named = ['error', 'code', 'type', 'status'].map((name) => readPath(error, name)).filter(isCode)
    // A number is most often the HTTP status again; a name says more.
    const code =
      named.find((candidate) => typeof candidate === 'string' && !/^\d+$/.test(candidate)) ?? named[0]
    if (code !== undefined || status >= 400)
      return { code, description: readPath(error, 'message') ?? value.error_description }
  }
  return null
}

// Zero, "0" and "ok" are how providers say that nothing went wrong in a field that is always there.
const isCode = (value: unknown): value is string | number =>
  (typeof value === 'string' && !['', '0', 'ok'].includes(value.toLowerCase())) ||
  (typeof value === 'number' && value !== 0)

// RFC 6749 Appendix A.7, and short enough to be a code rather than a message.
function cleanCode(code: unknown, secrets: Secret[]): string | null {
  const clean = cleanText(typeof code === 'number' ? String(code) : code, secrets)
  return clean !== null && /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(clean) ? clean : null
}
