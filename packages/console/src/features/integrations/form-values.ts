import type {
  CreateIntegrationInput,
  Integration,
  Provider,
  UpdateIntegrationInput,
} from '@grantry/sdk/transport'
import { type GrantType, isGrantType } from './grant-types.ts'

export type AuthMethod = Integration['token_auth_method']

/** What stands in the form. Empty text is what was not said. */
export type Values = {
  label: string
  grant_type: GrantType
  issuer: string
  authorization_url: string
  token_url: string
  revocation_url: string
  /** Empty but where the server keeps one for this integration. */
  redirect_uri: string
  client_id: string
  client_secret: string
  refresh_token: string
  scope: string
  api_base_url: string
  tenant_id: string
  token_auth_method: AuthMethod
  app_id: string
  params: Record<string, string>
  extra_authorize_params: { name: string; value: string }[]
}

const blank: Values = {
  label: '',
  grant_type: 'authorization_code',
  issuer: '',
  authorization_url: '',
  token_url: '',
  revocation_url: '',
  redirect_uri: '',
  client_id: '',
  client_secret: '',
  refresh_token: '',
  scope: '',
  api_base_url: '',
  tenant_id: '',
  token_auth_method: 'auto',
  app_id: '',
  params: {},
  extra_authorize_params: [],
}

/** A new one: what the catalogue has for the provider, or nothing. */
export function valuesOfProvider(provider: Provider | null): Values {
  if (!provider) return blank
  return {
    ...blank,
    grant_type: provider.grant_types.find(isGrantType) ?? 'authorization_code',
    authorization_url: provider.authorization_url,
    token_url: provider.token_url,
    revocation_url: provider.revocation_url ?? '',
    api_base_url: provider.api_base_url ?? '',
    scope: provider.scopes.read.map(({ scope }) => scope).join(' '),
    params: Object.fromEntries(provider.params.map(({ name }) => [name, ''])),
  }
}

/** A stored one. Its secret is not among what the API tells. */
export function valuesOfIntegration(integration: Integration, provider: Provider | null): Values {
  const { params, extra_authorize_params, ...known } = integration
  return {
    ...blank,
    label: known.label,
    grant_type: known.grant_type,
    issuer: known.issuer ?? '',
    authorization_url: known.authorization_url ?? '',
    token_url: known.token_url,
    revocation_url: known.revocation_url ?? '',
    client_id: known.client_id,
    scope: known.scope,
    api_base_url: known.api_base_url ?? '',
    tenant_id: known.tenant_id ?? '',
    token_auth_method: known.token_auth_method,
    app_id: known.app_id ?? '',
    params: { ...Object.fromEntries((provider?.params ?? []).map(({ name }) => [name, ''])), ...params },
    extra_authorize_params: Object.entries(extra_authorize_params).map(([name, value]) => ({ name, value })),
  }
}

const texts = [
  'issuer',
  'authorization_url',
  'token_url',
  'revocation_url',
  'client_secret',
  'scope',
  'api_base_url',
  'tenant_id',
] as const

/**
 * The body that makes it. What the catalogue knows is left to the catalogue, so that the integration follows it.
 * @param begin the values that the form began with
 */
export function toNew(
  values: Values,
  begin: Values,
  { provider, validate }: { provider: string | null; validate: boolean },
): CreateIntegrationInput {
  const body: CreateIntegrationInput = {
    label: values.label.trim(),
    client_id: values.client_id.trim(),
    provider,
    grant_type: values.grant_type,
    validate,
  }
  for (const name of texts) {
    const value = values[name].trim()
    const isCatalogues = provider !== null && name !== 'scope' && value === begin[name]
    if (value !== '' && !isCatalogues) body[name] = value
  }
  if (values.grant_type === 'authorization_code') {
    if (values.redirect_uri) body.redirect_uri = values.redirect_uri
  } else delete body.authorization_url
  if (values.grant_type === 'refresh_token' && values.refresh_token.trim())
    body.refresh_token = values.refresh_token.trim()
  if (values.token_auth_method !== 'auto') body.token_auth_method = values.token_auth_method
  if (values.app_id) body.app_id = values.app_id
  const params = paramsOf(values)
  if (Object.keys(params).length > 0) body.params = params
  const extra = extraOf(values)
  if (Object.keys(extra).length > 0) body.extra_authorize_params = extra
  return body
}

/** The body that changes it: what differs from what the form began with. */
export function toChanges(values: Values, begin: Values, validate: boolean): UpdateIntegrationInput {
  const body: UpdateIntegrationInput = { validate }
  for (const name of [...texts, 'label', 'client_id'] as const) {
    const value = values[name].trim()
    if (value === begin[name]) continue
    if (value !== '' || name === 'scope') body[name] = value
    else if (name === 'revocation_url' || name === 'api_base_url' || name === 'tenant_id') body[name] = null
  }
  if (values.token_auth_method !== begin.token_auth_method) body.token_auth_method = values.token_auth_method
  const params = paramsOf(values)
  if (JSON.stringify(params) !== JSON.stringify(paramsOf(begin))) body.params = params
  const extra = extraOf(values)
  if (JSON.stringify(extra) !== JSON.stringify(extraOf(begin))) body.extra_authorize_params = extra
  return body
}

const paramsOf = ({ params }: Values) =>
  Object.fromEntries(
    Object.entries(params)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  )

const extraOf = ({ extra_authorize_params }: Values) =>
  Object.fromEntries(
    extra_authorize_params
      .map(({ name, value }) => [name.trim(), value.trim()] as const)
      .filter(([name]) => name !== ''),
  )
