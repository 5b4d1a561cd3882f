import { findAccount } from './accounts.ts'
import { type Call, type CallFilter, clearCalls, filterCalls, hashOf } from './calls.ts'
import { ControlError } from './control-error.ts'
import { type ConsentWish, driveConsent } from './drive-consent.ts'
import { checkFaultOrder } from './fault-order.ts'
import { addFault, type FaultOrder, releaseHeld, removeFault } from './faults.ts'
import { accessTokenFault, createGrantStore, endAccount } from './grants.ts'
import type { Settings } from './provider-table.ts'
import { type Client, clientKey, type OutboxItem, type SandboxState } from './state.ts'

export type FaultView = { id: number; order: FaultOrder; left: number | 'forever'; hits: number }

export type TokenView = {
  kind: 'access_token' | 'refresh_token'
  /** SHA-256, first 16 hex digits. */
  hash: string
  /** Would the provider take it now? */
  live: boolean
  /** Why not. */
  reason: string | null
  provider: string
  client_id: string
  account: string | null
  scopes: string[]
  /** RFC 3339; null for refresh tokens, and for access tokens that do not expire. */
  expires_at: string | null
  family: number
}

export type Stats = {
  calls: number
  families: number
  families_live: number
  /** Ended because an exchanged refresh token came again. */
  families_killed: number
  /** How often an exchanged refresh token came again. */
  reuses: number
  /** The most refreshes that one refresh token was in at once. */
  peak_concurrent_refreshes: number
  /** The same for each refresh token's hash. */
  peaks: Record<string, number>
  held: number
}

/** What a test or a person may do to a running sandbox. The HTTP control API offers the same. */
export type Control = {
  clock: { now(): number; offset(): number; advance(seconds: number): void }
  /** Orders a fault; answers its id. */
  fault(order: FaultOrder): number
  faults(): FaultView[]
  /** One, or all of them. */
  clearFaults(id?: number): void
  /** How many calls a `hold` keeps now. */
  held(): number
  release(): number
  settings(provider: string, change?: Partial<Settings>): Settings
  registerClient(client: Partial<Client> & Pick<Client, 'provider' | 'client_id' | 'redirect_uris'>): Client
  calls(filter?: CallFilter): Call[]
  stats(): Stats
  /** Looks one token up; null: never handed out (or forgotten by a reset). */
  token(token: string): TokenView | null
  tokens(filter?: { provider?: string; account?: string; live?: boolean }): TokenView[]
  /** Ends every grant of an account, as the person would in the provider's settings. Answers how many. */
  revokeGrant(which: { provider: string; account: string; client_id?: string }): number
  outbox(filter?: { provider?: string; account?: string }): OutboxItem[]
  consent(authorizationUrl: string, wish?: ConsentWish): Promise<string>
  /** Forgets everything but the registered clients; the clock goes back to the one beneath. */
  reset(): void
}

export const createControl = (state: SandboxState, listening: () => string): Control => {
  const providerOf = (name: string) => {
    const table = state.tables.get(name)
    if (!table) throw new ControlError(404, `provider: one of ${[...state.tables.keys()].join(', ')}.`)
    return table
  }
  const tokens: Control['tokens'] = (filter = {}) =>
    [...state.grants.access.keys(), ...state.grants.refresh.keys()]
      .map((token) => viewToken(state, token)!)
      .filter(
        (view) =>
          (filter.provider === undefined || view.provider === filter.provider) &&
          (filter.account === undefined || view.account === filter.account) &&
          (filter.live === undefined || view.live === filter.live),
      )
  return {
    clock: { now: state.clock.now, offset: state.clock.offset, advance: state.clock.advance },
    fault: (order) => addFault(state.faults, checkFaultOrder(state, order)).id,
    faults: () =>
      state.faults.list.map(({ id, order, left, hits }) => ({
        id,
        order,
        left: Number.isFinite(left) ? left : 'forever',
        hits,
      })),
    clearFaults: (id) => {
      if (id === undefined) state.faults.list = []
      else if (!removeFault(state.faults, id)) throw new ControlError(404, `There is no fault ${id}.`)
    },
    held: () => state.faults.held.size,
    release: () => releaseHeld(state.faults),
    settings: (provider, change = {}) => {
      providerOf(provider)
      const settings = state.settings.get(provider)!
      for (const [name, value] of Object.entries(change)) checkSetting(settings, name, value)
      return Object.assign(settings, change)
    },
    registerClient: (given) => {
      const table = providerOf(given.provider)
      if (!given.client_id || !Array.isArray(given.redirect_uris))
        throw new ControlError(400, 'client_id and redirect_uris are needed.')
      const client: Client = {
        provider: table.name,
        client_id: given.client_id,
        client_secret: given.client_secret ?? null,
        name: given.name ?? given.client_id,
        redirect_uris: given.redirect_uris,
        built_in: false,
      }
      state.clients.set(clientKey(table.name, client.client_id), client)
      return client
    },
    calls: (filter) => filterCalls(state.calls, filter),
    stats: () => ({
      calls: state.calls.total,
      families: state.grants.families.length,
      families_live: state.grants.families.filter((family) => !family.ended).length,
      families_killed: state.grants.familiesKilled,
      reuses: state.grants.reuses,
      peak_concurrent_refreshes: Math.max(0, ...state.calls.peaks.values()),
      peaks: Object.fromEntries(state.calls.peaks),
      held: state.faults.held.size,
    }),
    token: (token) => viewToken(state, token),
    tokens,
    revokeGrant: (which) => {
      providerOf(which.provider)
      if (!findAccount(which.account)) throw new ControlError(404, `account: ${which.account} has none here.`)
      return endAccount(state, which, 'revoked_by_person')
    },
    outbox: (filter = {}) =>
      state.outbox.filter(
        (item) =>
          (filter.provider === undefined || item.provider === filter.provider) &&
          (filter.account === undefined || item.account === filter.account),
      ),
    consent: (url, wish) => driveConsent(state, listening(), url, wish),
    reset: () => {
      Object.assign(state.grants, createGrantStore())
      state.transactions.clear()
      clearCalls(state.calls)
      state.faults.list = []
      releaseHeld(state.faults)
      state.data.clear()
      state.outbox.length = 0
      state.clock.reset()
      for (const table of state.tables.values()) state.settings.set(table.name, { ...table.settings })
    },
  }
}

const checkSetting = (settings: Settings, name: string, value: unknown): void => {
  if (!Object.hasOwn(settings, name))
    throw new ControlError(400, `${name}: no such setting. There are ${Object.keys(settings).join(', ')}.`)
  const isBoolean = typeof settings[name as keyof Settings] === 'boolean'
  const fits = isBoolean
    ? typeof value === 'boolean'
    : (typeof value === 'number' && Number.isFinite(value) && value >= 0) ||
      ((name === 'refresh_idle_lifetime' || name === 'expires_in') && value === null)
  if (!fits) throw new ControlError(400, `${name}: ${isBoolean ? 'true or false' : 'seconds, 0 or more'}.`)
}

const viewToken = (state: SandboxState, token: string): TokenView | null => {
  const access = state.grants.access.get(token)
  const refresh = state.grants.refresh.get(token)
  const found = access ?? refresh
  if (!found) return null
  const { family } = found
  const reason = access ? accessTokenFault(state, access) : refreshFault(state, token)
  return {
    kind: access ? 'access_token' : 'refresh_token',
    hash: hashOf(token),
    live: reason === null,
    reason,
    provider: family.provider,
    client_id: family.client_id,
    account: family.account?.email ?? null,
    scopes: found.scopes,
    expires_at: access?.expires_at ? new Date(access.expires_at).toISOString() : null,
    family: family.id,
  }
}

/** As the token endpoint would judge it, but without the consequences of asking. */
const refreshFault = (state: SandboxState, token: string): string | null => {
  const { family, ended, superseded_at: supersededAt, used_at: usedAt } = state.grants.refresh.get(token)!
  const { leeway, refresh_idle_lifetime: idle } = state.settings.get(family.provider)!
  const now = state.clock.now()
  if (family.ended ?? ended) return family.ended ?? ended
  if (supersededAt !== null) return leeway > 0 && now - supersededAt <= leeway * 1000 ? null : 'superseded'
  return idle !== null && now - usedAt > idle * 1000 ? 'expired' : null
}
