import type { CallLog } from './calls.ts'
import type { MovableClock } from './clock.ts'
import type { FaultBoard } from './faults.ts'
import type { GrantStore } from './grants.ts'
import type { Signer } from './id-token.ts'
import type { ProviderTable, Settings } from './provider-table.ts'
import type { Random } from './random.ts'
import type { Transaction } from './transactions.ts'

export type Client = {
  provider: string
  client_id: string
  /** Null: a public client. */
  client_secret: string | null
  name: string
  /** Exact; `loopback` stands for every http URI on a loopback host. */
  redirect_uris: string[]
  built_in: boolean
}

/** What left the sandbox's fake services: mail sent, records made. */
export type OutboxItem = {
  at: string
  provider: string
  account: string
  kind: string
  summary: string
  detail: Record<string, unknown>
}

/** All that a running sandbox remembers. In memory only. */
export type SandboxState = {
  /** Without a slash at the end. */
  url: string
  clock: MovableClock
  random: Random
  tables: ReadonlyMap<string, ProviderTable>
  settings: Map<string, Settings>
  clients: Map<string, Client>
  grants: GrantStore
  transactions: Map<string, Transaction>
  calls: CallLog
  faults: FaultBoard
  signer: Signer
  /** `provider account` → what the account holds there. */
  data: Map<string, unknown>
  outbox: OutboxItem[]
  /** For `consent`, which calls the sandbox's own pages. */
  fetch: typeof globalThis.fetch
  /** Ends whatever is held back when the sandbox closes. */
  closing: AbortSignal
}

export const baseOf = (state: Pick<SandboxState, 'url'>, table: Pick<ProviderTable, 'name'>): string =>
  `${state.url}/${table.name}`

export const clientKey = (provider: string, clientId: string): string => `${provider} ${clientId}`
