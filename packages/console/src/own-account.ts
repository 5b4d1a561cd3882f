import type {
  changePassword,
  Endpoint,
  getSession,
  listAccountProviders,
  listIdentities,
  listSessions,
} from '@grantry/api'
import type { Call, ListPage } from '@grantry/sdk/transport'

/** What an endpoint of the contract answers as `data`. */
type Answered<E extends Endpoint> = E['response']['_zod']['output'] extends { data: infer T } ? T : never
type Listed<E extends Endpoint> = Answered<E> extends (infer T)[] ? T : never

export type CurrentSession = Answered<typeof getSession>
export type MemberSession = Listed<typeof listSessions>
export type Identity = Listed<typeof listIdentities>
export type AccountProvider = Listed<typeof listAccountProviders>
export type NewPassword = NonNullable<(typeof changePassword)['body']>['_zod']['output']

/** What a member does for themselves. It counts by cookie alone, so that the SDK has no methods for it. */
export type OwnAccount = {
  session(): Promise<CurrentSession>
  sessions(cursor?: string): Promise<ListPage<MemberSession>>
  endSession(id: string): Promise<unknown>
  endOtherSessions(): Promise<{ ended: number }>
  rename(name: string | null): Promise<CurrentSession['member']>
  changePassword(body: NewPassword): Promise<unknown>
  identities(): Promise<Identity[]>
  /** Where members of the workspace may sign in. */
  identityProviders(): Promise<AccountProvider[]>
  unlink(identityProvider: string): Promise<unknown>
}

export function createOwnAccount(call: Call): OwnAccount {
  return {
    session: () => call.item('GET', '/api/v1/session', {}),
    sessions: async (cursor) => call.list<MemberSession>('/api/v1/sessions', { query: { cursor } }),
    endSession: (id) => call.item('DELETE', `/api/v1/sessions/${encodeURIComponent(id)}`, {}),
    endOtherSessions: () => call.item('DELETE', '/api/v1/sessions', {}),
    rename: (name) => call.item('PATCH', '/api/v1/account', { body: { name } }),
    changePassword: (body) => call.item('POST', '/api/v1/account/password', { body }),
    identities: () => call.item('GET', '/api/v1/account/identities', {}),
    identityProviders: () => call.item('GET', '/api/v1/account/identity-providers', {}),
    unlink: (id) => call.item('DELETE', `/api/v1/account/identities/${encodeURIComponent(id)}`, {}),
  }
}
