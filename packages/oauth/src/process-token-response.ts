import { ProviderError } from './errors.ts'
import type { ProviderProfile, TokenField, TokenResponseQuirks } from './profile.ts'
import { type Answer, readAnswer } from './read-answer.ts'
import { type Reading, readError } from './read-error.ts'
import { readLifetime, readLifetimeUntil } from './read-lifetime.ts'
import { readMetadata, readPath } from './read-path.ts'
import { Secret } from './secret.ts'
import type { TokenSet } from './token-set.ts'

export type TokenReading = Reading & {
  /** Taken as granted where the answer names no scopes (RFC 6749 §5.1). */
  requested_scopes?: string[]
}

/**
 * The token set in an answer of the token endpoint (RFC 6749 §5), its quirks undone. Throws {@link ProviderError}
 * for everything else; rejects with what the body's stream rejects with when it cannot be received.
 */
export async function processTokenResponse(
  profile: Pick<ProviderProfile, 'token_response' | 'refresh'>,
  response: Response,
  reading: TokenReading,
): Promise<TokenSet> {
  const quirks = profile.token_response ?? {}
  const answer = await readAnswer(response, quirks.format)
  const error = readError(profile, response, answer, reading)
  if (error) throw error
  if (answer.is !== 'object') throw malformed(response, answer.is)
  return tokenSet(quirks, response, answer.value, reading)
}

function tokenSet(
  quirks: TokenResponseQuirks,
  response: Response,
  answer: Record<string, unknown>,
  { now, requested_scopes }: TokenReading,
): TokenSet {
  const field = (name: TokenField) => {
    const values = [quirks.fields?.[name] ?? name].flat().map((path) => readPath(answer, path))
    return values.find((value) => value !== undefined && value !== null && value !== '')
  }
  const token = (name: TokenField): Secret | null => {
    const value = field(name)
    if (value === undefined || value === null || value === '') return null
    // Visible characters only: the token goes into a header. RFC 6750 §2.1 is narrower, but real tokens hold a bar.
    if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value))
      throw malformed(response, `unusable_${name}`)
    return new Secret(value)
  }

  const access_token = token('access_token')
  if (!access_token) throw malformed(response, 'no_access_token')
  const type = field('token_type') ?? ''
  const bearer = ['', 'bearer', ...(quirks.token_types ?? []).map((known) => known.toLowerCase())]
  if (typeof type !== 'string' || !bearer.includes(type.toLowerCase()))
    throw malformed(response, 'unusable_token_type')

  const told =
    readLifetime(field('expires_in'), quirks.expires_in_unit) ?? readLifetimeUntil(field('expires_at'), now)
  const assumed = told === null ? (quirks.default_expires_in ?? null) : null
  return {
    access_token,
    token_type: 'Bearer',
    refresh_token: token('refresh_token'),
    expires_in: told ?? assumed,
    ...(assumed !== null && { expires_in_assumed: true as const }),
    refresh_expires_in: readLifetime(field('refresh_expires_in'), quirks.expires_in_unit),
    scopes: readScopes(field('scope'), quirks.scope_separator) ?? requested_scopes ?? null,
    id_token: token('id_token'),
    metadata: readMetadata(answer, quirks.metadata),
  }
}

function readScopes(value: unknown, separator: string | undefined): string[] | null {
  const list =
    typeof value === 'string' ? value.split(separator ?? /[\s,]+/) : Array.isArray(value) ? value : []
  // RFC 6749 Appendix A.4.
  const scopes = list.filter((scope) => typeof scope === 'string' && /^[\x21-\x7e]{1,500}$/.test(scope))
  return scopes.length > 0 ? [...new Set<string>(scopes)] : null
}

const malformed = (response: Response, error: Exclude<Answer['is'], 'object'> | string) =>
  new ProviderError({
    kind: 'malformed',
    error,
    description: null,
    status: response.status,
    retryAfterMs: null,
    sent: true,
  })
