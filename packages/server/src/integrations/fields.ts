import type { ProxyPolicy } from '@grantry/api'
import { type ProviderProfile, reservedAuthorizeParameters, type Secret } from '@grantry/oauth'
import type { Context } from '../context.ts'
import type { IntegrationRow } from '../db/schema.ts'
import { discoverIssuer } from '../egress/discover-issuer.ts'
import { invalid } from '../errors.ts'
import { secretPlace, toIntegration } from './store.ts'
import { freeCallbackName } from './take-callback-name.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'random' | 'vault'>

/** What a caller may set; absent means unchanged (or, for a new one, unset), null takes it away. */
export type IntegrationFields = {
  label?: string | undefined
  authorization_url?: string | undefined
  token_url?: string | undefined
  revocation_url?: string | null | undefined
  issuer?: string | undefined
  client_id?: string | undefined
  client_secret?: Secret | undefined
  scopes?: string[] | undefined
  redirect_uri?: string | undefined
  api_base_url?: string | null | undefined
  tenant_id?: string | null | undefined
  token_auth_method?: string | undefined
  extra_authorize_params?: Record<string, string> | undefined
  params?: Record<string, string> | undefined
  proxy_policy?: ProxyPolicy | null | undefined
}

/** The row with the given fields over it; an issuer is asked what it says about itself. */
export async function withFields(
  ctx: Needs,
  row: IntegrationRow,
  fields: IntegrationFields,
): Promise<IntegrationRow> {
  const next = { ...row }
  for (const name of ['label', 'authorization_url', 'token_url', 'client_id', 'token_auth_method'] as const) {
    const value = fields[name]
    if (value !== undefined) next[name] = value
  }
  for (const name of ['revocation_url', 'api_base_url', 'tenant_id'] as const) {
    const value = fields[name]
    if (value !== undefined) next[name] = value
  }
  if (fields.scopes) next.scopes = JSON.stringify(fields.scopes)
  if (fields.params) next.params = JSON.stringify(fields.params)
  if (fields.proxy_policy !== undefined)
    next.proxy_policy = fields.proxy_policy && JSON.stringify(fields.proxy_policy)
  if (fields.extra_authorize_params)
    next.extra_authorize_params = JSON.stringify(fields.extra_authorize_params)
  if (fields.issuer !== undefined && fields.issuer !== row.issuer) {
    next.issuer = fields.issuer
    if (row.provider === null)
      next.discovered = await discovered(ctx, row.workspace_id, fields.issuer, fields)
  }
  useCatalogueEndpoints(ctx, next)
  next.callback_name = await freeCallbackName(ctx, next)
  const { profile, redirectUri } = toIntegration(ctx, next)
  refuseReserved(profile, fields.extra_authorize_params)
  if (!profile.token_url) throw invalid('token_url', 'is needed, or an issuer that can be asked for it')
  if (next.grant_type === 'authorization_code' && !profile.authorization_url)
    throw invalid('authorization_url', 'is needed, or an issuer that can be asked for it')
  if (fields.redirect_uri !== undefined && fields.redirect_uri !== redirectUri)
    throw invalid('redirect_uri', `for these endpoints is ${redirectUri}`)
  if (fields.client_secret) {
    next.secret_version = row.secret_version + 1
    const place = secretPlace(row.workspace_id, row.id, next.secret_version)
    next.client_secret = await ctx.vault.seal(place, fields.client_secret)
  }
  return next
}

/** What each authorization request sets for itself would be left out of it without a word. */
function refuseReserved(profile: ProviderProfile, extra: Record<string, string> = {}): void {
  const reserved = reservedAuthorizeParameters(profile)
  for (const name of Object.keys(extra))
    if (reserved.has(name))
      throw invalid(`extra_authorize_params.${name}`, 'is set by each authorization request itself')
}

/** Other addresses of the catalogue's endpoints are those endpoints. */
function useCatalogueEndpoints({ catalogue }: Needs, row: IntegrationRow): void {
  const entry = row.provider ? catalogue.get(row.provider) : undefined
  for (const name of ['authorization_url', 'token_url'] as const) {
    const given = row[name]
    if (given && entry && (given === entry[name] || entry.aliases?.[name]?.includes(given))) row[name] = null
  }
}

async function discovered(
  ctx: Needs,
  workspace: string,
  issuer: string,
  fields: IntegrationFields,
): Promise<string> {
  const { profile, account } = await discoverIssuer(ctx, workspace, issuer)
  const asksIdentity = fields.scopes?.includes('openid')
  return JSON.stringify(account && asksIdentity ? { ...profile, account } : profile)
}
