import { type Client, type Fetch, type TokenAuthMethod, UrlError } from '@grantry/oauth'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { probe } from '../integrations/probe.ts'
import { type Integration, openClient } from '../integrations/store.ts'

type Needs = Pick<Context, 'clock' | 'random' | 'vault'>

/**
 * - `recognised`: the provider knows this client.
 * - `refused`: it does not; `worksWith` is a way of authenticating by which it would.
 * - `silent`: it answers good and bad credentials alike, or could not be asked.
 * - `no_oauth`: what answers at the token URL is no token endpoint.
 */
export type ClientWord =
  | { is: 'recognised' }
  | { is: 'refused'; words: string; worksWith: Exclude<TokenAuthMethod, 'auto'> | null }
  | { is: 'silent'; words: string }
  | { is: 'no_oauth'; words: string }

/** Asks the token endpoint with a code that cannot be valid whether it knows this client, and if not, by which way it would. */
export async function askToken(ctx: Needs, fetch: Fetch, integration: Integration): Promise<ClientWord> {
  const { profile, params, redirectUri, authMethod } = integration
  const opened = await openClient(ctx, integration)
  const ask = async (client: Client): Promise<ClientWord> => {
    try {
      const { validation } = await probe(ctx, fetch, { profile, client, params, redirectUri })
      if (validation.status === 'verified') return { is: 'recognised' }
      return { is: 'silent', words: validation.checks.at(-1)?.detail ?? 'It could not be asked.' }
    } catch (error) {
      // Where the token endpoint is may be known only when somebody consents.
      if (error instanceof UrlError) return { is: 'silent', words: `${error.message}.` }
      if (!(error instanceof ApiError)) throw error
      const { provider_error: code, provider_error_description: said } = error.members ?? {}
      const words = [code, said].filter((part) => typeof part === 'string').join(': ')
      if (error.code === 'provider_rejected_credentials') return { is: 'refused', words, worksWith: null }
      if (error.code === 'provider_unusable') return { is: 'no_oauth', words }
      throw error
    }
  }
  const word = await ask({ ...opened, auth_method: authMethod })
  if (word.is !== 'refused') return word
  for (const method of otherMethods(authMethod, opened.client_secret !== null)) {
    const other = await ask({ ...opened, auth_method: method })
    if (other.is === 'recognised') return { ...word, worksWith: method }
  }
  return word
}

const bySecret = ['client_secret_basic', 'client_secret_post'] as const

/** What an integration can be set to and is not. */
function otherMethods(method: TokenAuthMethod, hasSecret: boolean) {
  if (!hasSecret || method === 'auto') return []
  return bySecret.filter((other) => other !== method)
}
