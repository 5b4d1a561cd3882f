import type { OAuthScope, Scope } from '@grantry/api'
import type { FastifyRequest } from 'fastify'

/** Who a request comes from. Taken from its credential only, never from its body. */
export type Principal = {
  /** `member`: a person signed in to the console, by cookie, or (then `client` is set) from the command line. `oauth_client`: an access token that our own server issued. */
  kind: 'api_key' | 'member' | 'oauth_client' | 'end_user' | 'connect_session' | 'operator' | 'nobody'
  /** UUID of the workspace; empty for the operator and for nobody, which matches no row. */
  workspace: string
  /** UUID of the key or session. */
  id: string | null
  scopes: ReadonlySet<Scope | OAuthScope>
  /** UUID of the one app that the credential is narrowed to. */
  app: string | null
  /** The customer's id of the one end user whose connections it reaches; null where it is not narrowed to one. */
  endUser: string | null
  /** UUID of the member on whose behalf it acts. */
  member: string | null
  /** Id of the OAuth client that acts. */
  client: string | null
  /** UUIDs of the connections that were chosen at consent: it reaches no other. null: not narrowed to any. */
  connections: ReadonlySet<string> | null
  /** The providers and integrations that it is narrowed to; null: to none. */
  services: Services | null
  /** Source networks (CIDR) from which it may be used; null: from anywhere. Judged by whoever looks the credential up. */
  networks: readonly string[] | null
  /** The grant that an OAuth token came of. */
  grant: string | null
  /** The resource that an OAuth token is for (RFC 8707); null for what is no OAuth token, which has no audience. */
  audience: string | null
}

/** Integrations of these providers of the catalogue, and these (UUIDs). */
export type Services = { providers: ReadonlySet<string>; integrations: ReadonlySet<string> }

/** How a credential came (RFC 9449 §7.1). */
export type Presented = {
  /** `X-API-KEY` counts as `bearer`. */
  scheme: 'bearer' | 'dpop'
  /** The DPoP header, unchecked; null where there was none. */
  proof: string | null
  method: string
  /** The caller's address, as proxies that are trusted tell it. */
  from: string
  /** As the client means it: below the public URL, without query and fragment (the proof's `htu`). */
  url: string
}

/**
 * Finds who a credential belongs to; null for one that is unknown, ended or expired, or presented in a way that is not its own.
 * @throws ApiError unauthenticated, where there is more to say
 */
export type Authenticator = (credential: string, presented: Presented) => Promise<Principal | null>

/**
 * Finds who is signed in in the browser that sends the request; null for nobody.
 * @throws ApiError insufficient_scope where a page that is not ours may have sent it
 */
export type BrowserAuthenticator = (request: FastifyRequest) => Promise<Principal | null>

/** What a credential has that is neither a member's nor came by OAuth. */
export const firstHand = {
  member: null,
  client: null,
  connections: null,
  services: null,
  networks: null,
  grant: null,
  audience: null,
} as const

export const nobody: Principal = Object.freeze({
  ...firstHand,
  kind: 'nobody',
  workspace: '',
  id: null,
  scopes: new Set<Scope>(),
  app: null,
  endUser: null,
})

/** Who did it, for the audit log. */
export type Actor = { kind: string; id: string | null; requestId: string | null }
