import {
  type Callback,
  CallbackError,
  checkIssuer,
  codeRequest,
  type IdTokenClaims,
  ProviderError,
  readCallback,
  requestTokens,
  type Secret,
  verifyIdToken,
} from '@grantry/oauth'
import type { Context } from '../../context.ts'
import type { OutsideSignInRow } from '../../db/schema.ts'
import { outbound } from '../../egress/outbound.ts'
import { hashCredential, readCredential } from '../../vault/credential.ts'
import { verifierPlace } from './begin.ts'
import {
  findProvider,
  type IdentityProvider,
  openProviderClient,
  readMetadata,
  redirectUri,
} from './store.ts'

type Needs = Pick<Context, 'clock' | 'config' | 'db' | 'egress' | 'log' | 'vault'>

/** Who came back from a provider, as it tells, and what they set out for. */
export type Received =
  | { outcome: 'identified'; provider: IdentityProvider; attempt: OutsideSignInRow; claims: IdTokenClaims }
  /** No living attempt of this browser: a replay, another browser, a link that somebody was sent. */
  | { outcome: 'stray' }
  | { outcome: 'declined'; provider: IdentityProvider }
  /** `code`: what went wrong, for the person to pass on. */
  | { outcome: 'failed'; provider: IdentityProvider; code: string }

/**
 * A provider sent a browser back (OIDC Core §3.1.2.5). The attempt is spent whatever else is found; it must be this
 * browser's and this callback's, and `iss` must be the provider's (RFC 9207) before the code is exchanged.
 */
export async function receiveOutside(
  ctx: Needs,
  providerId: string,
  query: URLSearchParams,
  browserSecret: string | null,
): Promise<Received> {
  const attempt = await spend(ctx, providerId, query.getAll('state'), browserSecret)
  const provider = attempt && (await findProvider(ctx.db, attempt.workspace_id, providerId))
  if (!attempt || !provider) return { outcome: 'stray' }
  const answer = readAnswer(provider, query)
  if ('error' in answer)
    return answer.error === 'access_denied'
      ? { outcome: 'declined', provider }
      : { outcome: 'failed', provider, code: answer.error }
  try {
    const claims = await exchange(ctx, provider, attempt, answer.code)
    return { outcome: 'identified', provider, attempt, claims }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    ctx.log.warn({ err: error, identityProvider: provider.id }, 'a sign-in at an outside provider failed')
    return { outcome: 'failed', provider, code: error.facts.error }
  }
}

/** Takes the attempt away: of two at once, one finds it. */
async function spend(
  { db, clock }: Needs,
  provider: string,
  states: string[],
  browserSecret: string | null,
): Promise<OutsideSignInRow | undefined> {
  const [state = ''] = states
  const handle = states.length === 1 ? readCredential('gos', state) : null
  if (!handle || browserSecret === null) return undefined
  return db
    .deleteFrom('outside_sign_ins')
    .where('workspace_id', '=', handle.workspace)
    .where('id', '=', handle.row)
    .where('state_hash', '=', handle.hash)
    .where('browser_hash', '=', hashCredential(browserSecret))
    .where('identity_provider_id', '=', provider)
    .where('expires_at', '>', clock.now())
    .returningAll()
    .executeTakeFirst()
}

function readAnswer(
  provider: IdentityProvider,
  query: URLSearchParams,
): { code: Secret } | { error: string } {
  const { profile } = readMetadata(provider)
  let callback: Callback
  try {
    callback = readCallback(profile, query)
    checkIssuer(profile, callback.iss)
  } catch (error) {
    if (!(error instanceof CallbackError)) throw error
    return { error: error.code }
  }
  if (callback.error) return { error: callback.error }
  return callback.code ? { code: callback.code } : { error: 'no_code' }
}

async function exchange(
  ctx: Needs,
  provider: IdentityProvider,
  attempt: OutsideSignInRow,
  code: Secret,
): Promise<IdTokenClaims> {
  const { profile, jwks_uri, algorithms } = readMetadata(provider)
  const fetch = outbound(ctx, provider.workspace_id)
  const request = await codeRequest({
    profile,
    client: await openProviderClient(ctx, provider),
    now: ctx.clock.now(),
    code,
    redirect_uri: redirectUri(ctx, provider.id),
    code_verifier: await ctx.vault.open(verifierPlace(attempt), attempt.code_verifier),
  })
  const { tokens } = await requestTokens(fetch, profile, request, { now: ctx.clock.now })
  if (!tokens.id_token) throw noIdToken()
  return verifyIdToken(fetch, tokens.id_token, {
    issuer: provider.issuer,
    jwks_uri,
    algorithms,
    client_id: provider.client_id,
    nonce: attempt.nonce,
    now: ctx.clock.now(),
  })
}

const noIdToken = () =>
  new ProviderError({
    kind: 'malformed',
    error: 'no_id_token',
    description: null,
    status: 200,
    retryAfterMs: null,
    sent: true,
  })
