import { type MemberScope, memberScope, type OAuthScope } from '@grantry/api'
import { isRegistered, type StoredClient } from './client-store.ts'
import { isCommandLine } from './command-line.ts'
import type { Resource } from './resources.ts'

/** Reach the provider's own tokens: for clients that somebody registered beforehand and that can keep a secret. */
const privileged: ReadonlySet<OAuthScope> = new Set(['tokens:read', 'proxy:call'])

/** What a client may be given at a resource, whoever consents. */
export function allowedScopes(client: StoredClient | null, resource: Resource): (OAuthScope | MemberScope)[] {
  if (isCommandLine(client)) return resource.server === null ? [memberScope] : []
  const confidential = client !== null && client.metadata.token_endpoint_auth_method !== 'none'
  const trusted = confidential && !isRegistered(client)
  const own = client?.metadata.scope?.split(' ')
  return resource.scopes.filter(
    (scope) =>
      (trusted && resource.server === null ? true : !privileged.has(scope)) &&
      (own === undefined || own.includes(scope)),
  )
}

/** What is meant by a request that names no scope (RFC 6749 §3.3): what the client registered for, else to look. */
export function defaultScope(client: StoredClient | null, resource: Resource): string {
  const own = client?.metadata.scope
  const allowed = allowedScopes(client, resource)
  const usual: OAuthScope[] = resource.server ? ['mcp:read'] : ['account:read', 'connections:read']
  return (own === undefined ? usual.filter((scope) => allowed.includes(scope)) : allowed).join(' ')
}
