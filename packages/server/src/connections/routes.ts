import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { ApiError, invalid, notFound, problem } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { readIntegration } from '../integrations/find.ts'
import { readAppReference } from '../workspaces/find-app.ts'
import { createEndUserToken } from './create-end-user-token.ts'
import { deleteConnection } from './delete.ts'
import { findConnection, listConnections, unnamed } from './find.ts'
import { getToken, type Token } from './get-token.ts'
import { importConnection, readTokens } from './import.ts'
import {
  type Connection,
  loadConnection,
  presentConnection,
  readConnection,
  refuseBeyondChosen,
  refuseOwnWords,
  whose,
} from './store.ts'
import { setProxyPolicy } from './update.ts'

/** A link for renewing a connection. Sessions are above this slice, so whoever mounts it brings the way to make one. */
export type ReconnectLink = (principal: Principal, actor: Actor, connection: string) => Promise<string>

export function connectionRoutes(app: FastifyInstance, ctx: Context, reconnectLink: ReconnectLink): void {
  const show = (row: Connection) => presentConnection(ctx, row)

  mount(app, api.listConnections, async ({ principal, query }) => {
    const page = readPage(query)
    const filter = {
      workspace: principal.workspace,
      integration:
        query.integration && (await readIntegration(ctx, principal, query.integration, 'integration')).id,
      provider: query.provider,
      endUser: whose(principal, query.end_user),
      app: (await readAppReference(ctx, principal, query.app, 'app')) ?? undefined,
      status: query.status,
      reason: query.reason,
      fromBackup: query.from_backup === 'true',
      endingBefore: query.ending_before === undefined ? undefined : Date.parse(query.ending_before),
      search: query.q,
      among: principal.connections,
      services: principal.services,
    }
    return toList(await listConnections(ctx, filter, page), page, show)
  })

  mount(app, api.importConnection, async ({ principal, actor, body }) => {
    refuseBeyondChosen(principal)
    const integration = await readIntegration(ctx, principal, body.integration, 'integration')
    const { tokens, end_user } = body
    refuseOwnWords(principal, end_user)
    const owner = whose(principal, end_user?.id, 'end_user.id')
    const app = (await readAppReference(ctx, principal, body.app_id)) ?? integration.app
    if (integration.app !== null && integration.app !== app)
      throw invalid('app_id', 'is not the app that this integration belongs to')
    const connection = await importConnection(ctx, {
      integration,
      app,
      endUser:
        owner === undefined
          ? null
          : { id: owner, email: end_user?.email ?? null, name: end_user?.display_name ?? null },
      tokens: readTokens(tokens),
      scopes: body.scopes ?? integration.scopes,
      metadata: body.metadata ?? {},
      actor,
    })
    return { data: show(connection) }
  })

  mount(app, api.createEndUserToken, async ({ principal, actor, body }) => {
    const app = await readAppReference(ctx, principal, body.app_id)
    const { token, expiresAt } = await createEndUserToken(ctx, principal, actor, {
      endUser: body.end_user.id,
      scopes: body.scopes,
      app,
      ttlMs: body.ttl * 1000,
    })
    return {
      data: {
        token,
        end_user_id: body.end_user.id,
        scopes: body.scopes,
        expires_at: new Date(expiresAt).toISOString(),
      },
    }
  })

  mount(app, api.getConnection, async ({ principal, params }) => ({
    data: show(await readConnection(ctx, principal, params.id)),
  }))

  mount(app, api.getConnectionToken, async ({ principal, actor, params, query }) => {
    const id = api.decodeId('con', params.id)
    if (!id) throw notFound('connection')
    return { data: await tokenOf(principal, actor, id, query.min_valid) }
  })

  mount(app, api.findToken, async ({ principal, actor, query }) => {
    const { id } = await findConnection(ctx, {
      workspace: principal.workspace,
      provider: query.provider,
      integration:
        query.integration && (await readIntegration(ctx, principal, query.integration, 'integration')).id,
      endUser: whose(principal, query.end_user) ?? unnamed(principal),
      app: (await readAppReference(ctx, principal, query.app, 'app')) ?? unnamed(principal),
      among: principal.connections,
      services: principal.services,
    })
    return { data: await tokenOf(principal, actor, id, query.min_valid) }
  })

  mount(app, api.refreshConnection, async ({ principal, params }) => {
    const connection = await readConnection(ctx, principal, params.id)
    if (connection.status !== 'active')
      throw problem(
        'conflict',
        `Only an active connection can be refreshed; this one is ${connection.status}.`,
      )
    const result = await ctx.refresh(connection)
    const now = await loadConnection(ctx, connection.workspace_id, connection.id)
    if (!result.ok && now.status === 'active' && notAnswered.includes(result.error)) {
      const retryAfter = Math.max(1, Math.ceil((result.retryAfterMs ?? 1000) / 1000))
      throw problem(
        'provider_unavailable',
        `There is no new token yet (${result.error}); try again in ${retryAfter} s.`,
        { retryAfter, members: { provider_error: result.error, provider_error_description: null } },
      )
    }
    if (!result.ok && now.status === 'active')
      throw problem(
        'provider_failed',
        `The provider gave no new token: ${result.error}${result.detail ? `: ${result.detail}` : ''}.`,
        {
          members: { provider_error: result.error, provider_error_description: result.detail },
        },
      )
    return { data: show(now) }
  })

  mount(app, api.updateConnection, async ({ principal, actor, params, body }) => {
    const connection = await readConnection(ctx, principal, params.id)
    const updated = await setProxyPolicy(ctx, { principal, actor }, connection, body.proxy_policy)
    return { data: show(updated) }
  })

  mount(app, api.deleteConnection, async ({ principal, actor, params, query }) => {
    const connection = await readConnection(ctx, principal, params.id)
    const isNarrow = principal.app !== null || principal.endUser !== null || principal.connections !== null
    if (query.force === 'true' && isNarrow)
      throw problem(
        'insufficient_scope',
        'force can end connections that this credential does not reach; it needs an API key that is not narrowed to an app.',
      )
    const revoked_upstream = await deleteConnection(ctx, { connection, actor, force: query.force === 'true' })
    return { data: { id: api.encodeId('con', connection.id), status: 'revoked' as const, revoked_upstream } }
  })

  /** Where a person has to consent again, whoever may start that is given the link for it. */
  async function tokenOf(principal: Principal, actor: Actor, id: string, minValid: number | undefined) {
    try {
      return present(await getToken(ctx, { principal, actor, id, minValidMs: milliseconds(minValid) }))
    } catch (error) {
      const ended = error instanceof ApiError && error.code === 'connection_needs_reauth'
      if (!ended || !principal.scopes.has('connections:write')) throw error
      const connect_url = await reconnectLink(principal, actor, api.encodeId('con', id)).catch(() => null)
      if (connect_url === null) throw error
      throw problem(error.code, error.message, { cause: error, members: { ...error.members, connect_url } })
    }
  }

  function present(token: Token) {
    const { expiresAt } = token
    return {
      connection_id: api.encodeId('con', token.connection.id),
      provider: token.connection.provider,
      access_token: token.accessToken.expose(),
      token_type: token.tokenType,
      expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
      expires_in: expiresAt === null ? null : Math.max(0, Math.floor((expiresAt - ctx.clock.now()) / 1000)),
      scopes: token.scopes,
      api_base_url: token.apiBaseUrl,
    }
  }
}

/** Refreshes that ended without a word of the provider's that says why. */
const notAnswered = ['refresh_in_progress', 'breaker_open', 'over_budget', 'storage_unavailable']

const milliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000)
