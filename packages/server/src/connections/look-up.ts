import {
  type Account,
  accountRequest,
  ProviderError,
  requestAccount,
  requestTenants,
  tenantsRequest,
} from '@grantry/oauth'
import type { Context } from '../context.ts'
import { outbound } from '../egress/outbound.ts'
import type { Grant } from './establish.ts'

type Needs = Pick<Context, 'clock' | 'egress' | 'log'>

/** `known` is false where the provider was asked whose account it is and did not say. */
export type Found = {
  account: Account | null
  known: boolean
  metadata: Record<string, string>
  /** `code: description`, where its API refused. */
  apiError: string | null
}

/**
 * Asks the provider which tenants are behind new tokens, and whose account this is. It helps people, fills in
 * per-tenant addresses and finds an existing connection; where it fails, the tokens are as good as before.
 */
export async function lookUp(ctx: Needs, grant: Grant): Promise<Found> {
  const { profile, params, workspace, id } = grant.integration
  const { access_token } = grant.tokens
  const told = { ...grant.metadata, ...grant.tokens.metadata }
  if (!access_token || grant.kind === 'import')
    return { account: null, known: true, metadata: told, apiError: null }
  const fetch = outbound(ctx, workspace)
  let apiError: string | null = null
  const metadata = { ...told, ...(await tenants()) }
  return { ...(await account()), metadata, apiError }

  async function account(): Promise<Pick<Found, 'account' | 'known'>> {
    try {
      const request = accountRequest({ profile, params, metadata, access_token: access_token! })
      if (!request) return { account: null, known: true }
      return { account: await requestAccount(fetch, profile, request, { now: ctx.clock.now }), known: true }
    } catch (error) {
      refused(error)
      ctx.log.warn({ err: error, integration: id }, 'account lookup failed')
      return { account: null, known: false }
    }
  }

  /** An outage passes; a refusal stays until somebody does something about it, so it is kept with the connection. */
  function refused(error: unknown): void {
    if (!(error instanceof ProviderError) || error.facts.status === null || error.facts.status < 400) return
    if (error.facts.status < 500 && error.facts.status !== 429) apiError = error.message
  }

  /** The first is the one that addresses are filled with; with several, all are told, so that another can be chosen. */
  async function tenants(): Promise<Record<string, string>> {
    const name = profile.tenants?.metadata
    if (name === undefined || told[name] !== undefined) return {}
    try {
      const request = tenantsRequest({ profile, params, metadata: told, access_token: access_token! })
      const found = request ? await requestTenants(fetch, profile, request) : []
      if (found.length === 0) return {}
      const all = found.length > 1 ? { [`${name}_all`]: found.map((tenant) => tenant.id).join(' ') } : {}
      const label = found[0]!.label
      return { [name]: found[0]!.id, ...(label === null ? {} : { [`${name}_name`]: label }), ...all }
    } catch (error) {
      refused(error)
      ctx.log.warn({ err: error, integration: id }, 'tenant discovery failed')
      return {}
    }
  }
}
