import { cleanText } from './clean-text.ts'
import { CallbackError } from './errors.ts'
import { fillText, resolveParams } from './fill-url.ts'
import type { ProviderProfile } from './profile.ts'
import { asText } from './read-path.ts'
import { Secret } from './secret.ts'

export type Callback = {
  state: string | null
  /** Null whenever there is an `error`. */
  code: Secret | null
  error: string | null
  error_description: string | null
  iss: string | null
  metadata: Record<string, string>
}

/**
 * The authorization response in the redirect URI's query (RFC 6749 §4.1.2). A doubled parameter (§3.1), a code or
 * state outside the grammar of Appendix A, and an answer that is both throw {@link CallbackError}.
 */
export function readCallback(profile: Pick<ProviderProfile, 'callback'>, query: URLSearchParams): Callback {
  const { code_parameter = 'code', state_parameter = 'state', metadata: kept = [] } = profile.callback ?? {}
  for (const name of new Set(query.keys())) {
    if (query.getAll(name).length > 1) throw new CallbackError('duplicate_parameter', name.slice(0, 100))
  }

  const error = query.get('error') || null
  const code = visible(query, code_parameter)
  if (error && code) throw new CallbackError('invalid_parameter', code_parameter)
  const metadata: Record<string, string> = {}
  for (const name of kept) {
    const value = asText(query.get(name))
    if (value !== null) metadata[name] = value
  }

  return {
    state: visible(query, state_parameter),
    code: code === null ? null : new Secret(code),
    error: error && (/^[\x20-\x7e]{1,100}$/.test(error) ? cleanText(error) : 'invalid_error'),
    error_description: cleanText(query.get('error_description')),
    iss: visible(query, 'iss'),
    metadata,
  }
}

function visible(query: URLSearchParams, name: string): string | null {
  const value = query.get(name)
  if (value === null || value === '') return null
  if (!/^[\x20-\x7e]{1,8192}$/.test(value)) throw new CallbackError('invalid_parameter', name)
  return value
}

/**
 * The mix-up defence of RFC 9207 §2.4: `iss` must be the profile's issuer, character by character, whenever it is
 * there, and must be there when the provider promises it. Throws {@link CallbackError}.
 */
export function checkIssuer(
  profile: Pick<ProviderProfile, 'issuer' | 'iss_parameter_supported' | 'params'>,
  iss: string | null,
  params?: Record<string, string>,
): void {
  if (iss === null) {
    if (profile.iss_parameter_supported) throw new CallbackError('issuer_missing', 'iss')
    return
  }
  if (profile.issuer === undefined) return
  if (fillText(profile.issuer, resolveParams(profile, params)) !== iss)
    throw new CallbackError('issuer_mismatch', 'iss')
}
