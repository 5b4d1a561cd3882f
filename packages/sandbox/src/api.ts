import type { Account } from './accounts.ts'
import { findAccount } from './accounts.ts'
import type { Answer } from './answer.ts'
import type { Call } from './calls.ts'
import { accessTokenFault } from './grants.ts'
import type { ApiRoute, ProviderTable } from './provider-table.ts'
import { baseOf, type SandboxState } from './state.ts'

export type ApiRequest = {
  headers: Record<string, string | undefined>
  params: Record<string, string>
  query: URLSearchParams
  body: unknown
}

/** One call to a provider's API: the bearer token (RFC 6750), its scopes, then what the table does. */
export const answerApi = (
  state: SandboxState,
  table: ProviderTable,
  route: ApiRoute | null,
  request: ApiRequest,
  call: Call,
): Answer => {
  const refused = (answer: Answer, why: string): Answer => {
    call.outcome = `refused:${why}`
    return answer
  }
  const stranger = (why: string): Answer => {
    const answer = route?.unauthorized ?? table.api.unauthorized
    const facts = { now: state.clock.now(), random: state.random }
    return refused(typeof answer === 'function' ? answer(why, facts) : answer, why)
  }
  const { token_in_path: inPath } = route ?? {}
  const token = inPath ? request.params[inPath] : tokenIn(table, request.headers)
  if (!token) return stranger('no_token')
  const access = state.grants.access.get(token)
  if (access?.family.provider !== table.name) return stranger('unknown_token')
  const { scopes, family } = access
  const elsewhere = table.bound_to?.some((name) => request.params[name] !== family.place[name])
  if (route && elsewhere) return stranger('unknown_token')
  call.client_id = family.client_id
  const dead = accessTokenFault(state, access)
  if (dead) return stranger(dead)
  if (!route) return refused(table.api.not_found, 'no_such_path')
  if (route.scopes.length > 0 && !route.scopes.some((scope) => scopes.includes(scope)))
    return refused(table.api.forbidden(route.scopes, scopes), 'scope')
  // A token without a person acts for the first one, so that client credentials reach something.
  const person = family.account ?? findAccount('ada@example.com')!
  call.outcome = 'ok'
  return route.handle({
    params: request.params,
    query: request.query,
    headers: request.headers,
    body: request.body,
    account: person,
    scopes,
    token: { value: token, kind: access.kind, client_id: family.client_id, expires_at: access.expires_at },
    data: dataOf(state, table, person),
    dataOf: (email) => {
      const other = findAccount(email)
      return other && dataOf(state, table, other)
    },
    now: state.clock.now(),
    random: state.random,
    base: baseOf(state, table),
    send: (item) => {
      state.outbox.push({
        ...item,
        at: new Date(state.clock.now()).toISOString(),
        provider: table.name,
        account: person.email,
      })
    },
  })
}

/** The access token of a call, from the header where this provider looks for it. */
export const tokenIn = ({ api }: ProviderTable, headers: Record<string, string | undefined>): string | null =>
  (api.header ? headers[api.header] : /^bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1]) ?? null

const dataOf = (state: SandboxState, table: ProviderTable, account: Account): unknown => {
  const key = `${table.name} ${account.email}`
  if (!state.data.has(key)) state.data.set(key, table.api.seed(account, state.clock.now()))
  return state.data.get(key)
}
