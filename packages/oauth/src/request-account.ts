import type { Fetch } from './fetch.ts'
import type { ProviderProfile } from './profile.ts'
import type { ProviderRequest } from './provider-request.ts'
import { type Account, readAccount } from './read-account.ts'
import { send } from './send.ts'

/** Sends an account lookup and reads the answer; throws `ProviderError`. */
export async function requestAccount(
  fetch: Fetch,
  profile: ProviderProfile,
  request: ProviderRequest,
  { now }: { now: () => number },
): Promise<Account> {
  const { result } = await send(fetch, request, (response, { secrets }) =>
    readAccount(profile, response, { now: now(), secrets }),
  )
  return result
}
