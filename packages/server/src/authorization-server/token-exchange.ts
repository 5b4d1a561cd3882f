import type { Secret } from '@grantry/oauth'
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { toApiError } from '../http/error-edge.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { findAccessToken, noteUse, principalOf } from './authenticate-access-token.ts'
import { tokenExchangeGrant } from './client-rules.ts'

/** Connections are above this slice, so whoever mounts it brings the ways to them. */
export type OfTokens = {
  /** What a target means to this principal; null for what is not there or out of reach. @throws ApiError ambiguous */
  find(principal: Principal, target: string): Promise<{ id: string; scopes: string[] | null } | null>
  /** A provider's token that works; that it was read is in the audit log. @throws ApiError */
  get(principal: Principal, actor: Actor, id: string): Promise<ProviderToken>
}

export type ProviderToken = {
  accessToken: Secret
  tokenType: string
  expiresAt: number | null
  scopes: string[] | null
}

type Needs = Pick<Context, 'clock' | 'config' | 'db' | 'log'>
type Parameters = Record<string, string | undefined>

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

export const tokenExchange = {
  grantType: tokenExchangeGrant,
  /** RFC 8693 §2.1. Those that may be said twice are let through once only: a token is for one target. */
  parameters: [
    'subject_token',
    'subject_token_type',
    'audience',
    'resource',
    'scope',
    'requested_token_type',
    'actor_token',
    'actor_token_type',
  ],
}

/**
 * Token exchange (RFC 8693): an access token of ours, for the provider's own token of a connection that its subject
 * reaches. `audience` names a provider, an integration or a connection; `resource` a connection by its address.
 */
export function exchangeTokens(ctx: Needs, tokens: OfTokens) {
  return async (koa: KoaContextWithOIDC): Promise<void> => {
    const params = koa.oidc.params as Parameters
    const target = readTarget(ctx, params)
    const principal = await readSubject(ctx, koa, params)
    const actor: Actor = {
      kind: 'oauth_client',
      id: principal.id,
      requestId: koa.get('x-request-id') || null,
    }
    const token = await answering(koa, async () => {
      const found = await tokens.find(principal, target)
      if (!found) throw new errors.InvalidTarget(outOfReach)
      refuseOtherScopes(params.scope, found.scopes)
      return tokens.get(principal, actor, found.id)
    })
    const { expiresAt, scopes } = token
    koa.body = {
      access_token: token.accessToken.expose(),
      issued_token_type: accessTokenType,
      token_type: token.tokenType,
      ...(expiresAt === null
        ? {}
        : { expires_in: Math.max(0, Math.floor((expiresAt - ctx.clock.now()) / 1000)) }),
      ...(scopes === null ? {} : { scope: scopes.join(' ') }),
    }
  }
}

const outOfReach = 'nothing that this token reaches is called so'

/** RFC 8693 §2.1. */
function readTarget({ config }: Needs, params: Parameters): string {
  if (!params.subject_token) throw new errors.InvalidRequest('subject_token is missing')
  if (params.subject_token_type !== accessTokenType)
    throw new errors.InvalidRequest(`subject_token_type must be ${accessTokenType}`)
  if (params.actor_token !== undefined || params.actor_token_type !== undefined)
    throw new errors.InvalidRequest('actor_token is not taken here: who asks is the client')
  if (params.requested_token_type !== undefined && params.requested_token_type !== accessTokenType)
    throw new errors.InvalidRequest(`requested_token_type can only be ${accessTokenType}`)
  const { audience, resource } = params
  if ((audience === undefined) === (resource === undefined))
    throw new errors.InvalidRequest('name the target by audience or by resource: one of them')
  if (audience !== undefined) return audience
  const address = `${config.publicUrl}/api/v1/connections/`
  const id = resource!.startsWith(`${address}con_`) ? resource!.slice(address.length) : null
  if (id === null) throw new errors.InvalidTarget(outOfReach)
  return id
}

/**
 * Whose token it is, if this client may exchange it: one that was registered beforehand, that proved who it is, and to
 * which the token was issued for the API. RFC 8693 §2.2.2 has `invalid_request` for any other.
 */
async function readSubject(ctx: Needs, koa: KoaContextWithOIDC, params: Parameters): Promise<Principal> {
  const client = koa.oidc.client!
  if (client.clientAuthMethod === 'none' || client.origin !== 'api')
    throw new errors.UnauthorizedClient('this client may not exchange tokens')
  const token = await findAccessToken(ctx, params.subject_token!)
  if (!token || token.clientId !== client.clientId || token.audience !== ctx.config.publicUrl)
    throw new errors.InvalidRequest('subject_token is not an access token of this client for the API')
  if (!token.scopes.includes('tokens:read'))
    throw new errors.InvalidScope('subject_token does not have tokens:read', 'tokens:read')
  if (token.usedAt === null) await noteUse(ctx, token.idHash)
  return principalOf(token)
}

/** A provider's token is what it is: asked for other scopes than it has, it is not given. */
function refuseOtherScopes(asked: string | undefined, granted: string[] | null): void {
  const missing = asked?.split(' ').find((scope) => scope !== '' && !granted?.includes(scope))
  if (missing !== undefined) throw new errors.InvalidScope('the connection does not have this scope', missing)
}

/** What cannot be had, in the words of RFC 8693 §2.2.2 and RFC 6749 §5.2. */
async function answering<T>(koa: KoaContextWithOIDC, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof errors.OIDCProviderError) throw error
    const known = toApiError(error as never)
    if (known.status === 503) throw comeAgain(koa, known)
    if (!(error instanceof ApiError)) throw error
    const options = { cause: error }
    switch (known.code) {
      case 'not_found':
      case 'conflict':
        throw new errors.InvalidTarget(outOfReach, options)
      case 'ambiguous':
        throw new errors.InvalidTarget(`several connections fit: name one of ${namesIn(known)}`, options)
      case 'connection_needs_reauth':
      case 'connection_not_ready':
        throw new errors.InvalidTarget('the person must connect this account again', options)
      default:
        throw error
    }
  }
}

const namesIn = ({ members }: ApiError) => ((members?.ids ?? []) as string[]).join(', ')

function comeAgain(koa: KoaContextWithOIDC, { retryAfter = 5, message }: ApiError): Error {
  koa.set('retry-after', String(retryAfter))
  const error = new errors.TemporarilyUnavailable('there is no token just now; try again', {
    detail: message,
  })
  return Object.assign(error, { status: 503, statusCode: 503 })
}
