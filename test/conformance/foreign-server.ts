/** An authorization server that nobody here wrote, on loopback, as a person and an operator meet it. */
export type ForeignServer = {
  /** `localhost:PORT`: what has to be let through the egress guard. */
  host: string
  issuer: string
  endpoints: { authorization_url: string; token_url: string; revocation_url?: string }
  scope: string
  /** What its documentation asks integrators to add to the authorization request. */
  extraAuthorizeParams?: Record<string, string>
  /** Registers an OAuth app, as its operator would. */
  register(wish?: { inBody?: boolean }): Promise<ForeignClient>
  /** Signs in and consents in a browser of its own. Returns the callback URL, not yet visited. */
  consent(authorizationUrl: string): Promise<string>
  /** Token requests that brought tokens, oldest first. */
  granted(grantType: 'authorization_code' | 'refresh_token'): Granted[]
  /** Token requests that were refused. */
  refusals(): number
  /** Whether it takes this access token now. */
  takes(accessToken: string): Promise<boolean>
  /** Whether it would still give tokens for this refresh token; null where it cannot be asked without spending it. */
  knows(refreshToken: string): Promise<boolean | null>
  /** Revocations that came in: the tokens. */
  revoked(): string[]
  close(): Promise<void>
}

export type ForeignClient = {
  client_id: string
  client_secret: string
  /** Writes the redirect URI into the registration, as one does after Grantry has told it. */
  allow(redirectUri: string): Promise<void>
}

/** One token request that brought tokens. */
export type Granted = {
  /** The refresh token that was spent. */
  spent: string | null
  access_token: string
  refresh_token: string | null
}
