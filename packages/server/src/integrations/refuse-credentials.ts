import { type ApiError, problem } from '../errors.ts'

type Given = 'client_id' | 'client_secret' | 'refresh_token' | 'scope'

/** Which of the fields the provider's refusal is about (RFC 6749 §5.2). */
const about = new Map<string, Given[]>([
  ['invalid_client', ['client_id', 'client_secret']],
  ['unauthorized_client', ['client_id', 'client_secret']],
  ['invalid_grant', ['refresh_token']],
  ['invalid_scope', ['scope']],
])

/** @param given what the provider was shown: where its error names none of them, it may be about each */
export function refuseCredentials(
  members: { provider_error: string; provider_error_description: string | null },
  detail: string,
  given: Given[],
): ApiError {
  const named = given.filter((field) => about.get(members.provider_error)?.includes(field))
  const fields = named.length > 0 ? named : given
  return problem('provider_rejected_credentials', detail, {
    errors: fields.map((path) => ({
      path,
      message: `was refused by the provider (${members.provider_error})`,
    })),
    members,
  })
}
