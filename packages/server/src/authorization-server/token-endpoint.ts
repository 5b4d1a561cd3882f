import { createHash } from 'node:crypto'
import { Secret } from '@grantry/oauth'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { system } from '../audit/event.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { OAuthRecordRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import type { Place } from '../vault/vault.ts'
import { endGrantOfTokens } from './end-grant.ts'
import { routes } from './paths.ts'
import { ConsumedError, newUnit, type Unit, type Units, type Write } from './unit.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'log' | 'random' | 'vault'>
type Koa = KoaContextWithOIDC & { status: number; body: unknown }

/**
 * Around every request at the token endpoint: what is used up, what is issued in its place and what was answered are
 * written in one transaction before the answer leaves (RFC 9700 §4.14.2). A retry of the same request within 30 s gets
 * the same answer; anything else that shows a used refresh token ends its family.
 */
export function tokenEndpoint(ctx: Needs, units: Units) {
  return async (koa: Koa, next: () => Promise<void>): Promise<void> => {
    if (koa.path !== routes.token) return next()
    const unit = newUnit(ctx.clock.now())
    await units.run(unit, next)
    nameUnauthorized(koa)
    if (koa.status !== 200)
      return void (await write(
        ctx,
        unit.writes.filter(({ takesAway }) => takesAway),
      ))
    if (unit.retryOf) return answerAgain(ctx, koa, unit, unit.retryOf)
    try {
      const replay = await prepareReplay(ctx, koa, unit)
      await write(ctx, replay ? [...unit.writes, replay] : unit.writes)
    } catch (error) {
      if (!(error instanceof ConsumedError)) throw error
      const row = await loadRecord(ctx.db, error.model, error.idHash)
      if (row && error.model === 'RefreshToken') return answerAgain(ctx, koa, unit, row)
      // A code (RFC 6749 §4.1.2) or device code that two came with: what it gave is taken back.
      if (row?.grant_hash) await endFamily(ctx, row.grant_hash, 'a code was used twice')
      refuse(koa)
    }
  }
}

async function answerAgain(ctx: Needs, koa: Koa, unit: Unit, row: OAuthRecordRow): Promise<void> {
  if (row.replay && row.replay_digest === digestOf(koa, unit)) {
    const [access, successor] = await successorsOf(ctx.db, row)
    // Whoever has shown a token of the answer has it; somebody who asks again now is somebody else, or careless.
    if (access?.used_at === null && successor?.consumed_at === null) {
      koa.body = JSON.parse((await ctx.vault.open(replayPlace(row), row.replay)).expose())
      return
    }
    if (successor && successor.consumed_at === null) return refuse(koa)
  }
  if (row.grant_hash) await endFamily(ctx, row.grant_hash, 'a used refresh token was shown again')
  ctx.log.warn({ client: row.client_id }, 'a used refresh token was shown again: its family has ended')
  refuse(koa)
}

/** What a retry must agree in: client, scope, resource, and the key that the tokens are bound to. */
function digestOf(koa: Koa, unit: Unit): string {
  const { client, params } = koa.oidc
  const key = unit.saved.find(({ model }) => model === 'AccessToken')?.payload.jkt ?? null
  const asked = [client?.clientId, params?.scope ?? null, params?.resource ?? null, key]
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex')
}

async function prepareReplay(ctx: Needs, koa: Koa, unit: Unit): Promise<Write | null> {
  const used = unit.consumes
  const successor = unit.saved.find(({ model }) => model === 'RefreshToken')
  if (!used || !successor) return null
  const row = await loadRecord(ctx.db, 'RefreshToken', used)
  if (!row) return null
  const replay = await ctx.vault.seal(replayPlace(row), new Secret(JSON.stringify(koa.body)))
  return {
    takesAway: false,
    async run(tx) {
      await tx
        .updateTable('oauth_records')
        .set({ successor_hash: successor.idHash, replay, replay_digest: digestOf(koa, unit) })
        .where('model', '=', 'RefreshToken')
        .where('id_hash', '=', used)
        .execute()
      // Its own predecessor's answer has arrived, since its refresh token is here.
      await tx
        .updateTable('oauth_records')
        .set({ replay: null, replay_digest: null })
        .where('model', '=', 'RefreshToken')
        .where('grant_hash', '=', row.grant_hash)
        .where('successor_hash', '=', used)
        .execute()
      if (row.grant_hash)
        await tx
          .updateTable('oauth_grants')
          .set({ last_used_at: ctx.clock.now() })
          .where('grant_hash', '=', row.grant_hash)
          .execute()
    },
  }
}

export const replayPlace = (row: Pick<OAuthRecordRow, 'workspace_id' | 'id_hash'>): Place => ({
  workspace: row.workspace_id,
  table: 'oauth_records',
  row: row.id_hash,
  column: 'replay',
  version: 1,
})

/** The access token that was issued with a successor, and the successor. */
async function successorsOf(db: Db, row: OAuthRecordRow): Promise<(OAuthRecordRow | undefined)[]> {
  if (!row.successor_hash || !row.grant_hash) return []
  const successor = await loadRecord(db, 'RefreshToken', row.successor_hash)
  const access = await db
    .selectFrom('oauth_records')
    .selectAll()
    .where('model', '=', 'AccessToken')
    .where('grant_hash', '=', row.grant_hash)
    .where('created_at', '>=', row.consumed_at)
    .orderBy('created_at')
    .executeTakeFirst()
  return [access, successor]
}

const loadRecord = (db: Db, model: string, idHash: string): Promise<OAuthRecordRow | undefined> =>
  db
    .selectFrom('oauth_records')
    .selectAll()
    .where('model', '=', model)
    .where('id_hash', '=', idHash)
    .executeTakeFirst()

async function write(ctx: Needs, writes: Write[]): Promise<void> {
  if (writes.length === 0) return
  await transaction(ctx.db, async (tx) => {
    for (const { run } of writes) await run(tx)
  })
}

/** Every token of a grant, and the grant. */
async function endFamily(ctx: Needs, grantHash: string, reason: string): Promise<void> {
  await transaction(ctx.db, (tx) => endGrantOfTokens(ctx, tx, grantHash, { actor: system, reason }))
}

function refuse(koa: Koa): void {
  koa.status = 400
  koa.body = { error: 'invalid_grant', error_description: 'grant request is invalid' }
}

/** RFC 6749 §5.2 has a code of its own for a client that may not use a grant type; the core says `invalid_request`. */
function nameUnauthorized(koa: Koa): void {
  const body = koa.body as { error?: string; error_description?: string } | undefined
  if (body?.error_description === 'requested grant type is not allowed for this client')
    koa.body = { ...body, error: 'unauthorized_client' }
}
