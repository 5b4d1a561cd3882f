import { type Access, isOAuthScope } from '@grantry/api'
import type { FastifyRequest } from 'fastify'
import { problem } from '../errors.ts'
import { type Authenticator, type BrowserAuthenticator, nobody, type Principal } from './principal.ts'
import { hasCredential, readCredential } from './read-credential.ts'
import { identifierOf } from './resource.ts'

/** Where each kind of credential is looked up, by its prefix; `''` takes what has none of the others. */
export type Authenticators = { prefix: string; find: Authenticator }[]

/**
 * Tells who calls and whether they may, before a body is read.
 * @throws ApiError unauthenticated, insufficient_scope
 */
export async function authenticate(
  request: FastifyRequest,
  access: readonly Access[],
  {
    authenticators,
    findByBrowser,
    publicUrl,
  }: { authenticators: Authenticators; findByBrowser: BrowserAuthenticator; publicUrl: string },
): Promise<Principal> {
  // Where nobody need be named, somebody may be: then it must be right, and enough.
  if (access.includes('public') && (access.length === 1 || !hasCredential(request))) return nobody
  if (!hasCredential(request) && request.routeOptions.config.browser) {
    const signedIn = await findByBrowser(request)
    if (signedIn) return checkReach(signedIn, access)
  }
  const { credential, presented } = readCredential(request, publicUrl)
  const source = authenticators.find(({ prefix }) => credential.startsWith(prefix))
  const principal = (await source?.find(credential, presented)) ?? null
  if (!principal) throw problem('unauthenticated', 'This credential is not known, or it has ended.')
  if (presented.scheme === 'dpop' && principal.client === null)
    throw problem(
      'unauthenticated',
      'This credential is bound to no key: give it as "Authorization: Bearer".',
    )
  // RFC 8707 §2: a token for one resource is nothing to another.
  if (principal.audience !== null && principal.audience !== identifierOf(request, publicUrl))
    throw problem('unauthenticated', 'This access token is for another resource.')
  // A resource of its own was what the consent was about: there was nothing else to choose, and what the same client was
  // left of the API is another matter.
  const { resource } = request.routeOptions.config
  const chosen =
    resource && principal.audience !== null ? { ...principal, connections: null } : withinChosen(principal)
  return checkReach(chosen, access)
}

/** An app reaches what its member chose at consent, never all that the member does: where nothing was asked, that is nothing. */
function withinChosen(principal: Principal): Principal {
  const { kind, member, connections } = principal
  if (kind !== 'oauth_client' || member === null || connections !== null) return principal
  return { ...principal, connections: new Set() }
}

function checkReach(principal: Principal, access: readonly Access[]): Principal {
  if (!access.some((needed) => reaches(principal, needed))) throw notEnough(principal, access)
  return principal
}

function reaches(principal: Principal, needed: Access): boolean {
  const { kind, client } = principal
  // From a terminal people act as themselves, but passwords, sessions and what apps were allowed are for the browser.
  const inBrowser = kind === 'member' && client === null
  switch (needed) {
    // Lets in whoever shows no credential; one that is shown must do by itself.
    case 'public':
      return false
    case 'any':
      return kind === 'api_key' || kind === 'member'
    case 'any_credential':
      return kind === 'api_key' || kind === 'member' || kind === 'end_user' || kind === 'oauth_client'
    // Not an app in their name: it would see, and could end, what they allowed to others.
    case 'person':
      return inBrowser || kind === 'end_user'
    case 'member':
      return inBrowser
    case 'connect_token':
      return kind === 'connect_session'
    case 'operator':
      return kind === 'operator'
    default:
      if (kind === 'oauth_client' && !isOAuthScope(needed)) return false
      return principal.scopes.has(needed)
  }
}

/** Names the scope that would be enough; where there are several, the first, which reaches the least. */
function notEnough({ kind }: Principal, access: readonly Access[]) {
  const scope = kind === 'oauth_client' ? access.find(isOAuthScope) : undefined
  return problem('insufficient_scope', `This needs ${describe(access)}.`, {
    members: { needed: access, ...(scope ? { scope } : {}) },
  })
}

function describe(access: readonly Access[]): string {
  const names: Partial<Record<Access, string>> = {
    any: 'an API key',
    any_credential: 'a credential of a workspace',
    person: "somebody's own credential",
    member: 'a signed-in member',
    connect_token: 'a connect token',
    operator: "the operator's key",
  }
  return access
    .filter((needed) => needed !== 'public')
    .map((needed) => names[needed] ?? `the scope ${needed}`)
    .join(' or ')
}
