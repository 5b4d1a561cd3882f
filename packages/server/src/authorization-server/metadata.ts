import { oauthScopes } from '@grantry/api'
import type { Context } from '../context.ts'

/** What our metadata says beyond the core's own (RFC 8414, OpenID Connect Discovery). */
export function describeServer({ config }: Pick<Context, 'config'>, body: Record<string, unknown>): object {
  const { publicUrl } = config
  return {
    ...body,
    scopes_supported: oauthScopes,
    claims_supported: ['sub', 'iss', 'email', 'name'],
    userinfo_endpoint: `${publicUrl}/oauth/userinfo`,
    service_documentation: `${publicUrl}/docs`,
    response_modes_supported: ['query', 'form_post'],
    protected_resources: [publicUrl],
  }
}
