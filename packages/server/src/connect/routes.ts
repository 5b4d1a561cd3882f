import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import { presentConnection, reaches, whose } from '../connections/store.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { mount } from '../http/mount.ts'
import type { Principal } from '../http/principal.ts'
import { loadIntegration } from '../integrations/store.ts'
import { createSession } from './create-session.ts'
import { finishSession } from './finish.ts'
import { loadSession, presentSession, type Session } from './store.ts'

export function connectRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.createConnectSession, async ({ principal, actor, body }) => {
    const { session, choices, startToken, connectToken, authorizationUrl } = await createSession(
      ctx,
      principal,
      actor,
      body,
    )
    return {
      data: {
        id: api.encodeId('cs', session.id),
        connect_url: `${ctx.config.publicUrl}/connect/${startToken}`,
        start_token: startToken,
        authorization_url: authorizationUrl,
        connect_token: connectToken,
        expires_at: new Date(session.expires_at).toISOString(),
        provider_name: choices.length === 1 ? choices[0].providerName : null,
      },
    }
  })

  mount(app, api.getConnectSession, async ({ principal, params }) => {
    const session = await read(principal, params.id)
    const chosen = session.chosen
      ? await loadIntegration(ctx, session.workspace_id, session.integration_id)
      : null
    return { data: presentSession(ctx, session, chosen?.providerName ?? null) }
  })

  mount(app, api.finishConnectSession, async ({ principal, actor, params, body }) => {
    const session = await read(principal, params.id)
    const connection = await finishSession(ctx, session, {
      principal,
      actor,
      code: body.code,
      endUser:
        principal.kind === 'end_user' ? whose(principal, body.end_user_id, 'end_user_id') : body.end_user_id,
    })
    return { data: presentConnection(ctx, connection) }
  })

  async function read(principal: Principal, text: string): Promise<Session> {
    const id = api.decodeId('cs', text)
    if (!id || (principal.kind === 'connect_session' && principal.id !== id))
      throw notFound('connect session')
    const session = await loadSession(ctx, principal.workspace, id)
    if (principal.kind !== 'connect_session' && !(await reachesSession(principal, session)))
      throw notFound('connect session')
    return session
  }

  /** A session is in reach where the connection is that it renews or has made; of several to choose among, each that it may make. */
  async function reachesSession(principal: Principal, session: Session): Promise<boolean> {
    const { reconnect_id, connection_id, app_id, end_user_id, integration_id, choices } = session
    const chosen = session.chosen === 1 || choices === null
    const possible = chosen ? [integration_id] : (JSON.parse(choices) as string[])
    const id = reconnect_id ?? connection_id ?? ''
    for (const integration_id of possible) {
      const provider = principal.services && (await providerOf(session.workspace_id, integration_id))
      if (!reaches(principal, { id, app_id, end_user_id, integration_id, provider })) return false
    }
    return true
  }

  const providerOf = async (workspace: string, id: string) =>
    (await loadIntegration(ctx, workspace, id)).provider
}
