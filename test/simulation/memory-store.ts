import type { Secret, TokenSet } from '../../packages/oauth/src/index.ts'
import type { WithToken } from '../../packages/server/src/connections/load-with-token.ts'
import {
  afterFailure,
  afterSuccess,
  enter,
  freshGate,
  type Gate,
} from '../../packages/server/src/connections/refresh/gate.ts'
import { attemptColumns, journalEntry } from '../../packages/server/src/connections/refresh/journal.ts'
import type { Lease, LeaseKey } from '../../packages/server/src/connections/refresh/lease.ts'
import type { RefreshRules } from '../../packages/server/src/connections/refresh/rules.ts'
import {
  type Attempt,
  isStale,
  type Kept,
  type RefreshStore,
} from '../../packages/server/src/connections/refresh/store.ts'
import type { Connection } from '../../packages/server/src/connections/store.ts'
import { newId } from '../../packages/server/src/db/new-id.ts'
import type { RefreshLeaseRow, TokenRequestRow } from '../../packages/server/src/db/schema.ts'
import type { Integration } from '../../packages/server/src/integrations/store.ts'

/** What the SQL stores keep in tables. Tokens rest as their own bytes: sealing is not what is simulated. */
export type MemoryDatabase = {
  connections: Map<string, Connection>
  attempts: Map<string, TokenRequestRow>
  /** The same that the engine began, by their connection. */
  attemptsOf: Map<string, TokenRequestRow[]>
  leases: Map<string, RefreshLeaseRow>
  gates: Map<string, Gate>
  integrations: Map<string, Integration>
  /** Types of the events that were recorded, with the connection that they are about. */
  events: { type: string; connection: string; data?: Record<string, unknown> }[]
  /** Tokens that wait to be revoked. */
  revocations: string[]
}

export const emptyDatabase = (): MemoryDatabase => ({
  connections: new Map(),
  attempts: new Map(),
  attemptsOf: new Map(),
  leases: new Map(),
  gates: new Map(),
  integrations: new Map(),
  events: [],
  revocations: [],
})

export type MemoryContext = {
  now(): number
  /** The lease clock, and what tells its boots apart. */
  leaseNow(): number
  boot: string
  random(bytes: number): Uint8Array
  rules: RefreshRules
  hash(text: string): string
  secret(text: string): Secret
  /** No two connections hold the same token, as in a crowd: then none need be looked for among thousands. */
  unshared?: boolean
}

const bytes = (secret: Secret | null) => secret && new TextEncoder().encode(secret.expose())
const text = (value: Uint8Array | null) => value && new TextDecoder().decode(value)

/** The production store's contract, played in memory; each operation happens at once or not at all. */
export function createMemoryStore(db: MemoryDatabase, ctx: MemoryContext): RefreshStore {
  /** With another clock each time: an id counts on from none, so that whoever replays a command alone makes the same. */
  const source = () => ({ clock: { now: ctx.now }, random: ctx.random })
  const keyOf = ({ workspace, integration, tokenKey }: LeaseKey) => `${workspace}/${integration}/${tokenKey}`
  const gateKey = (workspace: string, integration: string) => `${workspace}/${integration}`
  const all = <Row>(rows: Map<string, Row>) => [...rows.values()]
  /** Most rows are not, and there are many: they are not gathered first. */
  const those = <Row>(rows: Map<string, Row>, are: (row: Row) => boolean): Row[] => {
    const found: Row[] = []
    for (const row of rows.values()) if (are(row)) found.push(row)
    return found
  }
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  const copy = <Row extends object>(row: Row): Row => ({ ...row })
  /** Without its tokens, as the engine sees it. */
  const asAttempt = (row: TokenRequestRow) =>
    Object.fromEntries(attemptColumns.map((column) => [column, row[column]])) as Attempt
  const event = (type: string, { id }: { id: string }, data?: Record<string, unknown>) =>
    void db.events.push({ type, connection: id, ...(data && { data }) })

  const holdsFence = (lease: Lease) => db.leases.get(keyOf(lease))?.fence === lease.fence
  const sharing = (one: Pick<Connection, 'workspace_id' | 'integration_id'>, hash: string | null) =>
    hash === null || ctx.unshared
      ? []
      : those(
          db.connections,
          (other) =>
            other.refresh_token_hash === hash &&
            other.workspace_id === one.workspace_id &&
            other.integration_id === one.integration_id &&
            other.status !== 'revoked',
        ).sort(byId)
  const openUses = (one: { integration_id: string }, hash: string | null, connection: string) => {
    const isOne = (attempt: TokenRequestRow) =>
      attempt.settle_at !== null &&
      attempt.spent_hash === hash &&
      attempt.integration_id === one.integration_id &&
      (hash !== null || attempt.connection_id === connection)
    const uses = ctx.unshared
      ? (db.attemptsOf.get(connection) ?? []).filter(isOne)
      : those(db.attempts, isOne)
    return uses.sort(byId)
  }
  /** Where the pairs of a connection's generations are; a first one was not begun by the engine. */
  const generationsOf = ({ id, token_request_id }: Connection) => {
    if (!ctx.unshared) return all(db.attempts)
    const current = token_request_id ? db.attempts.get(token_request_id) : undefined
    return [...(db.attemptsOf.get(id) ?? []), ...(current ? [current] : [])]
  }
  const destroy = (attempt: TokenRequestRow) =>
    Object.assign(attempt, { access_token: null, refresh_token: null })
  const holders = (attempt: Attempt) => {
    const own = db.connections.get(attempt.connection_id)
    return [
      ...(own && own.status !== 'revoked' ? [own] : []),
      ...sharing(attempt, attempt.spent_hash).filter(({ id }) => id !== attempt.connection_id),
    ]
  }

  /** Returns whether the breaker was open. */
  function answered(key: string): boolean {
    const gate = db.gates.get(key)
    if (!gate || (gate.failing.length === 0 && gate.opened_at === null)) return false
    db.gates.set(key, afterSuccess(gate))
    return gate.opened_at !== null
  }

  function close(
    { id }: Pick<Attempt, 'id'>,
    { outcome, facts, settleAt }: Parameters<RefreshStore['close']>[1],
  ): void {
    const row = db.attempts.get(id)
    if (!row || row.received_at !== null) return
    Object.assign(row, {
      outcome,
      settle_at: settleAt,
      ...(facts && { error: facts.error, error_description: facts.description }),
    })
  }

  return {
    async read({ id }) {
      const connection = db.connections.get(id)
      if (!connection) return undefined
      const pair = connection.token_request_id ? db.attempts.get(connection.token_request_id) : undefined
      return {
        ...connection,
        access_token: pair?.access_token ?? null,
        token_type: pair?.token_type ?? null,
        lifetime: pair?.lifetime ?? null,
        received_at: pair?.received_at ?? null,
      } satisfies WithToken
    },
    integration: async ({ integration_id }) => db.integrations.get(integration_id)!,

    async acquire(key) {
      const held = db.leases.get(keyOf(key))
      const now = ctx.leaseNow()
      if (held && held.expires_at > now && held.boot_id === ctx.boot) return null
      const holder = newId(source())
      const fence = (held?.fence ?? 0) + 1
      db.leases.set(keyOf(key), {
        workspace_id: key.workspace,
        integration_id: key.integration,
        token_key: key.tokenKey,
        holder,
        boot_id: ctx.boot,
        fence,
        expires_at: now + ctx.rules.leaseMs,
      })
      return { ...key, holder, fence }
    },
    async remaining(lease) {
      const held = db.leases.get(keyOf(lease))
      return held?.holder === lease.holder ? held.expires_at - ctx.leaseNow() : 0
    },
    async release(lease) {
      const held = db.leases.get(keyOf(lease))
      if (held?.holder === lease.holder) held.expires_at = ctx.leaseNow()
    },

    async scene({ id }) {
      const connection = db.connections.get(id)
      if (!connection) return undefined
      return {
        connection: copy(connection),
        siblings: sharing(connection, connection.refresh_token_hash)
          .filter((one) => one.id !== id)
          .map(copy),
        open: openUses(connection, connection.refresh_token_hash, id).map(asAttempt),
        restored: (db.attempts.get(connection.token_request_id ?? '')?.restored_in ?? null) !== null,
      }
    },
    async materials(_integration, connection) {
      const pair = connection.token_request_id ? db.attempts.get(connection.token_request_id) : undefined
      const secret = (value: Uint8Array | null | undefined) => (value ? ctx.secret(text(value)!) : null)
      const current = { access: secret(pair?.access_token), refresh: secret(pair?.refresh_token) }
      return {
        client: {
          client_id: 'client',
          client_secret: ctx.secret('secret'),
          auth_method: 'client_secret_post',
        },
        ...current,
        seal: async (attempt, tokens) => ({
          workspace_id: attempt.workspace_id,
          id: attempt.id,
          tokens: received(attempt, tokens, current.refresh),
        }),
      }
    },

    async begin(lease, { connection }, { kind, budget, lost, settleAt }) {
      const now = ctx.now()
      const uses = openUses(connection, connection.refresh_token_hash, connection.id)
      if (uses.some((use) => use.received_at !== null && !isStale(use, connection)))
        return { overtaken: true }
      const key = gateKey(lease.workspace, lease.integration)
      const pass = enter(db.gates.get(key) ?? freshGate(now, budget), {
        now,
        connection: connection.id,
        budget,
        lost,
      })
      db.gates.set(key, pass.gate)
      if (!pass.ok) return { blocked: pass.why, retryAfterMs: pass.retryAfterMs }
      const attempt = journalEntry(source(), lease, connection, { kind, settleAt })
      db.attempts.set(attempt.id, attempt)
      db.attemptsOf.set(connection.id, [...(db.attemptsOf.get(connection.id) ?? []), attempt])
      return { attempt: copy(attempt) }
    },
    async keep({ id, tokens }: Kept, settleAt) {
      const row = db.attempts.get(id)
      if (row && row.received_at === null) Object.assign(row, tokens, { settle_at: settleAt, outcome: null })
      return row !== undefined
    },
    close: async (attempt, closing) => close(attempt, closing),

    async adopt(lease, { id }, moves) {
      const pair = db.attempts.get(id)
      const moved: Connection[] = []
      if (pair && pair.settle_at !== null)
        for (const { connection, dates } of moves) {
          const row = db.connections.get(connection.id)
          const open = row && ['active', 'pending', 'needs_reauth'].includes(row.status)
          if (!open || row.token_version !== connection.token_version || !holdsFence(lease)) continue
          const before = copy(row)
          Object.assign(row, dates, {
            status: 'active',
            reason: null,
            reason_detail: null,
            token_request_id: pair.id,
            token_version: row.token_version + 1,
            refresh_token_hash: pair.refresh_token_hash,
            expires_at: pair.expires_at,
            claimed_until: null,
            refused_at: null,
            refresh_failures: 0,
            last_refresh_at: ctx.now(),
            last_refresh_ok: 1,
            last_refresh_error: null,
            ...(pair.scopes === null ? {} : { scopes_granted: pair.scopes }),
            updated_at: ctx.now(),
          })
          moved.push(before)
        }
      if (!pair || moved.length === 0) return { moved: [], closed: false }
      for (const other of openUses(pair, pair.spent_hash, pair.connection_id)) {
        if (other.id === pair.id) continue
        other.outcome = other.received_at !== null ? 'superseded' : (other.outcome ?? 'uncertain')
        other.settle_at = null
      }
      Object.assign(pair, { outcome: 'stored', settle_at: null })
      for (const before of moved) {
        const old = before.token_request_id ? db.attempts.get(before.token_request_id) : undefined
        const holding = sharing(before, before.refresh_token_hash).map((holder) => holder.token_request_id)
        for (const one of old ? generationsOf(before) : []) {
          const generation =
            one.id === old?.id ||
            (one.connection_id === before.id &&
              one.spent_hash !== null &&
              one.spent_hash === old?.spent_hash &&
              one.outcome === 'superseded')
          if (generation && !holding.includes(one.id)) destroy(one)
        }
        const recovered = before.refresh_failures > 0 || before.status === 'needs_reauth'
        event(recovered ? 'connection.recovered' : 'connection.refreshed', before)
      }
      const key = gateKey(lease.workspace, lease.integration)
      if (pair.refresh_token_hash !== lease.tokenKey) db.leases.delete(keyOf(lease))
      return { moved: moved.map(({ id }) => id), closed: answered(key) }
    },
    async dismiss(attempt) {
      const pair = db.attempts.get(attempt.id)
      if (!pair || pair.settle_at === null) return
      if (pair.received_at === null) {
        Object.assign(pair, { outcome: pair.outcome ?? 'uncertain', settle_at: null })
        return
      }
      const living = holders(attempt)
      if (living.some((one) => one.refresh_token_hash === pair.spent_hash && !isStale(pair, one))) {
        pair.settle_at = ctx.now()
        return
      }
      Object.assign(pair, { outcome: 'superseded', settle_at: null })
      if (living.length > 0) {
        const kin = living.find(({ token_request_id }) => {
          const current = token_request_id ? db.attempts.get(token_request_id) : undefined
          const rotated = pair.spent_hash !== null && pair.spent_hash !== pair.refresh_token_hash
          return rotated && current?.spent_hash === pair.spent_hash
        })
        if (!kin) destroy(pair)
        else if (kin.status === 'needs_reauth')
          Object.assign(pair, { outcome: null, spent_hash: kin.refresh_token_hash, settle_at: ctx.now() })
        return
      }
      const token = text(pair.refresh_token)
      if (token && db.connections.has(pair.connection_id)) db.revocations.push(token)
      destroy(pair)
    },
    async contested({ connection, siblings }) {
      const current = connection.token_request_id ? db.attempts.get(connection.token_request_id) : undefined
      if (!current || current.spent_hash === null || current.spent_hash === current.refresh_token_hash)
        return false
      return all(db.attempts).some(
        (one) =>
          one.id !== current.id &&
          [connection, ...siblings].some(({ id }) => id === one.connection_id) &&
          one.spent_hash === current.spent_hash &&
          ['refused', 'uncertain', 'lost'].includes(one.outcome ?? ''),
      )
    },
    async revive(connection) {
      const current = connection.token_request_id ? db.attempts.get(connection.token_request_id) : undefined
      if (connection.refresh_token_hash === null || !current || current.spent_hash === null) return false
      const candidate = all(db.attempts)
        .filter(
          (one) =>
            one.connection_id === connection.id &&
            one.spent_hash === current.spent_hash &&
            one.outcome === 'superseded' &&
            one.refresh_token !== null &&
            one.refresh_token_hash !== connection.refresh_token_hash,
        )
        .sort(byId)
        .at(-1)
      if (!candidate) return false
      Object.assign(candidate, {
        outcome: null,
        spent_hash: connection.refresh_token_hash,
        settle_at: ctx.now(),
      })
      return true
    },

    async fail({ connection, siblings }, attempt, closing, { facts, retryAt, gate, retryAfterMs, refused }) {
      const now = ctx.now()
      if (attempt) close(attempt, closing)
      for (const one of refused ? [connection, ...siblings] : [connection]) {
        const row = db.connections.get(one.id)
        if (row?.status !== 'active' || row.token_version !== one.token_version) continue
        Object.assign(row, {
          refresh_failures: one.refresh_failures + 1,
          refresh_at: retryAt,
          claimed_until: null,
          last_refresh_at: now,
          last_refresh_ok: 0,
          last_refresh_error: words(facts),
          updated_at: now,
          ...(refused && { refused_at: row.refused_at ?? now }),
        })
        if (one.refresh_failures === 0 && !refused)
          event('connection.refresh_failed', one, {
            error: facts.error,
            description: facts.description,
            status: facts.status,
          })
      }
      const key = gateKey(connection.workspace_id, connection.integration_id)
      const before = db.gates.get(key)
      if (gate === 'answered') answered(key)
      if (gate !== 'failed' || !before) return { opened: false }
      const after = afterFailure(before, { now, connection: connection.id, retryAfterMs })
      db.gates.set(key, after)
      return { opened: before.opened_at === null && after.opened_at !== null }
    },
    async end(lease, { connection, siblings }, attempt, reason, facts) {
      const now = ctx.now()
      const uses = openUses(attempt, attempt.spent_hash, attempt.connection_id)
      const turnedUp = uses.filter(({ received_at }) => received_at !== null)
      for (const one of turnedUp) one.settle_at = now
      if (turnedUp.length > 0) return false
      let ended = false
      for (const one of [connection, ...siblings]) {
        const row = db.connections.get(one.id)
        if (row?.status !== 'active' || row.token_version !== one.token_version || !holdsFence(lease))
          continue
        Object.assign(row, {
          status: 'needs_reauth',
          reason,
          reason_detail: words(facts),
          refresh_at: null,
          claimed_until: null,
          ends_at: null,
          warn_at: null,
          last_refresh_at: now,
          last_refresh_ok: 0,
          last_refresh_error: words(facts),
          updated_at: now,
        })
        ended = true
        event('connection.needs_reauth', one, { reason, error: facts.error, description: facts.description })
      }
      close(attempt, { outcome: 'refused', facts, settleAt: null })
      answered(gateKey(lease.workspace, lease.integration))
      if (ended)
        for (const one of uses)
          if (one.id !== attempt.id) Object.assign(one, { outcome: 'lost', settle_at: null })
      return ended
    },

    holders: async (attempt) => holders(attempt).map(copy),
    async claim(limit) {
      const now = ctx.now()
      const settling = those(db.attempts, ({ settle_at }) => settle_at !== null && settle_at <= now)
      const due = those(
        db.connections,
        ({ refresh_at, claimed_until }) =>
          refresh_at !== null && refresh_at <= now && (claimed_until === null || claimed_until <= now),
      )
      // As nearly always.
      if (settling.length === 0 && due.length === 0) return { attempts: [], connections: [], shut: [] }
      const attempts = settling
        .sort((a, b) => a.settle_at! - b.settle_at! || byId(a, b))
        .slice(0, limit)
        .map(asAttempt)
      for (const { id } of attempts) db.attempts.get(id)!.settle_at = now + ctx.rules.adoptMs
      const connections = due
        .sort((a, b) => a.refresh_at! - b.refresh_at!)
        .slice(0, limit - attempts.length)
        .map(copy)
      for (const { id } of connections) db.connections.get(id)!.claimed_until = now + ctx.rules.claimMs
      const wanted = new Set(connections.map((one) => gateKey(one.workspace_id, one.integration_id)))
      const shut = [...db.gates].flatMap(([key, gate]) => {
        const [workspace_id, integration_id] = key.split('/') as [string, string]
        const { probe_at, probed } = gate
        return wanted.has(key) && gate.opened_at !== null
          ? [{ workspace_id, integration_id, probe_at: probe_at ?? 0, probed }]
          : []
      })
      return { attempts, connections, shut }
    },
    async defer(deferred) {
      for (const { connection, until } of deferred) {
        const row = db.connections.get(connection.id)
        if (row && row.refresh_at === connection.refresh_at)
          Object.assign(row, { refresh_at: until, claimed_until: null })
      }
    },
    async postpone({ id }, settleAt) {
      const row = db.attempts.get(id)
      if (row && row.settle_at !== null) row.settle_at = settleAt
    },
  }

  function received(attempt: Attempt, tokens: TokenSet, keep: Secret | null): Kept['tokens'] {
    const refresh = tokens.refresh_token ?? keep
    const lifetime = tokens.expires_in === null ? null : tokens.expires_in * 1000
    return {
      received_at: ctx.now(),
      access_token: bytes(tokens.access_token),
      refresh_token: bytes(refresh),
      refresh_token_hash: refresh && ctx.hash(refresh.expose()),
      token_type: tokens.token_type,
      scopes: tokens.scopes && JSON.stringify(tokens.scopes),
      expires_at: lifetime === null ? null : attempt.sent_at! + lifetime,
      lifetime,
      refresh_lifetime: tokens.refresh_expires_in === null ? null : tokens.refresh_expires_in * 1000,
    }
  }
}

const words = ({ error, description }: { error: string; description: string | null }) =>
  description ? `${error}: ${description}` : error
