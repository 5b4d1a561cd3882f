/** Where the protocol's endpoints are. */
export const routes = {
  authorization: '/oauth/authorize',
  token: '/v1/oauth/token',
  revocation: '/oauth/revoke',
  introspection: '/oauth/introspect',
  registration: '/oauth/register',
  pushed_authorization_request: '/oauth/par',
  device_authorization: '/oauth/device_authorization',
  code_verification: '/oauth/device',
  jwks: '/oauth/jwks',
} as const

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS'

/** What the core answers, by path. OPTIONS where pages of other origins may call (RFC 6749 clients without a server). */
export const answered: [path: string, methods: Method[]][] = [
  [routes.authorization, ['GET']],
  [`${routes.authorization}/:uid`, ['GET']],
  [routes.token, ['POST', 'OPTIONS']],
  [routes.revocation, ['POST', 'OPTIONS']],
  [routes.introspection, ['POST', 'OPTIONS']],
  [routes.registration, ['POST']],
  [`${routes.registration}/:client`, ['GET', 'PUT', 'DELETE']],
  [routes.pushed_authorization_request, ['POST', 'OPTIONS']],
  [routes.device_authorization, ['POST', 'OPTIONS']],
  [routes.code_verification, ['GET', 'POST']],
  [`${routes.code_verification}/:uid`, ['GET']],
  [routes.jwks, ['GET', 'OPTIONS']],
  ['/.well-known/oauth-authorization-server', ['GET', 'OPTIONS']],
  ['/.well-known/openid-configuration', ['GET', 'OPTIONS']],
]
