import type { Secret } from '@grantry/oauth'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import type { IntegrationRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { invalid } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { checked } from './check.ts'
import { type IntegrationFields, withFields } from './fields.ts'
import { reservedId, takeReserved } from './reserve.ts'
import { type Integration, toIntegration } from './store.ts'
import { takeCallbackName } from './take-callback-name.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'random' | 'vault'>

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
    id: (await reservedId(ctx, input)) ?? newId(ctx),
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
    trial: 0,
    proxy_policy: null,
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
    await takeReserved(tx, row)
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
