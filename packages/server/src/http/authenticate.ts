import type { Access } from '@grantry/api'
import type { FastifyRequest } from 'fastify'
import { problem } from '../errors.ts'
import {
  type Authenticator,
  type BrowserAuthenticator,
  nobody,
  type Presented,
  type Principal,
} from './principal.ts'

/** Where each kind of credential is looked up, by its prefix; `''` takes what has none of the others. */
export type Authenticators = { prefix: string; find: Authenticator }[]

/**
 * Tells who calls and whether they may, before a body is read.
 * `Authorization: Bearer` and `X-API-KEY` mean the same; two that differ are refused.
 * @throws ApiError unauthenticated, insufficient_scope
 */
export async function authenticate(
  request: FastifyRequest,
  access: readonly Access[],
  authenticators: Authenticators,
  findByBrowser: BrowserAuthenticator,
): Promise<Principal> {
  if (access.includes('public') && (access.length === 1 || !hasCredential(request))) return nobody
  if (!hasCredential(request) && request.routeOptions.config.browser) {
    const signedIn = await findByBrowser(request)
    if (signedIn) return checkReach(signedIn, access)
  }
  const credential = readCredential(request)
  const source = authenticators.find(({ prefix }) => credential.startsWith(prefix))
  const presented: Presented = {
    scheme: 'bearer',
    proof: null,
    method: request.method,
    url: request.url.split('?', 1)[0]!,
  }
  const principal = (await source?.find(credential, presented)) ?? null
  if (!principal) throw problem('unauthenticated', 'This credential is not known, or it has ended.')
  return checkReach(principal, access)
}

function checkReach(principal: Principal, access: readonly Access[]): Principal {
  if (!access.some((needed) => reaches(principal, needed))) {
    throw problem('insufficient_scope', `This needs ${describe(access)}.`, { members: { needed: access } })
  }
  return principal
}

/** Where nobody need be named, somebody may be: then it must be right, and enough. */
function hasCredential({ headers }: FastifyRequest): boolean {
  return headers.authorization !== undefined || headers['x-api-key'] !== undefined
}

function readCredential(request: FastifyRequest): string {
  // Of several Authorization headers Node keeps the first, and a proxy before us may have judged another.
  const { rawHeaders } = request.raw
  const given = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'authorization')
  if (given.length > 1) throw problem('unauthenticated', 'More than one Authorization header was given.')
  const { authorization } = request.headers
  const key = request.headers['x-api-key']
  const bearer = authorization?.match(/^Bearer +([\x21-\x7e]{1,1024})$/i)?.[1]
  if (authorization !== undefined && !bearer)
    throw problem('unauthenticated', 'The Authorization header must be "Bearer" and a credential.')
  if (Array.isArray(key) || (key && bearer && key !== bearer))
    throw problem('unauthenticated', 'Two different credentials were given.')
  const credential = bearer ?? key
  if (!credential || credential.length > 1024)
    throw problem('unauthenticated', 'Give an API key as "Authorization: Bearer KEY" or as "X-API-KEY: KEY".')
  return credential
}

function reaches(principal: Principal, needed: Access): boolean {
  switch (needed) {
    // Lets in whoever shows no credential; one that is shown must do by itself.
    case 'public':
      return false
    case 'any':
      return principal.kind === 'api_key' || principal.kind === 'member'
    case 'member':
      return principal.kind === 'member'
    case 'connect_token':
      return principal.kind === 'connect_session'
    case 'operator':
      return principal.kind === 'operator'
    default:
      return principal.scopes.has(needed)
  }
}

function describe(access: readonly Access[]): string {
  const names: Partial<Record<Access, string>> = {
    any: 'an API key',
    member: 'a signed-in member',
    connect_token: 'a connect token',
    operator: "the operator's key",
  }
  return access
    .filter((needed) => needed !== 'public')
    .map((needed) => names[needed] ?? `the scope ${needed}`)
    .join(' or ')
}
