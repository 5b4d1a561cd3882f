import { createHash, randomBytes } from 'node:crypto'
import { AuthorizationCode } from 'simple-oauth2'
import type { Library, PartnerClient, Party, Tokens } from './partner-client.ts'

/** It leaves state and PKCE to its user: both as its documentation has them. */
export const withSimpleOauth2: Library = {
  name: 'simple-oauth2',
  methods: ['client_secret_basic', 'client_secret_post'],
  checks: [],
  open,
}

async function open({ issuer, client, method, scope }: Party): Promise<PartnerClient> {
  const authorizationCode = new AuthorizationCode({
    client: { id: client.id, secret: client.secret! },
    auth: {
      tokenHost: issuer,
      tokenPath: '/v1/oauth/token',
      refreshPath: '/v1/oauth/refresh_token',
      revokePath: '/oauth/revoke',
      authorizePath: '/oauth/authorize',
    },
    options: { authorizationMethod: method === 'client_secret_basic' ? 'header' : 'body' },
  })
  const verifier = randomBytes(32).toString('base64url')
  const toTokens = ({ token }: { token: Record<string, unknown> }): Tokens => ({
    accessToken: token.access_token as string,
    refreshToken: token.refresh_token as string,
  })
  const kept = ({ accessToken, refreshToken }: Tokens) =>
    authorizationCode.createToken({ access_token: accessToken, refresh_token: refreshToken, expires_in: 900 })
  return {
    async begin() {
      const parameters = {
        redirect_uri: client.redirectUri,
        scope,
        state: randomBytes(16).toString('base64url'),
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }
      return authorizationCode.authorizeURL(parameters)
    },
    async finish(back) {
      const parameters = {
        code: new URL(back).searchParams.get('code')!,
        redirect_uri: client.redirectUri,
        code_verifier: verifier,
      }
      return toTokens(await authorizationCode.getToken(parameters))
    },
    refresh: async (tokens) => toTokens(await kept(tokens).refresh()),
    revoke: (tokens) => kept(tokens).revoke('refresh_token'),
  }
}
