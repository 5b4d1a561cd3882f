import type { Scope } from '@grantry/api'

/** Who a request comes from. Taken from its credential only, never from its body. */
export type Principal = {
  kind: 'api_key' | 'end_user' | 'connect_session' | 'operator' | 'nobody'
  /** UUID of the workspace; empty for the operator and for nobody, which matches no row. */
  workspace: string
  /** UUID of the key or session. */
  id: string | null
  scopes: ReadonlySet<Scope>
  /** UUID of the one app that the credential is narrowed to. */
  app: string | null
  /** The customer's id of the one end user whose connections it reaches; null where it is not narrowed to one. */
  endUser: string | null
}

/** Finds who a credential belongs to; null for one that is unknown, ended or expired. */
export type Authenticator = (credential: string) => Promise<Principal | null>

export const nobody: Principal = Object.freeze({
  kind: 'nobody',
  workspace: '',
  id: null,
  scopes: new Set<Scope>(),
  app: null,
  endUser: null,
})

/** Who did it, for the audit log. */
export type Actor = { kind: string; id: string | null; requestId: string | null }
