import type { Client } from '../../support/partner-app.ts'

/** A partner app's side of one authorization, played by a library that nobody here wrote. */
export type PartnerClient = {
  /** Where the person's browser is sent; it keeps state and verifier for `finish`. */
  begin(): Promise<string>
  /** @param back what the redirect URI was called with */
  finish(back: string): Promise<Tokens>
  refresh(tokens: Tokens): Promise<Tokens>
  /** Ends the refresh token, and with it the grant (RFC 7009 §2.1). */
  revoke(tokens: Tokens): Promise<void>
}

export type Tokens = { accessToken: string; refreshToken: string }

export type AuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post'

/** Whom a library is to work with. */
export type Party = { issuer: string; client: Client; method: AuthMethod; scope: string }

export type Library = {
  name: string
  /** The ways of authenticating at the token endpoint that it has. */
  methods: readonly AuthMethod[]
  /** What of the authorization response it holds against its request by itself. */
  checks: readonly ('state' | 'iss')[]
  open(party: Party): Promise<PartnerClient>
}
