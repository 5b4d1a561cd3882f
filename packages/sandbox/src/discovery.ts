import type { FastifyInstance } from 'fastify'
import type { ProviderTable } from './provider-table.ts'
import { baseOf, type SandboxState } from './state.ts'

/** OpenID Connect Discovery and RFC 8414, for providers that have an issuer; both ways of placing the document. */
export const discovery = (app: FastifyInstance, state: SandboxState, table: ProviderTable): void => {
  const metadata = async () => {
    const base = baseOf(state, table)
    const userinfo = table.api.routes.find((route) => route.path.endsWith('userinfo'))
    return {
      issuer: base,
      authorization_endpoint: base + table.paths.authorize[0],
      token_endpoint: base + table.paths.token[0],
      ...(userinfo ? { userinfo_endpoint: base + userinfo.path } : {}),
      ...(table.paths.introspect ? { introspection_endpoint: base + table.paths.introspect[0] } : {}),
      ...(table.paths.revoke ? { revocation_endpoint: base + table.paths.revoke[0] } : {}),
      ...(table.paths.jwks ? { jwks_uri: base + table.paths.jwks } : {}),
      response_types_supported: ['code'],
      grant_types_supported: table.token.grant_types,
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: Object.keys(table.scopes),
      token_endpoint_auth_methods_supported: table.token.client_auth,
      ...(table.authorize.pkce === 'ignored' ? {} : { code_challenge_methods_supported: ['plain', 'S256'] }),
      ...(table.authorize.iss ? { authorization_response_iss_parameter_supported: true } : {}),
    }
  }
  for (const kind of ['openid-configuration', 'oauth-authorization-server']) {
    app.get(`/${table.name}/.well-known/${kind}`, metadata)
    app.get(`/.well-known/${kind}/${table.name}`, metadata)
  }
  if (table.paths.jwks) app.get(`/${table.name}${table.paths.jwks}`, () => state.signer.jwks())
}
