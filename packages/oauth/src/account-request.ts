import { type ApiRequestInput, apiRequest } from './api-request.ts'
import type { ProviderRequest } from './provider-request.ts'

/** The call that tells whose account a token opens; null where the profile has none. */
export function accountRequest(input: ApiRequestInput): ProviderRequest | null {
  const { account } = input.profile
  return account ? apiRequest(input, account) : null
}
