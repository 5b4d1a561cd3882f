import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { newestFirst } from '../db/newest-first.ts'
import type { OAuthClientRow, OAuthClientSecretRow } from '../db/schema.ts'
import { invalid, notFound } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import { isHeld, refuseHeld } from '../http/narrowing.ts'
import type { Principal } from '../http/principal.ts'
import { type ClientFields, createClient } from './create-client.ts'
import { deleteClient } from './delete-client.ts'
import { presentClient } from './present-client.ts'
import { rotateClientSecret } from './rotate-client-secret.ts'
import { updateClient } from './update-client.ts'

/** Partner apps are the workspace's, and are not held back as a narrowed key is: it reaches none of them. */
export function clientRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.createOAuthClient, async ({ principal, actor, body }) => {
    refuseHeld(principal, 'OAuth clients')
    refuseUnknownScopes(body.scope)
    const { row, secret } = await createClient(ctx, {
      workspace: principal.workspace,
      fields: withoutAbsent(body) as ClientFields,
      createdBy: principal.member,
      actor,
    })
    return { data: { ...(await present(row)), client_secret: secret } }
  })

  mount(app, api.listOAuthClients, async ({ principal, query }) => {
    refuseHeld(principal, 'OAuth clients')
    const page = readPage(query)
    const rows = ctx.db
      .selectFrom('oauth_clients')
      .selectAll()
      .where('workspace_id', '=', principal.workspace)
    const found = await newestFirst(rows, page).execute()
    const secrets = await secretsOf(found)
    return toList(found, page, (row) => presentClient(row, secrets.get(row.id) ?? []))
  })

  mount(app, api.getOAuthClient, async ({ principal, params }) => {
    const row = await ctx.db
      .selectFrom('oauth_clients')
      .selectAll()
      .where('workspace_id', '=', principal.workspace)
      .where('id', '=', readId(principal, params.id))
      .executeTakeFirst()
    if (!row) throw notFound('OAuth client')
    return { data: await present(row) }
  })

  mount(app, api.updateOAuthClient, async ({ principal, actor, params, body }) => {
    const id = readId(principal, params.id)
    refuseUnknownScopes(body.scope)
    const changes = withoutAbsent(body)
    return {
      data: await present(await updateClient(ctx, { workspace: principal.workspace, id, changes, actor })),
    }
  })

  mount(app, api.deleteOAuthClient, async ({ principal, actor, params }) => {
    const id = readId(principal, params.id)
    await deleteClient(ctx, { workspace: principal.workspace, id, actor })
    return { data: { id: api.encodeId('cli', id), deleted: true as const } }
  })

  mount(app, api.rotateOAuthClientSecret, async ({ principal, actor, params, body }) => {
    const { row, secret, previousEndsAt } = await rotateClientSecret(ctx, {
      workspace: principal.workspace,
      id: readId(principal, params.id),
      overlapMs: body.overlap_seconds * 1000,
      actor,
    })
    const ends = previousEndsAt === null ? null : new Date(previousEndsAt).toISOString()
    return { data: { ...(await present(row)), client_secret: secret, previous_secret_ends_at: ends } }
  })

  async function present(row: OAuthClientRow) {
    return presentClient(row, (await secretsOf([row])).get(row.id) ?? [])
  }

  /** By client: those that open it now, oldest first. */
  async function secretsOf(rows: OAuthClientRow[]): Promise<Map<string, OAuthClientSecretRow[]>> {
    const [first] = rows
    if (!first) return new Map()
    const now = ctx.clock.now()
    const secrets = await ctx.db
      .selectFrom('oauth_client_secrets')
      .selectAll()
      .where('workspace_id', '=', first.workspace_id)
      .where(
        'client',
        'in',
        rows.map(({ id }) => id),
      )
      .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', now)]))
      .orderBy('created_at')
      .execute()
    return Map.groupBy(secrets, ({ client }) => client)
  }
}

function readId(principal: Principal, text: string): string {
  const id = isHeld(principal) ? null : api.decodeId('cli', text)
  if (!id) throw notFound('OAuth client')
  return id
}

/** Words that mean nothing here are slips: nobody would ever be asked for them. */
function refuseUnknownScopes(scope: string | undefined): void {
  const known: readonly string[] = api.oauthScopes
  const unknown = scope?.split(' ').filter((word) => !known.includes(word)) ?? []
  if (unknown.length > 0) throw invalid('scope', `must be made of ${known.join(', ')}`)
}

const withoutAbsent = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
