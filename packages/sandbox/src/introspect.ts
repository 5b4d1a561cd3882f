import { type Answer, json } from './answer.ts'
import { paramsOf } from './body.ts'
import type { Call } from './calls.ts'
import { authenticateClient } from './client-auth.ts'
import { accessTokenFault } from './grants.ts'
import type { ProviderTable } from './provider-table.ts'
import { noStore, refuse, requestFacts } from './refusals.ts'
import { baseOf, type SandboxState } from './state.ts'

export type IntrospectRequest = { authorization: string | undefined; body: unknown }

/** RFC 7662 for access tokens: of one that is dead, unknown or somebody else's the client learns no more than that (§2.2). */
export const answerIntrospect = (
  state: SandboxState,
  table: ProviderTable,
  { authorization, body }: IntrospectRequest,
  call: Call,
): Answer => {
  const form = paramsOf(body, ['form']) ?? new URLSearchParams()
  const auth = authenticateClient(state, table, authorization, form)
  if ('refused' in auth) {
    call.client_id = auth.client_id
    call.outcome = `refused:${auth.refused}`
    return refuse(table, auth.refused, requestFacts(state, table, null))
  }
  const { client_id } = auth.client
  call.client_id = client_id
  const text = form.get('token')
  if (!text) {
    call.outcome = 'refused:parameter_missing'
    return refuse(table, 'parameter_missing', requestFacts(state, table, auth.client))
  }
  const access = state.grants.access.get(text)
  const { family } = access ?? {}
  if (
    !access ||
    family?.provider !== table.name ||
    family.client_id !== client_id ||
    accessTokenFault(state, access) !== null
  ) {
    call.outcome = 'inactive'
    return json(200, { active: false }, noStore)
  }
  call.outcome = 'ok'
  const { scopes, issued_at, expires_at } = access
  const token = { client_id, account: family.account, scopes, issued_at, expires_at }
  return json(200, { active: true, ...table.introspect?.(token, baseOf(state, table)) }, noStore)
}
