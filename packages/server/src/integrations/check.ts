import { fillUrl, type ProviderProfile, resolveParams, type Secret, UrlError } from '@grantry/oauth'
import type { Context } from '../context.ts'
import type { IntegrationRow } from '../db/schema.ts'
import { outbound } from '../egress/outbound.ts'
import { invalid } from '../errors.ts'
import { probe } from './probe.ts'
import { checkUrls } from './resolve.ts'
import { openClient, toIntegration } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'random' | 'vault'>

/** Judges the endpoints and, unless that was declined, probes the credentials. */
export async function checked(
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
