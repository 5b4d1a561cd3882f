import { accounts } from './accounts.ts'
import type { Answer } from './answer.ts'
import { tokenIn } from './api.ts'
import { paramsOf } from './body.ts'
import { type Call, hashOf } from './calls.ts'
import { authenticateClient } from './client-auth.ts'
import { accessTokenFault, endAccount, endFamily, type Family } from './grants.ts'
import type { ProviderTable, RefusalReason, RevokeTable } from './provider-table.ts'
import { refuse, requestFacts } from './refusals.ts'
import type { SandboxState } from './state.ts'

export type RevokeRequest = {
  headers: Record<string, string | undefined>
  body: unknown
  query: URLSearchParams
  params: Record<string, string>
  /** As the table has it. */
  path: string
}

/** RFC 7009, or what the provider has in its place. */
export const answerRevoke = (
  state: SandboxState,
  table: ProviderTable,
  rules: RevokeTable,
  request: RevokeRequest,
  call: Call,
): Answer => {
  const { headers, query, params } = request
  const form = paramsOf(request.body, rules.body ?? ['form']) ?? new URLSearchParams()
  const refused = (reason: RefusalReason): Answer => {
    call.outcome = `refused:${reason}`
    return rules.refusal?.(reason) ?? refuse(table, reason, requestFacts(state, table, null, headers.accept))
  }
  const unknown = (): Answer => {
    call.outcome = 'unknown_token'
    return rules.unknown
  }
  let clientId: string | null = null
  if (rules.auth === 'client') {
    const auth = authenticateClient(state, table, headers.authorization, form, rules.client_auth)
    if ('refused' in auth) {
      call.client_id = auth.client_id
      return refused(auth.refused)
    }
    clientId = auth.client.client_id
    call.client_id = clientId
    if (params.client_id !== undefined && params.client_id !== clientId) return unknown()
  }
  const places = {
    body: () => form.get(rules.parameter),
    query: () => query.get(rules.parameter),
    path: () => params[rules.parameter] ?? null,
    bearer: () => tokenIn(table, request.headers),
  }
  const text = rules.token_in.map((place) => places[place]()).find((found) => found)
  if (!text) return refused('parameter_missing')
  if (rules.names_account) {
    const named = accounts.find((account) => rules.names_account!(account) === text)
    const which = named && { provider: table.name, account: named.email, client_id: clientId! }
    if (!which || endAccount(state, which, 'revoked') === 0) return unknown()
    call.outcome = 'ok'
    return rules.done
  }
  const refresh = state.grants.refresh.get(text)
  const access = state.grants.access.get(text)
  const found = refresh ?? access
  if (refresh) call.refresh_token_hash = hashOf(text)
  const dead = refresh ? (refresh.family.ended ?? refresh.ended) : access && accessTokenFault(state, access)
  const ends = (rules.ends_at?.[request.path] ?? rules.ends)[refresh ? 'refresh_token' : 'access_token']
  if (
    !found ||
    !ends ||
    dead ||
    found.family.provider !== table.name ||
    (clientId && found.family.client_id !== clientId)
  )
    return unknown()
  end(state, found.family, ends)
  found.ended = 'revoked'
  call.outcome = 'ok'
  return rules.done
}

const end = (state: SandboxState, family: Family, what: 'token' | 'family' | 'account'): void => {
  if (what === 'token') return
  endFamily(state, family, 'revoked')
  if (what === 'account' && family.account)
    endAccount(
      state,
      { provider: family.provider, account: family.account.email, client_id: family.client_id },
      'revoked',
    )
}
