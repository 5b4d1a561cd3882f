import { randomBytes } from 'node:crypto'

/** What an MCP client keeps of one server: in memory, as the SDKs' documentation has it. Fits both of their generations. */
export type Kept = {
  client: Record<string, unknown> | undefined
  tokens: { access_token: string; refresh_token?: string; scope?: string } | undefined
  verifier: string
  state: string
  /** Where the person's browser was last sent. */
  sentTo: URL | undefined
  registrations: number
  /** Which authorization server it found. */
  discovered: unknown
}

export function createProvider(redirectUrl: string) {
  const kept: Kept = {
    client: undefined,
    tokens: undefined,
    verifier: '',
    state: randomBytes(16).toString('base64url'),
    sentTo: undefined,
    registrations: 0,
    discovered: undefined,
  }
  const provider = {
    redirectUrl,
    clientMetadata: {
      client_name: 'A tool that somebody installed',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    state: () => kept.state,
    clientInformation: () => kept.client as never,
    saveClientInformation(client: unknown) {
      kept.registrations += 1
      kept.client = client as Kept['client']
    },
    tokens: () => kept.tokens as never,
    saveTokens(tokens: unknown) {
      kept.tokens = tokens as Kept['tokens']
    },
    redirectToAuthorization(url: URL) {
      kept.sentTo = url
    },
    saveCodeVerifier(verifier: string) {
      kept.verifier = verifier
    },
    codeVerifier: () => kept.verifier,
    saveDiscoveryState(state: unknown) {
      kept.discovered = state
    },
    discoveryState: () => kept.discovered as never,
  }
  return { provider, kept }
}
