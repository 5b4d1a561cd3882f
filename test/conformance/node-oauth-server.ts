import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import OAuth2Server from '@node-oauth/oauth2-server'
import type { ForeignServer, Granted } from './foreign-server.ts'
import { listen } from './listen.ts'

type Client = OAuth2Server.Client & { secret: string; redirectUris: string[] }

/**
 * `@node-oauth/oauth2-server` on node:http with its model in memory: rotating refresh tokens, PKCE S256, no discovery
 * and no revocation endpoint, for the library has none.
 */
export async function startNodeOauthServer(): Promise<ForeignServer> {
  const clients = new Map<string, Client>()
  const codes = new Map<string, OAuth2Server.AuthorizationCode>()
  const tokens: OAuth2Server.Token[] = []
  const granted: (Granted & { grantType: string })[] = []
  let refusals = 0

  const model: OAuth2Server.AuthorizationCodeModel & OAuth2Server.RefreshTokenModel = {
    getClient: async (id, secret) => {
      const client = clients.get(id)
      return client && (secret === null || client.secret === secret) ? client : false
    },
    saveAuthorizationCode: async (code, client, user) => {
      const saved = { ...code, client, user }
      codes.set(code.authorizationCode, saved)
      return saved
    },
    getAuthorizationCode: async (code) => codes.get(code) ?? false,
    revokeAuthorizationCode: async ({ authorizationCode }) => codes.delete(authorizationCode),
    saveToken: async (token, client, user) => {
      const saved = { ...token, client, user }
      tokens.push(saved)
      return saved
    },
    getAccessToken: async (text) => tokens.find(({ accessToken }) => accessToken === text) ?? false,
    getRefreshToken: async (text) =>
      (tokens.find(({ refreshToken }) => refreshToken === text) as OAuth2Server.RefreshToken | undefined) ??
      false,
    revokeToken: async ({ refreshToken }) => {
      const found = tokens.findIndex((token) => token.refreshToken === refreshToken)
      if (found >= 0) tokens.splice(found, 1)
      return found >= 0
    },
  }
  const oauth = new OAuth2Server({ model })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://localhost')
    const body = Object.fromEntries(new URLSearchParams(Buffer.concat(await request.toArray()).toString()))
    const asked = new OAuth2Server.Request({
      headers: request.headers as Record<string, string>,
      method: request.method!,
      query: Object.fromEntries(url.searchParams),
      body,
    })
    const answer = new OAuth2Server.Response()
    try {
      if (url.pathname === '/authorize')
        await oauth.authorize(asked, answer, {
          authenticateHandler: { handle: () => ({ id: 'somebody' }) },
        })
      else if (url.pathname === '/token') {
        const token = await oauth.token(asked, answer)
        granted.push({
          grantType: body.grant_type!,
          spent: body.refresh_token ?? null,
          access_token: token.accessToken,
          refresh_token: token.refreshToken ?? null,
        })
      } else {
        const { user } = await oauth.authenticate(asked, answer)
        answer.body = { sub: user.id }
      }
    } catch (error) {
      const { code, name, message } = error as OAuth2Server.OAuthError
      if (url.pathname === '/token') refusals += 1
      answer.status = code
      answer.body ??= { error: name, error_description: message }
    }
    response.writeHead(answer.status ?? 200, { ...answer.headers, 'content-type': 'application/json' })
    response.end(JSON.stringify(answer.body ?? {}))
  }

  const { url, host, close } = await listen(() => (request, response) => void serve(request, response))
  return {
    host,
    issuer: url,
    endpoints: { authorization_url: `${url}/authorize`, token_url: `${url}/token` },
    scope: 'read write',
    async register() {
      const id = `client-${randomBytes(6).toString('hex')}`
      const secret = randomBytes(24).toString('base64url')
      const grants = ['authorization_code', 'refresh_token']
      const client: Client = { id, secret, grants, redirectUris: ['https://not-yet.example'] }
      clients.set(id, client)
      const allow = async (uri: string) => {
        client.redirectUris = [uri]
      }
      return { client_id: id, client_secret: secret, allow }
    },
    async consent(authorizationUrl) {
      const answer = await fetch(authorizationUrl, { redirect: 'manual' })
      return answer.headers.get('location')!
    },
    granted: (grantType) => granted.filter((one) => one.grantType === grantType),
    refusals: () => refusals,
    async takes(accessToken) {
      return (await fetch(`${url}/me`, { headers: { authorization: `Bearer ${accessToken}` } })).ok
    },
    knows: async (text) => tokens.some(({ refreshToken }) => refreshToken === text),
    revoked: () => [],
    close,
  }
}
