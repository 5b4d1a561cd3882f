import * as openid from 'openid-client'
import type { AuthMethod, Library, PartnerClient, Party, Tokens } from './partner-client.ts'

/** As its documentation sets up an OpenID Connect client: configured by discovery, ID tokens checked. */
export const withOpenidClient: Library = {
  name: 'openid-client',
  methods: ['none', 'client_secret_basic', 'client_secret_post'],
  checks: ['state', 'iss'],
  open,
}

const authentication: Record<AuthMethod, (secret: string) => openid.ClientAuth> = {
  none: () => openid.None(),
  client_secret_basic: (secret) => openid.ClientSecretBasic(secret),
  client_secret_post: (secret) => openid.ClientSecretPost(secret),
}

async function open({ issuer, client, method, scope }: Party): Promise<PartnerClient> {
  const auth = authentication[method](client.secret ?? '')
  const config = await openid.discovery(new URL(issuer), client.id, undefined, auth, {
    execute: [openid.allowInsecureRequests],
  })
  const pkceCodeVerifier = openid.randomPKCECodeVerifier()
  const expectedState = openid.randomState()
  const expectedNonce = openid.randomNonce()
  return {
    async begin() {
      return openid.buildAuthorizationUrl(config, {
        redirect_uri: client.redirectUri,
        scope,
        state: expectedState,
        nonce: expectedNonce,
        code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
      }).href
    },
    async finish(back) {
      const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
      return toTokens(await openid.authorizationCodeGrant(config, new URL(back), checks))
    },
    async refresh({ refreshToken }) {
      return toTokens(await openid.refreshTokenGrant(config, refreshToken))
    },
    async revoke({ refreshToken }) {
      await openid.tokenRevocation(config, refreshToken, { token_type_hint: 'refresh_token' })
    },
  }
}

const toTokens = ({ access_token, refresh_token }: openid.TokenEndpointResponse): Tokens => ({
  accessToken: access_token,
  refreshToken: refresh_token!,
})
