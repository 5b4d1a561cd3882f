import { ProviderError } from './errors.ts'
import type { ProviderProfile } from './profile.ts'
import { readAnswer } from './read-answer.ts'
import { type Reading, readError } from './read-error.ts'
import { asText, readMetadata, readPath } from './read-path.ts'

/** Whose account a connection is: `id` is stable, `label` and `email` are for people. */
export type Account = {
  id: string
  label: string | null
  email: string | null
  metadata: Record<string, string>
}

/** The account in the answer to `accountRequest`; throws `ProviderError`. */
export async function readAccount(
  profile: Pick<ProviderProfile, 'account' | 'refresh'>,
  response: Response,
  reading: Reading,
): Promise<Account> {
  const { account } = profile
  const answer = await readAnswer(response, 'json')
  const error = readError({}, response, answer, reading)
  if (error) throw error
  const value = answer.is === 'object' ? answer.value : null
  const id = account && asText(readPath(value, account.id))
  if (!account || !id) {
    throw new ProviderError({
      kind: 'malformed',
      error: answer.is === 'object' ? 'no_account_id' : answer.is,
      description: null,
      status: response.status,
      retryAfterMs: null,
      sent: true,
    })
  }
  const text = (path: string | undefined) => (path === undefined ? null : asText(readPath(value, path)))
  return {
    id,
    label: text(account.label),
    email: text(account.email),
    metadata: readMetadata(value, account.metadata),
  }
}
