import { fillUrl, type ProviderProfile, resolveParams, type Secret, UrlError } from '@grantry/oauth'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import type { IntegrationRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { invalid, problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { outbound } from './outbound.ts'
import { probe } from './probe.ts'
import { checkUrls, discoverIssuer } from './resolve.ts'
import { type Integration, openClient, secretPlace, toIntegration, updateRow } from './store.ts'
import { freeCallbackName, takeCallbackName } from './take-callback-name.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'random' | 'vault'>

/** What a caller may set; absent means unchanged (or, for a new one, unset). */
export type IntegrationFields = {
  label?: string | undefined
  authorization_url?: string | undefined
  token_url?: string | undefined
  revocation_url?: string | undefined
  issuer?: string | undefined
  client_id?: string | undefined
  client_secret?: Secret | undefined
  scopes?: string[] | undefined
  redirect_uri?: string | undefined
  api_base_url?: string | undefined
  tenant_id?: string | undefined
  token_auth_method?: string | undefined
  extra_authorize_params?: Record<string, string> | undefined
  params?: Record<string, string> | undefined
}

export type NewIntegration = IntegrationFields & {
  workspace: string
  provider: string | null
  /** What it is asked for by, besides its provider's name. */
  name?: string
  grantType: IntegrationRow['grant_type']
  app: string | null
  /** With the grant type refresh_token: the one to begin with. */
  refresh_token?: Secret | undefined
  validate: boolean
  actor: Actor
}

/**
 * Stores an integration that needs nobody's consent, together with its connection, once the provider has given tokens for it.
 * Connections are above this slice, so whoever calls brings it.
 */
export type ObtainTokens = (
  row: IntegrationRow,
  input: Pick<NewIntegration, 'refresh_token' | 'validate' | 'actor'>,
) => Promise<Integration>

/**
 * Adds an integration: endpoints from the catalogue, the issuer or the caller, judged, and the credentials checked at
 * the provider. Nothing is stored by a refusal.
 * @throws ApiError invalid_request, url_refused, provider_unusable, provider_rejected_credentials
 */
export async function createIntegration(
  ctx: Needs,
  input: NewIntegration,
  obtain: ObtainTokens,
): Promise<Integration> {
  if (input.provider !== null && !ctx.catalogue.has(input.provider))
    throw invalid(
      'provider',
      'is not in the catalogue; see GET /api/v1/providers, or leave it out and give the endpoints',
    )
  checkGrant(input)
  const now = ctx.clock.now()
  const blank: IntegrationRow = {
    workspace_id: input.workspace,
    id: newId(ctx),
    app_id: input.app,
    name: input.name ?? null,
    callback_name: null,
    label: input.label ?? '',
    provider: input.provider,
    grant_type: input.grantType,
    authorization_url: null,
    token_url: null,
    revocation_url: null,
    issuer: null,
    discovered: null,
    api_base_url: null,
    client_id: input.client_id ?? '',
    client_secret: null,
    secret_version: 0,
    token_auth_method: 'auto',
    scopes: '[]',
    params: '{}',
    extra_authorize_params: '{}',
    tenant_id: null,
    validation: JSON.stringify({ status: 'unverified', checks: [] }),
    connection_id: null,
    created_at: now,
    updated_at: now,
  }
  const row = await checked(ctx, await withFields(ctx, blank, input), input)
  if (input.grantType !== 'authorization_code') return obtain(row, input)
  await insertIntegration(ctx, row, input.actor)
  return toIntegration(ctx, row)
}

/** What each grant type needs, and what it has no use for. */
function checkGrant({ grantType, provider, refresh_token, redirect_uri, ...input }: NewIntegration): void {
  if (grantType === 'refresh_token' && !refresh_token)
    throw invalid('refresh_token', 'is needed: the one that an earlier authorization gave')
  if (grantType !== 'refresh_token' && refresh_token)
    throw invalid(
      'refresh_token',
      'is for the grant type refresh_token only; POST /api/v1/connections imports tokens',
    )
  if (grantType === 'authorization_code') return
  if (redirect_uri !== undefined) throw invalid('redirect_uri', `has no use with the grant type ${grantType}`)
  if (provider === null && !input.token_url && !input.issuer)
    throw invalid('token_url', 'is needed, or an issuer that can be asked for it')
}

/** Stores a new integration and its event. */
export async function insertIntegration(
  ctx: Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'random'>,
  row: IntegrationRow,
  actor: Actor,
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    await tx.insertInto('integrations').values(row).execute()
    await takeCallbackName({ ...ctx, db: tx }, tx, row)
    await record(ctx, tx, {
      workspace: row.workspace_id,
      type: 'integration.created',
      actor,
      app: row.app_id,
      integration: row.id,
      data: {
        label: row.label,
        provider: row.provider,
        client_id: row.client_id,
        grant_type: row.grant_type,
      },
    })
  })
}

/**
 * Changes an integration. Its endpoints cannot move while it has connections, nor without the client secret at hand:
 * whoever may edit must not be able to have stored secrets sent somewhere else.
 * @throws ApiError has_connections, invalid_request and what creating throws
 */
export async function updateIntegration(
  ctx: Needs,
  integration: Integration,
  input: IntegrationFields & { validate: boolean; actor: Actor },
): Promise<Integration> {
  const row = await withFields(ctx, integration.row, input)
  const moved = movedEndpoints(integration, toIntegration(ctx, row))
  if (moved.length > 0) {
    if (row.client_secret && !input.client_secret)
      throw invalid('client_secret', `must be given again when ${moved.join(', ')} changes`)
    await refuseConnected(ctx, integration, moved)
  }
  const reachesProvider =
    moved.length > 0 || Boolean(input.client_id || input.client_secret || input.token_auth_method)
  const next = reachesProvider ? await checked(ctx, row, input) : row
  next.updated_at = ctx.clock.now()
  const { workspace_id: workspace, id, ...set } = next
  await transaction(ctx.db, async (tx) => {
    if (moved.length > 0) await refuseConnected({ db: tx }, integration, moved)
    await updateRow(tx, { workspace, id }, set)
    await takeCallbackName({ ...ctx, db: tx }, tx, next)
    await record(ctx, tx, {
      workspace,
      type: 'integration.updated',
      actor: input.actor,
      app: next.app_id,
      integration: id,
      data: {
        changed: Object.keys(input).filter(
          (name) =>
            input[name as keyof IntegrationFields] !== undefined && name !== 'actor' && name !== 'validate',
        ),
      },
    })
  })
  return toIntegration(ctx, next)
}

/** Runs the checks of saving again and keeps what they find. */
export async function revalidateIntegration(ctx: Needs, integration: Integration): Promise<Integration> {
  const row = await checked(ctx, integration.row, { validate: true, client_secret: undefined })
  await updateRow(ctx.db, integration, {
    validation: row.validation,
    token_auth_method: row.token_auth_method,
  })
  return toIntegration(ctx, row)
}

/** The row with the given fields over it; an issuer is asked what it says about itself. */
async function withFields(
  ctx: Needs,
  row: IntegrationRow,
  fields: IntegrationFields,
): Promise<IntegrationRow> {
  const next = { ...row }
  for (const name of [
    'label',
    'authorization_url',
    'token_url',
    'revocation_url',
    'client_id',
    'api_base_url',
    'tenant_id',
    'token_auth_method',
  ] as const) {
    const value = fields[name]
    if (value !== undefined) next[name] = value
  }
  if (fields.scopes) next.scopes = JSON.stringify(fields.scopes)
  if (fields.params) next.params = JSON.stringify(fields.params)
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

/** Judges the endpoints and, unless that was declined, probes the credentials. */
async function checked(
  ctx: Needs,
  row: IntegrationRow,
  input: { validate: boolean; client_secret?: Secret | undefined },
): Promise<IntegrationRow> {
  const integration = toIntegration(ctx, row)
  const { profile, workspace, params } = integration
  checkParams(profile, params)
  await checkUrls(ctx, workspace, {
    authorization_url: profile.authorization_url,
    token_url: profile.token_url,
    revocation_url: profile.revocation?.url,
    api_base_url: profile.api?.base_url,
  })
  // What needs nobody's consent is checked by getting its tokens.
  if (!input.validate || row.grant_type !== 'authorization_code') return row
  const client = { ...(await openClient(ctx, integration)), auth_method: integration.authMethod }
  try {
    const { validation, authMethod } = await probe(ctx, outbound(ctx, workspace), {
      profile,
      client,
      params,
      redirectUri: integration.redirectUri,
    })
    return { ...row, validation: JSON.stringify(validation), token_auth_method: authMethod }
  } catch (error) {
    if (!(error instanceof UrlError) || error.code !== 'param_missing') throw error
    const detail =
      'Where the token endpoint is becomes known when somebody consents; nothing could be asked before.'
    const checks = [{ name: 'token_endpoint', ok: null, detail }]
    return { ...row, validation: JSON.stringify({ status: 'unverified', checks }) }
  }
}

/** Every value that the provider's addresses leave to the integration must be there, and fit into them. */
function checkParams(profile: ProviderProfile, params: Record<string, string>): void {
  for (const [name, { default: fallback, label }] of Object.entries(profile.params ?? {})) {
    if (!params[name] && fallback === undefined) throw invalid(`params.${name}`, `is needed: ${label}`)
  }
  for (const url of [profile.authorization_url, profile.token_url]) {
    try {
      if (url) fillUrl(url, resolveParams(profile, params), profile.origins)
    } catch (error) {
      // What only an authorization can tell is filled in then.
      if (error instanceof UrlError && error.param !== null && error.code !== 'param_missing')
        throw invalid(`params.${error.param}`, error.message)
    }
  }
}

function movedEndpoints(before: Integration, after: Integration): string[] {
  const endpoints = ({ profile, params }: Integration) => ({
    authorization_url: profile.authorization_url,
    token_url: profile.token_url,
    revocation_url: profile.revocation?.url,
    api_base_url: profile.api?.base_url,
    issuer: profile.issuer,
    params: JSON.stringify(params),
  })
  const now = endpoints(after)
  return Object.entries(endpoints(before)).flatMap(([name, url]) =>
    now[name as keyof typeof now] === url ? [] : name,
  )
}

async function refuseConnected(
  ctx: Pick<Context, 'db'>,
  { workspace, id }: Integration,
  moved: string[],
): Promise<void> {
  const connection = await ctx.db
    .selectFrom('connections')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('integration_id', '=', id)
    .where('status', '!=', 'revoked')
    .limit(1)
    .executeTakeFirst()
  if (connection)
    throw problem(
      'has_connections',
      `${moved.join(', ')} cannot change while connections exist: their tokens belong to the provider they came from. Make a new integration instead.`,
    )
}
