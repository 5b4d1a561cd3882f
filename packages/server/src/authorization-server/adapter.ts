import type { Adapter, AdapterPayload } from 'oidc-provider'
import { system } from '../audit/event.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { OAuthRecordRow } from '../db/schema.ts'
import { deployment } from '../vault/deployment.ts'
import { findClient, type StoredClient } from './client-store.ts'
import { endGrantOfTokens } from './end-grant.ts'
import type { RecordIds } from './record-id.ts'
import { readSubject } from './subject.ts'
import { ConsumedError, type Units } from './unit.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random'>

export type OfClients = {
  metadataOf(client: StoredClient): AdapterPayload
  save(metadata: AdapterPayload): Promise<void>
  remove(clientId: string): Promise<void>
}

/** How long after its use a refresh token's answer may be asked for again. */
const replayMs = 30_000

/**
 * Where the core keeps what it issues: one row per record, found by a hash. Within a unit (a request at the token
 * endpoint) nothing is written until its end; elsewhere each write stands by itself.
 */
export function createAdapter(ctx: Needs, ids: RecordIds, units: Units, clients: OfClients) {
  return (model: string): Adapter =>
    model === 'Client' ? clientAdapter(ctx, clients) : recordAdapter(ctx, ids, units, model)
}

function clientAdapter(ctx: Needs, clients: OfClients): Adapter {
  const none = async () => undefined
  return {
    async find(clientId) {
      const client = await findClient(ctx, clientId)
      return client ? clients.metadataOf(client) : undefined
    },
    upsert: async (_clientId, metadata) => clients.save(metadata),
    destroy: async (clientId) => clients.remove(clientId),
    findByUid: none,
    findByUserCode: none,
    consume: none,
    revokeByGrantId: none,
  }
}

function recordAdapter(ctx: Needs, ids: RecordIds, units: Units, model: string): Adapter {
  const rows = (db: Db) => db.selectFrom('oauth_records').selectAll().where('model', '=', model)
  const placeholder = '\u0000'

  async function write(takesAway: boolean, run: (tx: Db) => Promise<void>): Promise<void> {
    const unit = units.getStore()
    if (unit) unit.writes.push({ takesAway, run })
    else await run(ctx.db)
  }

  function present(row: OAuthRecordRow | undefined, id: string): AdapterPayload | undefined {
    if (!row || row.expires_at <= ctx.clock.now()) return undefined
    // An id is part of some records (a session knows its own): it is put back for whoever shows it.
    const payload = JSON.parse(
      row.payload.replaceAll(JSON.stringify(placeholder).slice(1, -1), id),
    ) as AdapterPayload
    payload.jti = id
    if (row.consumed_at !== null) payload.consumed = Math.floor(row.consumed_at / 1000)
    return payload
  }

  async function findBy(text: string): Promise<AdapterPayload | undefined> {
    const row = await rows(ctx.db).where('uid_hash', '=', ids.hashOf(text)).executeTakeFirst()
    return row && present(row, ids.handleOf(row.id_hash))
  }

  return {
    async find(id) {
      const row = await rows(ctx.db).where('id_hash', '=', ids.hashOf(id)).executeTakeFirst()
      const unit = units.getStore()
      if (unit && row && model === 'RefreshToken' && isRetry(ctx, row)) {
        unit.retryOf = row
        return present({ ...row, consumed_at: null }, id)
      }
      return present(row, id)
    },
    findByUid: findBy,
    findByUserCode: findBy,

    async upsert(id, payload, expiresIn = 0) {
      const now = ctx.clock.now()
      const idHash = ids.hashOf(id)
      const kept = withoutCredentials(payload)
      const uid = (model === 'Session' ? payload.uid : payload.userCode) as string | undefined
      const subject = payload.accountId ? readSubject(payload.accountId as string) : null
      const row = {
        workspace_id: subject?.workspace ?? deployment,
        model,
        id_hash: idHash,
        grant_hash: payload.grantId ? ids.hashOf(payload.grantId as string) : null,
        uid_hash: uid === undefined ? null : ids.hashOf(uid),
        client_id: (payload.clientId as string | undefined) ?? null,
        payload: JSON.stringify(kept).replaceAll(id, JSON.stringify(placeholder).slice(1, -1)),
        created_at: now,
        expires_at: now + expiresIn * 1000,
        consumed_at: null,
        used_at: null,
        successor_hash: null,
        replay_digest: null,
        replay: null,
      } satisfies OAuthRecordRow
      units.getStore()?.saved.push({ model, idHash, payload })
      const { grant_hash, uid_hash, client_id, payload: text, expires_at } = row
      await write(false, async (tx) => {
        await tx
          .insertInto('oauth_records')
          .values(row)
          .onConflict((conflict) =>
            conflict
              .columns(['model', 'id_hash'])
              .doUpdateSet({ grant_hash, uid_hash, client_id, payload: text, expires_at }),
          )
          .execute()
      })
    },

    async consume(id) {
      const idHash = ids.hashOf(id)
      const unit = units.getStore()
      if (unit && model === 'RefreshToken') unit.consumes = idHash
      const consumed_at = unit?.startedAt ?? ctx.clock.now()
      await write(false, async (tx) => {
        const result = await tx
          .updateTable('oauth_records')
          .set({ consumed_at })
          .where('model', '=', model)
          .where('id_hash', '=', idHash)
          .where('consumed_at', 'is', null)
          .executeTakeFirst()
        if (result.numUpdatedRows === 0n) throw new ConsumedError(model, idHash)
      })
    },

    async destroy(id) {
      const idHash = ids.hashOf(id)
      await write(true, async (tx) => {
        // The core ends a grant when its client revokes it, or when a code or refresh token is shown twice.
        if (model === 'Grant')
          await endGrantOfTokens(ctx, tx, idHash, { actor: system, reason: 'its tokens ended' })
        await tx
          .deleteFrom('oauth_records')
          .where('model', '=', model)
          .where('id_hash', '=', idHash)
          .execute()
      })
    },

    async revokeByGrantId(grantId) {
      const hash = ids.hashOf(grantId)
      await write(true, async (tx) => {
        await tx
          .deleteFrom('oauth_records')
          .where('model', '=', model)
          .where('grant_hash', '=', hash)
          .execute()
      })
    },
  }
}

/** The id is what its holder shows; an interaction also carries its browser's session id, which nobody reads from it. */
function withoutCredentials({ jti: _, ...payload }: AdapterPayload): AdapterPayload {
  const session = payload.session as { cookie?: string } | undefined
  if (!session?.cookie) return payload
  const { cookie: __, ...kept } = session
  return { ...payload, session: kept as never }
}

/** Used up a moment ago, with an answer that is kept: it is, until somebody comes with the successor. */
function isRetry(ctx: Needs, { consumed_at, replay }: OAuthRecordRow): boolean {
  return consumed_at !== null && replay !== null && consumed_at + replayMs > ctx.clock.now()
}
