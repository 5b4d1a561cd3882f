import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { OAuth2Server } from 'oauth2-mock-server'
import type { ForeignServer, Granted } from './foreign-server.ts'

type TokenRequest = IncomingMessage & { body: { grant_type: string; refresh_token?: string } }
type TokenAnswer = { statusCode: number; body: { access_token: string; refresh_token?: string } }

/**
 * `oauth2-mock-server`: OpenID discovery, PKCE, JWT access tokens. It knows no clients and forgets what it gave, so what
 * it gave and what was revoked is written down from its events.
 */
export async function startMockServer(): Promise<ForeignServer> {
  const server = new OAuth2Server()
  await server.issuer.keys.generate('RS256')
  await server.start(0, '127.0.0.1')
  const issuer = server.issuer.url!
  const granted: (Granted & { grantType: string })[] = []
  const revoked: string[] = []

  // Its JWTs count seconds: two of the same second would be one and the same token.
  server.service.on('beforeTokenSigning', ({ payload }: { payload: Record<string, unknown> }) => {
    payload.jti = randomUUID()
  })
  server.service.on('beforeResponse', ({ body }: TokenAnswer, { body: asked }: TokenRequest) => {
    granted.push({
      grantType: asked.grant_type,
      spent: asked.refresh_token ?? null,
      access_token: body.access_token,
      refresh_token: body.refresh_token ?? null,
    })
  })
  server.service.on('beforeRevoke', (_answer: unknown, request: IncomingMessage) => {
    // It answers without reading the body, which is thrown away unless somebody listens by then.
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => revoked.push(new URLSearchParams(text).get('token') ?? ''))
  })
  server.service.on('beforeUserinfo', (answer: { statusCode: number }, request: IncomingMessage) => {
    const token = request.headers.authorization?.replace('Bearer ', '')
    if (!granted.some(({ access_token }) => access_token === token)) answer.statusCode = 401
  })

  return {
    host: new URL(issuer).host,
    issuer,
    endpoints: {
      authorization_url: `${issuer}/authorize`,
      token_url: `${issuer}/token`,
      revocation_url: `${issuer}/revoke`,
    },
    scope: 'openid profile',
    register: async () => ({ client_id: 'anyone', client_secret: 'anything', allow: async () => {} }),
    async consent(authorizationUrl) {
      const answer = await fetch(authorizationUrl, { redirect: 'manual' })
      return answer.headers.get('location')!
    },
    granted: (grantType) => granted.filter((one) => one.grantType === grantType),
    refusals: () => 0,
    async takes(accessToken) {
      const headers = { authorization: `Bearer ${accessToken}` }
      return (await fetch(`${issuer}/userinfo`, { headers })).ok
    },
    knows: async () => null,
    revoked: () => revoked,
    close: () => server.stop(),
  }
}
