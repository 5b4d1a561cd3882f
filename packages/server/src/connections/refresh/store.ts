import type { Client, ProviderErrorFacts, Secret, TokenSet } from '@grantry/oauth'
import type { TokenRequestRow } from '../../db/schema.ts'
import type { Integration } from '../../integrations/store.ts'
import type { WithToken } from '../load-with-token.ts'
import type { Connection } from '../store.ts'
import type { ReceivedTokens } from '../token-set.ts'
import type { Budget } from './gate.ts'
import type { Lease, LeaseKey } from './lease.ts'
import type { Dates } from './schedule.ts'

export type ConnectionKey = Pick<Connection, 'workspace_id' | 'id'>

/** One use of a refresh token: journal, received pair and outcome in one record. Its tokens stay with the store. */
export type Attempt = Pick<
  TokenRequestRow,
  | 'workspace_id'
  | 'id'
  | 'integration_id'
  | 'connection_id'
  | 'fence'
  | 'spent_hash'
  | 'sent_at'
  | 'received_at'
  | 'lifetime'
  | 'refresh_lifetime'
  | 'refresh_token_hash'
  | 'outcome'
>

/** What the holder of a lease sees, of one moment. */
export type Scene = {
  connection: Connection
  /** Other connections on the same refresh token (it was imported twice): they move together. */
  siblings: Connection[]
  /** Uses of the current refresh token whose end nobody has settled, oldest first. */
  open: Attempt[]
  /** The current pair came back out of a backup: since then its refresh token may have been replaced, and may be a dead one. */
  restored: boolean
}

/**
 * Whether a received pair is older than what its connection has: where refresh tokens do not rotate, every pair has the
 * same parent. Ids are in the order of time.
 */
export const isStale = (
  { id, refresh_token_hash, spent_hash }: Attempt,
  { token_request_id }: Pick<Connection, 'token_request_id'>,
) => refresh_token_hash === spent_hash && token_request_id !== null && id < token_request_id

/** A received pair as it is stored: the sealed columns of one attempt. */
export type Kept = {
  workspace_id: string
  id: string
  tokens: ReceivedTokens
  /** Whose it is: for a database that came back out of a backup and does not know of the attempt. Absent in old files. */
  of?: Pick<Attempt, 'integration_id' | 'connection_id'>
}

/** What a request is made of, and what seals its answer also when the database has gone away in between. */
export type Materials = {
  client: Client
  access: Secret | null
  refresh: Secret | null
  seal(attempt: Attempt, tokens: TokenSet): Promise<Kept>
}

/** Why a person must consent again: the provider said so, in plain, or after an answer was lost, or after a restore. */
export type EndReason = 'grant_ended' | 'lost_response' | 'restored'

export type Failure = {
  facts: Pick<ProviderErrorFacts, 'error' | 'description' | 'status'>
  /** When the connection is tried again. */
  retryAt: number
  /** What the provider config's breaker makes of it: a failure, an answer that shows the provider well, or nothing. */
  gate: 'failed' | 'answered' | null
  retryAfterMs: number | null
  /** The provider said that the grant has ended, for the first time. */
  refused: boolean
}

/** An attempt's end, and when it must be looked at again, if that was not the end. */
export type Closing = Pick<TokenRequestRow, 'outcome'> & {
  facts: Pick<ProviderErrorFacts, 'error' | 'description'> | null
  settleAt: number | null
}

/** Ids of the connections that moved, and whether that closed the breaker. */
export type Adopted = { moved: string[]; closed: boolean }

/** `overtaken`: a pair of the same token has been stored since the scene was read. */
export type Begun =
  | { attempt: Attempt }
  | { overtaken: true }
  | { blocked: 'breaker_open' | 'over_budget'; retryAfterMs: number }

/**
 * All that the refresh engine keeps, each operation one committed step. A simulation plays another one;
 * the tests hold the two against each other.
 */
export type RefreshStore = {
  read(key: ConnectionKey): Promise<WithToken | undefined>
  integration(connection: Pick<Connection, 'workspace_id' | 'integration_id'>): Promise<Integration>

  /** Compare-and-swap on the lease clock; null while another holds it. */
  acquire(key: LeaseKey): Promise<Lease | null>
  /** Milliseconds left; 0 or less once it has run out or passed to another. */
  remaining(lease: Lease): Promise<number>
  /** Lets go, if it is still ours. */
  release(lease: Lease): Promise<void>

  scene(key: ConnectionKey): Promise<Scene | undefined>
  materials(integration: Integration, connection: Connection): Promise<Materials>
  /** Passes the gate and writes the journal, before anything is sent. */
  begin(
    lease: Lease,
    scene: Scene,
    step: { kind: 'refresh' | 'regrant'; budget: Budget; lost: number | null; settleAt: number },
  ): Promise<Begun>
  /** Stores a received pair, whatever has happened meanwhile. False where the attempt's record is gone for good. */
  keep(kept: Kept, settleAt: number): Promise<boolean>
  /** Ends an attempt that brought nothing and says nothing about its connection. */
  close(attempt: Pick<Attempt, 'workspace_id' | 'id'>, closing: Closing): Promise<void>

  /**
   * Moves each connection to a received pair, where fence and token version are still those of the lease and the scene.
   */
  adopt(
    lease: Lease,
    attempt: Pick<Attempt, 'workspace_id' | 'id'>,
    moves: { connection: Connection; dates: Dates }[],
  ): Promise<Adopted>
  /** A pair or an attempt that no connection can move to any more: closed, and its tokens revoked if they live on for nobody. */
  dismiss(attempt: Attempt): Promise<void>
  /** Where the current token was refused: whether another pair of the same parent was received, which then is its successor. */
  revive(connection: Connection): Promise<boolean>

  /** A refresh that failed and says nothing final about the grant. */
  fail(
    scene: Scene,
    attempt: Attempt | null,
    closing: Closing,
    failure: Failure,
  ): Promise<{ opened: boolean }>
  /** The grant is over. False where fence or version have moved, or a pair has turned up. */
  end(
    lease: Lease,
    scene: Scene,
    attempt: Attempt,
    reason: EndReason,
    facts: ProviderErrorFacts,
  ): Promise<boolean>

  /** Whether the token that the current pair came of was sent more than once: the provider may have ended the pair for that. */
  contested(scene: Scene): Promise<boolean>

  /** Living connections on the token that an attempt spent, and its own one. */
  holders(attempt: Attempt): Promise<Connection[]>
  /** Takes attempts to settle and connections to refresh that are due, `limit` in all, so that no other process does. */
  claim(limit: number): Promise<{ attempts: Attempt[]; connections: Connection[]; shut: Shut[] }>
  /** Puts claimed rows off. */
  defer(connections: { connection: Connection; until: number }[]): Promise<void>
  postpone(attempt: Attempt, settleAt: number): Promise<void>
}

/** A provider config among those of the claimed connections whose breaker is open. */
export type Shut = {
  workspace_id: string
  integration_id: string
  probe_at: number
  probed: string | null
}
