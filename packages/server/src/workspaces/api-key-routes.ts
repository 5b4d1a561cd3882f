import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { newestFirst } from '../db/newest-first.ts'
import type { ApiKeyRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { invalid, notFound, problem } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import type { Principal } from '../http/principal.ts'
import { insertApiKey, mintApiKey } from './create-api-key.ts'
import { deleteApiKey } from './delete-api-key.ts'
import { readAppReference } from './find-app.ts'
import { type KeyLimits, limitsOf, presentLimits } from './key-limits.ts'
import { inReach } from './keys-in-reach.ts'
import { readLimits, refuseOtherNetworks } from './read-limits.ts'
import { rotateApiKey } from './rotate-api-key.ts'

export function apiKeyRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.createApiKey, async ({ principal, actor, body }) => {
    refuseMoreThanOwn(principal, body.scopes)
    const expiresAt = body.expires_at === undefined ? null : Date.parse(body.expires_at)
    if (expiresAt !== null && expiresAt <= ctx.clock.now())
      throw invalid('expires_at', 'must be in the future')
    if (body.scopes.includes(api.exportScope)) judgeExportKey(principal, expiresAt, ctx.clock.now())
    const narrowed = await readAppReference(ctx, principal, body.app_id)
    const limits = await readLimits(ctx, principal, body)
    const secret = mintApiKey(ctx.random)
    const row = await transaction(ctx.db, (tx) =>
      insertApiKey(ctx, tx, {
        workspace: principal.workspace,
        name: body.name,
        secret,
        scopes: body.scopes,
        app: narrowed,
        limits,
        expiresAt,
        createdBy: principal.member,
        actor,
      }),
    )
    return { data: { ...present({ ...row, previous_ends_at: null }, limits), secret } }
  })

  mount(app, api.listApiKeys, async ({ principal, query }) => {
    const page = readPage(query)
    const rows = ctx.db
      .selectFrom('api_keys')
      .selectAll()
      .select((key) =>
        key
          .selectFrom('api_key_secrets as secret')
          .whereRef('secret.workspace_id', '=', 'api_keys.workspace_id')
          .whereRef('secret.key_id', '=', 'api_keys.id')
          .where('secret.ends_at', '>', ctx.clock.now())
          .select((secret) => secret.fn.max('secret.ends_at').as('ends'))
          .as('previous_ends_at'),
      )
      .where('workspace_id', '=', principal.workspace)
      .where(inReach(principal))
    const found = await newestFirst(rows, page).execute()
    const limits = await limitsOf(ctx.db, found)
    return toList(found, page, (row) => present(row, limits.get(row.id)!))
  })

  mount(app, api.deleteApiKey, async ({ principal, actor, params }) => {
    const { id } = await readKey(principal, params.id)
    await deleteApiKey(ctx, { workspace: principal.workspace, id, actor })
    return { data: { id: api.encodeId('key', id), deleted: true as const } }
  })

  mount(app, api.rotateApiKey, async ({ principal, actor, params, body }) => {
    const found = await readKey(principal, params.id)
    const { id, scopes } = found
    // Whoever rotates a key is told its new secret.
    refuseMoreThanOwn(principal, JSON.parse(scopes) as api.Scope[])
    const limits = (await limitsOf(ctx.db, [found])).get(id)!
    refuseOtherNetworks(principal, limits.networks)
    const overlapMs = body.overlap_seconds * 1000
    const { key, secret, previousEndsAt } = await rotateApiKey(ctx, {
      workspace: principal.workspace,
      id,
      overlapMs,
      actor,
    })
    return {
      data: {
        ...present({ ...key, previous_ends_at: previousEndsAt }, limits),
        secret,
        previous_secret_ends_at: new Date(previousEndsAt).toISOString(),
      },
    }
  })

  /** A narrowed key reaches those that are narrowed to the same, or to less. */
  async function readKey(principal: Principal, text: string): Promise<ApiKeyRow> {
    const id = api.decodeId('key', text)
    if (!id) throw notFound('API key')
    const row = await ctx.db
      .selectFrom('api_keys')
      .selectAll()
      .where('workspace_id', '=', principal.workspace)
      .where('id', '=', id)
      .where(inReach(principal))
      .executeTakeFirst()
    if (!row) throw notFound('API key')
    return row
  }
}

/** Nobody hands on what they do not have. */
function refuseMoreThanOwn(principal: Principal, wanted: api.Scope[]): void {
  const beyond = wanted.filter((scope) => !principal.scopes.has(scope))
  if (beyond.length > 0)
    throw problem(
      'insufficient_scope',
      `Your own key does not have ${beyond.join(', ')}, so it cannot give it to another.`,
    )
}

/** A day, and a little for a clock that is ahead of ours. */
const exportKeyMs = 86_400_000 + 300_000

/** A key that reaches every refresh token is made by a person, for one occasion. */
function judgeExportKey(principal: Principal, expiresAt: number | null, now: number): void {
  if (principal.kind === 'api_key')
    throw problem('insufficient_scope', `An owner who is signed in gives ${api.exportScope}; a key cannot.`)
  if (expiresAt === null || expiresAt > now + exportKeyMs)
    throw invalid('expires_at', `must be within 24 hours for a key with ${api.exportScope}`)
}

function present(row: ApiKeyRow & { previous_ends_at: number | null }, limits: KeyLimits) {
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  return {
    id: api.encodeId('key', row.id),
    name: row.name,
    scopes: JSON.parse(row.scopes) as api.Scope[],
    app_id: row.app_id && api.encodeId('app', row.app_id),
    ...presentLimits(limits),
    created_by: row.created_by && api.encodeId('mem', row.created_by),
    created_at: new Date(row.created_at).toISOString(),
    expires_at: time(row.expires_at),
    last_used_at: time(row.last_used_at),
    previous_secret_ends_at: time(row.previous_ends_at),
  }
}
