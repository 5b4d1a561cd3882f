import type { Answer } from './answer.ts'
import { paramsOf } from './body.ts'
import { type Call, hashOf } from './calls.ts'
import { authenticateClient } from './client-auth.ts'
import { accessTokenFault, endAccount, endFamily, type Family } from './grants.ts'
import type { ProviderTable } from './provider-table.ts'
import { refuse } from './refusals.ts'
import type { SandboxState } from './state.ts'

export type RevokeRequest = { authorization: string | undefined; body: unknown; query: URLSearchParams }

/** RFC 7009, or what the provider has in its place. */
export const answerRevoke = (
  state: SandboxState,
  table: ProviderTable,
  { authorization, body, query }: RevokeRequest,
  call: Call,
): Answer => {
  const rules = table.revoke!
  const form = paramsOf(body, ['form']) ?? new URLSearchParams()
  const read = (name: string) =>
    (rules.token_in.includes('body') ? form.get(name) : null) ??
    (rules.token_in.includes('query') ? query.get(name) : null)
  let clientId: string | null = null
  if (rules.client_auth) {
    const auth = authenticateClient(state, table, authorization, form)
    if ('refused' in auth) {
      call.client_id = auth.client_id
      call.outcome = `refused:${auth.refused}`
      return refuse(table, auth.refused)
    }
    clientId = auth.client.client_id
    call.client_id = clientId
  }
  const text = read(rules.parameter)
  if (!text) {
    call.outcome = 'refused:parameter_missing'
    return refuse(table, 'parameter_missing')
  }
  const refresh = state.grants.refresh.get(text)
  const access = state.grants.access.get(text)
  const found = refresh ?? access
  if (refresh) call.refresh_token_hash = hashOf(text)
  const dead = refresh ? refresh.family.ended : access && accessTokenFault(state, access)
  if (
    !found ||
    dead ||
    found.family.provider !== table.name ||
    (clientId && found.family.client_id !== clientId)
  ) {
    call.outcome = 'unknown_token'
    return rules.unknown
  }
  end(state, found.family, rules.ends[refresh ? 'refresh_token' : 'access_token'])
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
