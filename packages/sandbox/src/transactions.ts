import { randomBase64url } from './random.ts'
import type { SandboxState } from './state.ts'

/** An authorization request that waits for the person's word. */
export type Transaction = {
  provider: string
  client_id: string
  redirect_uri: string
  scopes: string[]
  params: URLSearchParams
  place: Record<string, string>
  expires_at: number
}

const LIFETIME_MS = 30 * 60_000

/** Answers the one-use name under which the consent page's form finds the request again. */
export const keepTransaction = (
  state: Pick<SandboxState, 'transactions' | 'clock' | 'random'>,
  facts: Omit<Transaction, 'expires_at'>,
): string => {
  const now = state.clock.now()
  // Insertion order is the order of expiry, unless the clock was moved back: good enough for a sweep.
  for (const [id, old] of state.transactions) {
    if (old.expires_at > now) break
    state.transactions.delete(id)
  }
  const id = randomBase64url(state.random, 18)
  state.transactions.set(id, { ...facts, expires_at: now + LIFETIME_MS })
  return id
}

export const takeTransaction = (
  state: Pick<SandboxState, 'transactions' | 'clock'>,
  id: string,
  provider: string,
): Transaction | null => {
  const found = state.transactions.get(id)
  if (found?.provider !== provider) return null
  state.transactions.delete(id)
  return found.expires_at > state.clock.now() ? found : null
}
