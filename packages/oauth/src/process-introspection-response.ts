import { ProviderError } from './errors.ts'
import type { ProviderProfile } from './profile.ts'
import { readAnswer } from './read-answer.ts'
import { type Reading, readError } from './read-error.ts'
import { readLifetimeUntil } from './read-lifetime.ts'

/** What a provider says of a token. */
export type IntrospectedToken = {
  /** False also where the provider does not tell this client about this token (RFC 7662 §2.2). */
  active: boolean
  /** Whole seconds that it has left, at most ten years; null where that is not told. */
  expires_in: number | null
}

/** The answer of an introspection endpoint (RFC 7662 §2.2 and §2.3); throws `ProviderError` for everything else. */
export async function processIntrospectionResponse(
  profile: Pick<ProviderProfile, 'token_response' | 'refresh'>,
  response: Response,
  reading: Reading,
): Promise<IntrospectedToken> {
  const answer = await readAnswer(response, 'json')
  const error = readError(profile, response, answer, reading)
  if (error) throw error
  if (answer.is !== 'object') throw malformed(answer.is, response)
  const { active, exp } = answer.value
  if (typeof active !== 'boolean') throw malformed('no_active', response)
  return { active, expires_in: active ? readLifetimeUntil(exp, reading.now) : null }
}

const malformed = (error: string, { status }: Response) =>
  new ProviderError({ kind: 'malformed', error, description: null, status, retryAfterMs: null, sent: true })
