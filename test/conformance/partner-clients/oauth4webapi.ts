import * as oauth from 'oauth4webapi'
import type { AuthMethod, Library, PartnerClient, Party, Tokens } from './partner-client.ts'

/** Strict by design: it discovers, requires `iss`, and takes nothing that an RFC does not say. */
export const withOauth4webapi: Library = {
  name: 'oauth4webapi',
  methods: ['none', 'client_secret_basic', 'client_secret_post'],
  checks: ['state', 'iss'],
  open,
}

// Loopback is plain http.
const options = { [oauth.allowInsecureRequests]: true }

const authentication: Record<AuthMethod, (secret: string) => oauth.ClientAuth> = {
  none: () => oauth.None(),
  client_secret_basic: (secret) => oauth.ClientSecretBasic(secret),
  client_secret_post: (secret) => oauth.ClientSecretPost(secret),
}

async function open({ issuer, client: registered, method, scope }: Party): Promise<PartnerClient> {
  const url = new URL(issuer)
  const server = await oauth.processDiscoveryResponse(
    url,
    await oauth.discoveryRequest(url, { ...options, algorithm: 'oauth2' }),
  )
  const client: oauth.Client = { client_id: registered.id }
  const auth = authentication[method](registered.secret ?? '')
  const state = oauth.generateRandomState()
  const nonce = oauth.generateRandomNonce()
  const verifier = oauth.generateRandomCodeVerifier()
  return {
    async begin() {
      const address = new URL(server.authorization_endpoint!)
      const parameters = {
        client_id: client.client_id,
        redirect_uri: registered.redirectUri,
        response_type: 'code',
        scope,
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }
      for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value)
      return address.href
    },
    async finish(back) {
      const parameters = oauth.validateAuthResponse(server, client, new URL(back), state)
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        auth,
        parameters,
        registered.redirectUri,
        verifier,
        options,
      )
      const openid = scope.split(' ').includes('openid')
      return toTokens(
        await oauth.processAuthorizationCodeResponse(
          server,
          client,
          response,
          openid ? { expectedNonce: nonce, requireIdToken: true } : {},
        ),
      )
    },
    async refresh({ refreshToken }) {
      const response = await oauth.refreshTokenGrantRequest(server, client, auth, refreshToken, options)
      return toTokens(await oauth.processRefreshTokenResponse(server, client, response))
    },
    async revoke({ refreshToken }) {
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(server, client, auth, refreshToken, options),
      )
    },
  }
}

const toTokens = ({ access_token, refresh_token }: oauth.TokenEndpointResponse): Tokens => ({
  accessToken: access_token,
  refreshToken: refresh_token!,
})
