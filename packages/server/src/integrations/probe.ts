import {
  type Client,
  cleanText,
  codeRequest,
  codeVerifier,
  encodeBase64Url,
  type Fetch,
  ProviderError,
  type ProviderErrorFacts,
  type ProviderProfile,
  requestTokens,
  Secret,
  type TokenAuthMethod,
} from '@grantry/oauth'
import type { Context } from '../context.ts'
import { problem } from '../errors.ts'
import { refuseCredentials } from './refuse-credentials.ts'
import type { Validation } from './store.ts'

export type Probe = {
  profile: ProviderProfile
  client: Client
  params: Record<string, string>
  redirectUri: string
}

type Checks = Validation['checks']
type Method = Exclude<TokenAuthMethod, 'auto'>

/**
 * Asks the token endpoint for tokens with a code that cannot be valid, once as this client and once with a secret (or,
 * without one, a client id) that is certainly wrong. A provider that answers the two differently, and does not call
 * ours `invalid_client`, has recognised us. With `auto`, Basic is asked first, then the secret in the body.
 *
 * @returns what was found out, and the way of authenticating that worked
 * @throws ApiError provider_rejected_credentials, provider_unusable: with the provider's words
 */
export async function probe(
  ctx: Pick<Context, 'clock' | 'random'>,
  fetch: Fetch,
  { profile, client, params, redirectUri }: Probe,
): Promise<{ validation: Validation; authMethod: TokenAuthMethod }> {
  const checks: Checks = []
  const ask = (as: Client) => askOnce(ctx, fetch, { profile, client: as, params, redirectUri })
  // The wrong credentials' answer came to a request without our secret, and may still repeat it from the one before.
  const heard = (facts: ProviderErrorFacts) =>
    cleanText(words(facts), client.client_secret ? [client.client_secret] : []) ?? facts.error
  let refusal: ProviderErrorFacts | null = null

  for (const method of candidates(profile, client)) {
    const ours = await ask({ ...client, auth_method: method })
    refuseUnusable(ours)
    if (isUnavailable(ours)) {
      const detail = `The token endpoint answered ${ours.status ?? 'nothing'} (${words(ours)}); the credentials could not be checked.`
      return unverified([...checks, { name: 'token_endpoint', ok: null, detail }], client.auth_method)
    }
    if (ours.error === 'invalid_client' || ours.error === 'unauthorized_client') {
      refusal = ours
      checks.push({ name: method, ok: false, detail: words(ours) })
      continue
    }
    const wrong = await ask(await spoil(ctx, { ...client, auth_method: method }))
    const recognised = wrong.error !== ours.error || wrong.status !== ours.status
    checks.push({
      name: method,
      ok: recognised ? true : null,
      detail: recognised
        ? `With these credentials the provider says "${words(ours)}", with wrong ones "${heard(wrong)}".`
        : `The provider says "${words(ours)}", and the same to wrong credentials: it does not tell whether these are right.`,
    })
    if (recognised) return { validation: { status: 'verified', checks }, authMethod: method }
  }

  if (refusal && checks.every(({ ok }) => ok === false))
    throw refuseCredentials(
      { provider_error: refusal.error, provider_error_description: refusal.description },
      `The provider refused the client credentials: ${words(refusal).replace(/\.$/, '')}. Check the client id and the client secret, and save again.`,
      client.client_secret ? ['client_id', 'client_secret'] : ['client_id'],
    )
  return unverified(checks, client.auth_method)
}

const unverified = (checks: Checks, authMethod: TokenAuthMethod) => ({
  validation: { status: 'unverified' as const, checks },
  authMethod,
})

function candidates(profile: ProviderProfile, client: Client): Method[] {
  if (client.auth_method !== 'auto') return [client.auth_method]
  if (!client.client_secret) return ['none']
  const known = profile.token?.auth_method
  return known && known !== 'auto' ? [known] : ['client_secret_basic', 'client_secret_post']
}

/** The same client with a secret that nobody has, or for a public client with an id that nobody has. */
async function spoil(ctx: Pick<Context, 'random'>, client: Client): Promise<Client> {
  const noise = encodeBase64Url(ctx.random(24))
  return client.client_secret
    ? { ...client, client_secret: new Secret(noise) }
    : { ...client, client_id: `grantry-check-${noise}` }
}

async function askOnce(
  ctx: Pick<Context, 'clock' | 'random'>,
  fetch: Fetch,
  { profile, client, params, redirectUri }: Probe,
): Promise<ProviderErrorFacts> {
  const request = await codeRequest({
    profile,
    client,
    params,
    code: new Secret(`grantry-check-${encodeBase64Url(ctx.random(16))}`),
    redirect_uri: redirectUri,
    code_verifier: profile.authorize?.pkce === 'none' ? null : codeVerifier(ctx.random(32)),
    now: ctx.clock.now(),
  })
  try {
    await requestTokens(fetch, profile, request, { now: () => ctx.clock.now() })
  } catch (error) {
    if (error instanceof ProviderError) return error.facts
    throw error
  }
  const description = 'it gave tokens for a code that cannot exist'
  return {
    kind: 'malformed',
    error: 'not_an_oauth_server',
    description,
    status: 200,
    retryAfterMs: null,
    sent: true,
  }
}

/**
 * No OAuth server stands there: nothing that is saved with this could ever work. A refusal in the server's own words
 * (400, 401 or 403 without an `error`) is one all the same: some refuse a bad code so.
 */
function refuseUnusable(facts: ProviderErrorFacts): void {
  if (facts.kind !== 'malformed' && facts.kind !== 'transport') return
  if (facts.kind === 'malformed' && /^http_40[013]$/.test(facts.error)) return
  throw problem(
    'provider_unusable',
    `The token URL did not answer as an OAuth 2.0 token endpoint: ${words(facts)}.`,
    {
      errors: [{ path: 'token_url', message: words(facts) }],
      members: { provider_error: facts.error },
    },
  )
}

const isUnavailable = (facts: ProviderErrorFacts) =>
  facts.kind === 'unavailable' || facts.kind === 'throttled'

const words = ({ error, description }: ProviderErrorFacts) =>
  description ? `${error}: ${description}` : error
